// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>

#include "flash/base/digest.h"
#include "tests/support/dell_packages.h"
#include "tests/support/fixtures.h"
#include "tests/support/me_images.h"
#include "tests/support/uefi_images.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

using namespace romwright::test;
using nlohmann::json;
using testing::ElementsAre;

Content content(std::string_view text) { return Content(bytes_of(text)); }

class Find : public ExtractorTest {
 protected:
  std::vector<std::string> found(const ExtractedFiles& given, const json& parameters) {
    std::vector<std::string> paths;
    for (const ExtractedFile& file : extract("find", given, parameters)) paths.push_back(file.path);
    return paths;
  }
  std::string refusal(const ExtractedFiles& given, const json& parameters) {
    try {
      (void)extract("find", given, parameters);
      return "no error";
    } catch (const VendorError& error) {
      return error.line();
    }
  }

  const ExtractedFiles files = {{"sp1.exe/readme.txt", content("r")},
                                {"sp1.exe/ROM.CAB/Rom.bin", content("rom")},
                                {"sp1.exe/ROM.CAB/Ver.txt", content("v")},
                                {"sp1.exe/Rompaq/68SRF.BIN", content("68")},
                                {"sp1.exe/Rompaq/deep/68XX.BIN", content("x")}};
};

TEST_F(Find, ByTheFirstPatternThatMatches) {
  EXPECT_THAT(found(files, {{"name", {"Rompaq/68*.BIN", "ROM.CAB/Rom.bin"}}}),
              ElementsAre("sp1.exe/Rompaq/68SRF.BIN"));
  EXPECT_THAT(found(files, {{"name", {"none", "rom.cab/rom.bin"}}}),
              ElementsAre("sp1.exe/ROM.CAB/Rom.bin"));
  EXPECT_THAT(found(files, {{"name", {"*.txt"}}}),
              ElementsAre("sp1.exe/readme.txt", "sp1.exe/ROM.CAB/Ver.txt"));
  EXPECT_THAT(found(files, {{"name", {"sp?.exe/readme.txt"}}}), ElementsAre("sp1.exe/readme.txt"));
  EXPECT_EQ(refusal(files, {{"name", {"a/sp1.exe/readme.txt", "eadme.txt"}}}),
            "find: no file is named a/sp1.exe/readme.txt or eadme.txt (there is "
            "sp1.exe/readme.txt, sp1.exe/ROM.CAB/Rom.bin, sp1.exe/ROM.CAB/Ver.txt, "
            "sp1.exe/Rompaq/68SRF.BIN, sp1.exe/Rompaq/deep/68XX.BIN)");
}

TEST_F(Find, ByItsHash) {
  const std::string hash = hex_digest(Hash::sha512, bytes_of("rom"));
  EXPECT_THAT(found(files, {{"sha512", hash}}), ElementsAre("sp1.exe/ROM.CAB/Rom.bin"));
  EXPECT_EQ(refusal({}, {{"sha512", hash}}),
            "find: no file has SHA-512 " + hash.substr(0, 16) + "... (there is nothing)");
}

TEST_F(Find, ByAUefiGuid) {
  const std::string guid = "AAAAAAAA-0000-0000-0000-000000000001";
  ExtractedFiles with = files;
  with.push_back({"x.rom", Content(volume(0x400, {firmware_file(guid, 0x01, bytes_of("body"))}))});
  const ExtractedFiles result =
      extract("find", with, {{"guid", "aaaaaaaa-0000-0000-0000-000000000001"}});
  with.clear();
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].path, "x.rom/" + guid);
  EXPECT_EQ(copy(result[0].content), bytes_of("body"));
  EXPECT_EQ(refusal({}, {{"guid", guid}}), "find: no UEFI file " + guid + " (there is nothing)");
}

TEST_F(Find, TheManagementEngine) {
  Buffer region(0x3000, 0xff);
  put_me_manifest(Bytes(region).subspan(0x1000), "$MN2", {8, 1, 0, 1});
  put_me_table(region, 0x10, {{"FTPR", 0x1000, 0x1000, 0x80}}, 0);
  Buffer update(0x2000);
  put_me_manifest(update, "$MN2", {7, 1, 0, 1});
  store_le(update, 0x10, std::uint32_t{0x8086});
  ExtractedFiles with = files;
  with.push_back({"update.bin", Content(update)});
  EXPECT_THAT(found(with, {{"intel-me", "any"}}), ElementsAre("update.bin"));
  EXPECT_EQ(refusal(with, {{"intel-me", "region"}}).substr(0, 40),
            "find: no Management Engine region image ");
  const ExtractedFiles tool = {{"tool.exe", Content(joined({Buffer(0x123), region}))}};
  EXPECT_THAT(found(tool, {{"intel-me", "any"}}), ElementsAre("tool.exe/me@0x123"));
  with.push_back({"me.bin", Content(region)});
  with.push_back({"tool.exe", Content(joined({Buffer(0x123), region}))});
  EXPECT_THAT(found(with, {{"intel-me", "any"}}), ElementsAre("me.bin"));
  EXPECT_THAT(found(with, {{"intel-me", "region"}}), ElementsAre("me.bin"));
  EXPECT_THAT(found(with, {{"intel-me", "update"}}), ElementsAre("update.bin"));
  EXPECT_EQ(copy(extract("find", with, {{"intel-me", "any"}})[0].content), region);
}

TEST_F(Find, TheManagementEngineInADellPackageAndEachOnlyOnce) {
  Buffer region(0x3000, 0xff);
  put_me_manifest(Bytes(region).subspan(0x1000), "$MN2", {8, 1, 0, 1});
  put_me_table(region, 0x10, {{"FTPR", 0x1000, 0x1000, 0x80}}, 0);
  const Buffer package = pfs_section(0xaa, pfs_volume({{pfs_guid(std::uint8_t{1}), region, {}}}));
  const ExtractedFiles with = {{"E1.exe", Content(package)}, {"me.bin", Content(region)}};
  EXPECT_THAT(found(with, {{"intel-me", "any"}}),
              ElementsAre("E1.exe/Firmware/1 E1 -- 1  vA.5.bin"));
}

}  // namespace
}  // namespace romwright::vendor::test
