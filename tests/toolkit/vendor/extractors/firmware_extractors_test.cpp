// SPDX-License-Identifier: GPL-2.0-or-later
// uefi, sch5545, fsp_split and kbc1126 on images of the project's own making.
#include <gmock/gmock.h>

#include "tests/support/fixtures.h"
#include "tests/support/kbc1126_images.h"
#include "tests/support/uefi_images.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

using namespace romwright::test;
using nlohmann::json;

constexpr std::string_view volume_guid = "7A9354D9-0468-444A-81CE-0BF617D890DF";
constexpr std::string_view file_guid = "D386BEB8-4B54-4E69-94F5-06091F67E0D3";

class FirmwareExtractors : public ExtractorTest {
 protected:
  std::string refusal(const char* extractor, const ExtractedFiles& files,
                      const json& parameters = json::object()) {
    try {
      (void)extract(extractor, files, parameters);
      return "no error";
    } catch (const Error& error) {
      return error.line();
    }
  }

  const ExtractedFiles image_ = {
      {"bios.bin",
       Content(
           joined({Buffer(0x100, 0xff),
                   volume(0x400,
                          {firmware_file(file_guid, 0x02,
                                         joined({section(0x19, bytes_of("ec firmware"))}), {0, 1})},
                          {volume_guid, "", 0xff, 1})}))}};
  const ExtractedFiles other_ = {{"other.bin", Content(Buffer(0x1000, 0xff))}};
};

TEST_F(FirmwareExtractors, UefiFollowsAPath) {
  const json path = json::array({{{"guid", volume_guid}, {"index", 1}},
                                 {{"guid", file_guid}, {"index", 0}},
                                 {{"section", "raw"}, {"index", 0}}});
  for (const char* extractor : {"uefi", "sch5545"}) {
    const ExtractedFiles found = extract(extractor, image_, {{"path", path}});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(copy(found[0].content), bytes_of("ec firmware"));
    EXPECT_EQ(found[0].path, "bios.bin/" + std::string(volume_guid) + "[1]/" +
                                 std::string(file_guid) + "[0]/raw[0]");
  }
}

TEST_F(FirmwareExtractors, Sch5545KnowsTheUsualPlace) {
  EXPECT_EQ(copy(extract("sch5545", image_)[0].content), bytes_of("ec firmware"));
}

TEST_F(FirmwareExtractors, UefiSaysWhatIsNotThere) {
  const json path = json::array({{{"guid", file_guid}}, {{"section", "pe32"}}});
  EXPECT_EQ(refusal("uefi", image_, {{"path", path}}),
            "uefi: no UEFI image has " + std::string(file_guid) + "/pe32");
  Buffer damaged = copy(image_[0].content);
  damaged[0x100 + 0x48 + 24 + 2] = 0xff;  // the size of the section
  EXPECT_EQ(refusal("uefi", {{"bios.bin", Content(damaged)}}, {{"path", path}}),
            "uefi: no UEFI image has " + std::string(file_guid) + "/pe32 (bios.bin: " +
                std::string(file_guid) + ": a section of 0xff000f bytes, where 0xf are left)");
  EXPECT_EQ(refusal("sch5545", other_), "sch5545: no UEFI firmware volume in other.bin");
}

TEST_F(FirmwareExtractors, Kbc1126GivesBothParts) {
  ExtractedFiles files = other_;
  files.push_back({"x/Rom.bin", Content(kbc1126_image(0x10000, {0x8000, pattern(100, 1)},
                                                      {0x4000, pattern(200, 2)}))});
  const ExtractedFiles found = extract("kbc1126", files);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].path, "x/Rom.bin.fw1");
  EXPECT_EQ(found[1].path, "x/Rom.bin.fw2");
  EXPECT_EQ(found[0].content.size(), 104U);
  EXPECT_EQ(found[1].content.size(), 204U);
  EXPECT_EQ(refusal("kbc1126", other_),
            "other.bin: EC firmware table at 0xf00: no pointer but ffffffff (the image has no "
            "firmware for a KBC1126)");
  EXPECT_EQ(refusal("kbc1126", {}), "kbc1126: there is no file");
}

TEST_F(FirmwareExtractors, FspSplitSaysWhatIsNone) {
  EXPECT_EQ(refusal("fsp_split", other_),
            "other.bin: is no FSP: no firmware volume begins with an FSP header");
}

}  // namespace
}  // namespace romwright::vendor::test
