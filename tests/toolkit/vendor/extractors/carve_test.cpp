// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

class Carve : public ExtractorTest {
 protected:
  const ExtractedFiles files = {{"a.bin", Content(Buffer{1, 2, 3, 4})}};
};

TEST_F(Carve, TakesAPart) {
  const ExtractedFiles parts = extract("carve", files, {{"offset", 1}, {"size", 2}});
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].path, "a.bin");
  EXPECT_EQ(copy(parts[0].content), (Buffer{2, 3}));
  EXPECT_EQ(copy(extract("carve", files, {{"offset", 1}})[0].content), (Buffer{2, 3, 4}));
}

TEST_F(Carve, RefusesWhatIsNotThere) {
  EXPECT_THROW(extract("carve", files, {{"offset", 3}, {"size", 2}}), ImageError);
  EXPECT_THROW(extract("carve", files, {{"offset", UINT64_MAX}, {"size", 2}}), ImageError);
}

}  // namespace
}  // namespace romwright::vendor::test
