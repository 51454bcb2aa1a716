// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/chromeos/shell_archive.h"

#include <gmock/gmock.h>

#include "tests/support/fixtures.h"
#include "tests/support/shell_archives.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

using romwright::test::make_tarball;
using romwright::test::script_text;
using romwright::test::script_with;
using romwright::test::TarMember;
using romwright::test::uuencoded;
using romwright::test::zip_behind;
using testing::HasSubstr;

class ShellArchive : public ExtractorTest {
 protected:
  ExtractedFiles read(const Buffer& script) {
    UnpackBudget budget(workshop.limits);
    return read_shell_archive({"updater", Content(script)}, budget, workshop);
  }
  void expect_members(const Buffer& script) {
    const ExtractedFiles files = read(script);
    ASSERT_EQ(files.size(), 2U);
    EXPECT_EQ(files[0].path, "updater/bios.bin");
    EXPECT_EQ(copy(files[0].content), rom);
    EXPECT_EQ(files[1].path, "updater/models/x/ec.bin");
  }
  std::string refusal(const Buffer& script) {
    try {
      (void)read(script);
      return "no error";
    } catch (const ImageError& error) {
      return error.what();
    }
  }

  const Buffer rom = romwright::test::pattern(5000, 3);
  const std::vector<TarMember> members = {{"./bios.bin", rom}, {"models/x/ec.bin", {1, 2}}};
};

TEST_F(ShellArchive, ZipCountedFromEitherStart) {
  for (const bool counted : {false, true})
    expect_members(script_with(zip_behind(script_text.size(), members, counted)));
}

TEST_F(ShellArchive, EncodedTar) {
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_BZIP2})
    expect_members(script_with(uuencoded(make_tarball(members, filter), "firmware.tgz")));
}

TEST_F(ShellArchive, TarOnALineOfItsOwn) {
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD})
    expect_members(script_with(make_tarball(members, filter)));
}

TEST_F(ShellArchive, LinesThatOnlyLookLikeOne) {
  Buffer script = romwright::test::text_bytes(
      "#!/bin/sh\nbegin\nbegin 64\nbegin 644\nbegin 644 \nbegin-base64 999 x\n# PK\x05\x06\n"
      "sed -n '/^begin 644/,/^end/p'\n\x1f\x8b\x08\n");
  const Buffer encoded = uuencoded(make_tarball(members, ARCHIVE_FILTER_GZIP), "x.tgz");
  script.insert(script.end(), encoded.begin(), encoded.end());
  expect_members(script);
}

TEST_F(ShellArchive, NothingInIt) {
  EXPECT_EQ(refusal(romwright::test::text_bytes(script_text)),
            "updater: a script with no archive in it");
  EXPECT_EQ(refusal({}), "updater: a script with no archive in it");
}

TEST_F(ShellArchive, Damaged) {
  Buffer script = script_with(uuencoded(make_tarball(members, ARCHIVE_FILTER_GZIP), "x.tgz"));
  script.resize(script.size() / 2);
  EXPECT_THAT(refusal(script), HasSubstr("updater"));
  script = script_with(zip_behind(0, members, false));
  script.resize(script.size() - 30);
  EXPECT_THAT(refusal(script), HasSubstr("updater"));
}

TEST_F(ShellArchive, BombsAreRefused) {
  const Buffer bomb = make_tarball({{"bios.bin", Buffer(100U << 20)}}, ARCHIVE_FILTER_XZ);
  EXPECT_LT(bomb.size(), 30'000U);
  for (const Buffer& payload : {bomb, uuencoded(bomb, "x")}) {
    UnpackBudget budget(workshop.limits);
    EXPECT_THROW(
        (void)read_shell_archive({"updater", Content(script_with(payload))}, budget, workshop),
        LimitError);
  }
}

TEST_F(ShellArchive, NoPathLeavesIt) {
  const Buffer script = script_with(make_tarball(
      {{"../up", rom}, {"/etc/x", rom}, {"link", {}, AE_IFLNK, "/etc/passwd"}, {"ok", rom}},
      ARCHIVE_FILTER_GZIP));
  const ExtractedFiles files = read(script);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].path, "updater/ok");
}

}  // namespace
}  // namespace romwright::vendor::test
