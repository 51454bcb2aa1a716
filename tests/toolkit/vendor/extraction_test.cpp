// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/extraction.h"

#include "flash/base/digest.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

class Extraction : public ExtractorTest {
 protected:
  Extraction() {
    recipe.name = "me-test";
    recipe.extract = {{"carve", {{"offset", 1}, {"size", 2}}, {"me-test.yaml", 7, 3}}};
    recipe.results = {{"me.bin", hex_digest(Hash::sha512, Buffer{2, 3}), 2}};
  }
  manifests::Recipe recipe;
  const ExtractedFile package{"p.bin", Content(Buffer{1, 2, 3, 4})};
};

TEST_F(Extraction, ReturnsWhatIsPinned) {
  const auto results = extract_results(recipe, package, workshop);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].result.name, "me.bin");
  EXPECT_EQ(copy(results[0].content), (Buffer{2, 3}));
}

TEST_F(Extraction, NeverReturnsWhatDiffers) {
  recipe.results[0].sha512 = std::string(128, '0');
  try {
    extract_results(recipe, package, workshop);
    ADD_FAILURE() << "returned";
  } catch (const VendorError& error) {
    EXPECT_STREQ(error.what(),
                 "me-test: me.bin: did not come out of p.bin as it is pinned, with SHA-512 "
                 "0000000000000000...");
    EXPECT_EQ(error.others(), std::vector<std::string>{"p.bin: what came out: 2 bytes, SHA-512 " +
                                                       hex_digest(Hash::sha512, Buffer{2, 3})});
  }
  recipe.results[0] = {"me.bin", hex_digest(Hash::sha512, Buffer{2, 3}), 3};
  EXPECT_THROW(extract_results(recipe, package, workshop), VendorError);
}

TEST_F(Extraction, ErrorsSayWhichStep) {
  recipe.extract[0].parameters["offset"] = 9;
  try {
    extract_results(recipe, package, workshop);
    ADD_FAILURE() << "returned";
  } catch (const ImageError& error) {
    EXPECT_TRUE(std::string_view(error.what()).starts_with("me-test.yaml:7: carve: p.bin: "));
  }
}

}  // namespace
}  // namespace romwright::vendor::test
