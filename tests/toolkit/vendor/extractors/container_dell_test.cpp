// SPDX-License-Identifier: GPL-2.0-or-later
// The fixtures' Dell packages: what comes out has the names and hashes of expected.json.
#include <gmock/gmock.h>

#include "tests/toolkit/vendor/containers.h"

namespace romwright::vendor::test {
namespace {

using nlohmann::json;

class DellContainers : public ContainerTest {
 protected:
  /// Extracts each section, and looks for all that it contains.
  void compare_pfs(const std::string& name) {
    std::size_t count = 0;
    for (const char* section : {"firmware", "utilities"}) {
      const std::string folder = section[0] == 'f' ? "Firmware/" : "Utilities/";
      if (!has(name, folder)) continue;
      const ExtractedFiles found = extract("dell_pfs", package(name), {{"section", section}});
      count += found.size();
      for (const json& one : container(name).at("contains")) {
        const std::string path = one.at("path");
        if (!path.starts_with(folder)) continue;
        const ExtractedFile* file = ending_in(found, path);
        ASSERT_NE(file, nullptr) << path;
        EXPECT_EQ(file->content.size(), one.at("size")) << path;
        EXPECT_EQ(hash(*file), one.at("sha512")) << path;
      }
    }
    EXPECT_EQ(count, container(name).at("contains").size());
  }
  [[nodiscard]] bool has(const std::string& name, const std::string& folder) const {
    return std::ranges::any_of(container(name).at("contains"), [&](const json& one) {
      return one.at("path").get<std::string>().starts_with(folder);
    });
  }
};

TEST_F(DellContainers, PfsComponentsComeOut) { compare_pfs("dell-pfs"); }

TEST_F(DellContainers, BiosGuardBlocksAreJoined) { compare_pfs("dell-pfs-pfat"); }

TEST_F(DellContainers, Sch5545ComesOutOfTheBios) {
  const ExtractedFiles bios = extract("dell_pfs", package("dell-pfs"),
                                      {{"section", "firmware"}, {"component", "System BIOS*"}});
  ASSERT_EQ(bios.size(), 1U);
  const json& uefi = container("dell-pfs").at("contains")[0].at("uefi");
  const json path = json::array({{{"guid", uefi.at("volume_guid")}, {"index", 4}},
                                 {{"guid", uefi.at("file_guid")}, {"index", 7}},
                                 {{"section", "raw"}, {"index", 0}}});
  for (const json& parameters : {json::object(), json{{"path", path}}}) {
    const ExtractedFiles found = extract("sch5545", bios, parameters);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].content.size(), uefi.at("body_size"));
    EXPECT_EQ(hash(found[0]), uefi.at("body_sha512"));
  }
}

TEST_F(DellContainers, TheManagementEngineIsFoundAmongTheComponents) {
  const ExtractedFiles found =
      extract("find", extract("dell_pfs", package("dell-pfs")), {{"intel-me", "any"}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(hash(found[0]), container("dell-pfs").at("contains")[1].at("sha512"));
}

TEST_F(DellContainers, OlderBiosModulesComeOut) {
  const json& expected = container("dell-gzip-phoenix");
  for (const json& parameters :
       {json::object(), json{{"offset", expected.at("E6400_VGA_offset")}}}) {
    const ExtractedFiles found = extract("e6400_vga", package("dell-gzip-phoenix"), parameters);
    EXPECT_EQ(found.size(), expected.at("contains").size() - 1) << "all but the image itself";
    for (const json& one : expected.at("contains")) {
      const std::string path = one.at("path");
      if (path == "bios.bin") continue;
      const ExtractedFile* file = ending_in(found, path);
      ASSERT_NE(file, nullptr) << path;
      EXPECT_EQ(file->content.size(), one.at("size")) << path;
      EXPECT_EQ(hash(*file), one.at("sha512")) << path;
    }
  }
  const ExtractedFiles rom = extract(
      "e6400_vga", package("dell-gzip-phoenix"),
      {{"offset", expected.at("E6400_VGA_offset")}, {"module", expected.at("E6400_VGA_romname")}});
  ASSERT_EQ(rom.size(), 1U);
  EXPECT_EQ(rom[0].path, "E6400A91.exe/mod_21.bin");
}

}  // namespace
}  // namespace romwright::vendor::test
