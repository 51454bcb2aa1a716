// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

class Pad : public ExtractorTest {
 protected:
  std::string refusal(const char* extractor, const nlohmann::json& parameters) {
    try {
      (void)extract(extractor, files, parameters);
      return "no error";
    } catch (const Error& error) {
      return error.line();
    }
  }
  const ExtractedFiles files = {{"a.bin", Content(Buffer{1, 2, 3, 4})}};
};

TEST_F(Pad, FillsUp) {
  const ExtractedFiles padded = extract("pad", files, {{"size", 6}});
  ASSERT_EQ(padded.size(), 1U);
  EXPECT_EQ(padded[0].path, "a.bin");
  EXPECT_EQ(copy(padded[0].content), (Buffer{1, 2, 3, 4, 0xff, 0xff}));
  EXPECT_EQ(copy(extract("pad", files, {{"size", 6}, {"byte", 7}})[0].content),
            (Buffer{1, 2, 3, 4, 7, 7}));
  EXPECT_EQ(copy(extract("pad", files, {{"size", 4}})[0].content), (Buffer{1, 2, 3, 4}));
}

TEST_F(Pad, FillsThunderboltFirmwareWithZeros) {
  EXPECT_EQ(copy(extract("thunderbolt", files, {{"size", 6}})[0].content),
            (Buffer{1, 2, 3, 4, 0, 0}));
}

TEST_F(Pad, RefusesWhatIsTooLarge) {
  EXPECT_EQ(refusal("pad", {{"size", 3}}), "a.bin: its 4 bytes are more than 3 bytes");
  EXPECT_EQ(refusal("thunderbolt", {{"size", 3}}), "a.bin: its 4 bytes are more than 3 bytes");
  EXPECT_EQ(refusal("pad", {{"size", UINT64_MAX}}).substr(0, 10), "1 files of");
}

TEST_F(Pad, PatchChangesBytes) {
  EXPECT_EQ(copy(extract("patch", files, {{"offset", 1}, {"bytes", "aB0c"}})[0].content),
            (Buffer{1, 0xab, 0x0c, 4}));
  EXPECT_EQ(copy(files[0].content), (Buffer{1, 2, 3, 4}));
  EXPECT_EQ(refusal("patch", {{"offset", 3}, {"bytes", "0102"}}),
            "a.bin: 0x3+0x2 lies outside 0x4 bytes");
}

}  // namespace
}  // namespace romwright::vendor::test
