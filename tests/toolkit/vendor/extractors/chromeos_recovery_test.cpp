// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/disk_images.h"
#include "tests/support/shell_archives.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

using nlohmann::json;
using romwright::test::Ext2Volume;
using romwright::test::gpt_disk;
using romwright::test::make_tarball;
using romwright::test::script_with;
using romwright::test::uuencoded;

class ChromeosRecovery : public ExtractorTest {
 protected:
  static Buffer root(const Buffer& updater) {
    Ext2Volume volume(1U << 20, 1024, false);
    volume.file(volume.folder(volume.folder(EXT2_ROOT_INO, "usr"), "sbin"),
                "chromeos-firmwareupdate", updater);
    return volume.finish();
  }
  [[nodiscard]] ExtractedFiles disk(const std::string& name = "ROOT-A") const {
    return {{"readme.txt", Content(Buffer(9))},
            {"r.zip/r.bin", Content(gpt_disk({{"STATE", Buffer(512)}, {name, root(updater)}}))}};
  }
  std::string refusal(const ExtractedFiles& files, const json& parameters = json::object()) {
    try {
      (void)extract("chromeos_recovery", files, parameters);
      return "no error";
    } catch (const Error& error) {
      return error.line();
    }
  }

  const Buffer rom = romwright::test::pattern(5000, 3);
  const Buffer updater = script_with(
      uuencoded(make_tarball({{"bios.bin", rom}, {"images/bios-eve.1.bin", {1}}, {"ec.bin", {2}}},
                             ARCHIVE_FILTER_GZIP),
                "x.tgz"));
};

TEST_F(ChromeosRecovery, FromTheDiskToTheImage) {
  const ExtractedFiles found = extract("chromeos_recovery", disk());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "r.zip/r.bin/ROOT-A/usr/sbin/chromeos-firmwareupdate/bios.bin");
  EXPECT_EQ(copy(found[0].content), rom);
}

TEST_F(ChromeosRecovery, TheUpdaterAlone) {
  const ExtractedFiles found =
      extract("chromeos_recovery", {{"updater", Content(updater)}}, {{"image", "bios-eve.*.bin"}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "updater/images/bios-eve.1.bin");
}

TEST_F(ChromeosRecovery, OtherPlaces) {
  const json parameters = {{"partition", "ROOT-B"},
                           {"updater", "usr/sbin/./chromeos-firmwareupdate"},
                           {"image", "*.bin"}};
  EXPECT_EQ(extract("chromeos_recovery", disk("ROOT-B"), parameters).size(), 3U);
}

TEST_F(ChromeosRecovery, WhatIsMissing) {
  EXPECT_EQ(refusal({{"a", Content(Buffer(9))}, {"b", Content(Buffer(4096))}}),
            "chromeos_recovery: no recovery image and no updater in a, b");
  EXPECT_EQ(refusal(disk("ROOT-B")),
            "r.zip/r.bin: GPT: no partition ROOT-A (there are STATE, ROOT-B)");
  EXPECT_EQ(refusal(disk(), {{"partition", "STATE"}}),
            "r.zip/r.bin: STATE: ext2: superblock: 0x400+0x400 lies outside 0x200 bytes");
  EXPECT_EQ(refusal(disk(), {{"updater", "/bin/update"}}),
            "r.zip/r.bin: ROOT-A: ext2: no file /bin/update");
  EXPECT_EQ(refusal(disk(), {{"image", "bios-x.bin"}}),
            "r.zip/r.bin: no bios-x.bin in the updater (there are bios.bin, "
            "images/bios-eve.1.bin, ec.bin)");
  EXPECT_EQ(refusal(disk(), {{"updater", "/usr/../../x"}}),
            "chromeos_recovery: updater: \"/usr/../../x\" is no path");
}

}  // namespace
}  // namespace romwright::vendor::test
