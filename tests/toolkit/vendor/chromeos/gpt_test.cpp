// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/chromeos/gpt.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/disk_images.h"

namespace romwright::vendor {
namespace {

using romwright::test::gpt_disk;
using romwright::test::pattern;
using romwright::test::seal_gpt;

class Gpt : public testing::Test {
 protected:
  std::vector<std::string> refusal() const {
    try {
      (void)read_gpt(disk);
      return {"no error"};
    } catch (const ImageError& error) {
      std::vector<std::string> lines = {error.line()};
      lines.insert(lines.end(), error.others().begin(), error.others().end());
      return lines;
    }
  }
  Bytes header() { return Bytes(disk).subspan(512, 92); }
  Bytes backup() { return Bytes(disk).last(512); }
  /// Only the first header is looked at.
  void break_backup() { backup()[0] = 'X'; }

  Buffer disk = gpt_disk({{"STATE", Buffer(600)}, {"ROOT-A", pattern(1024, 3)}});
};

TEST_F(Gpt, PartitionsInOrder) {
  const std::vector<GptPartition> partitions = read_gpt(disk);
  ASSERT_EQ(partitions.size(), 2U);
  EXPECT_EQ(partitions[0].name, "STATE");
  EXPECT_EQ(partitions[0].range, (Range{34 * 512, 1024}));
  EXPECT_EQ(partitions[1].name, "ROOT-A");
  EXPECT_EQ(partitions[1].range, (Range{36 * 512, 1024}));
}

TEST_F(Gpt, NamesOfOtherLettersAndOfFullLength) {
  disk = gpt_disk({{std::string(36, 'n'), Buffer(1)}, {"\xe4", Buffer(1)}});
  const std::vector<GptPartition> partitions = read_gpt(disk);
  EXPECT_EQ(partitions.at(0).name, std::string(36, 'n'));
  EXPECT_EQ(partitions.at(1).name, "?");
}

TEST_F(Gpt, TheBackupServesWhereTheFirstIsDamaged) {
  for (const std::size_t at : {512U, 512U + 60U, 1024U + 56U}) {
    Buffer damaged = disk;
    damaged[at] ^= 1U;
    EXPECT_TRUE(has_gpt(damaged));
    EXPECT_EQ(read_gpt(damaged).at(1).name, "ROOT-A") << at;
  }
}

TEST_F(Gpt, BothDamaged) {
  header()[60] ^= 1U;
  backup()[0] = 'X';
  EXPECT_EQ(refusal(), (std::vector<std::string>{"GPT: header: wrong checksum",
                                                 "GPT: backup: header: no signature"}));
}

TEST_F(Gpt, HeadersThatDoNotHold) {
  const auto refused = [&](std::size_t at, auto value, const std::string& line) {
    const Buffer sound = disk;
    break_backup();
    store_le(header(), at, value);
    seal_gpt(disk, 1);
    EXPECT_EQ(refusal().front(), line);
    disk = sound;
  };
  refused(12, 91U, "GPT: header: says that it has 91 bytes");
  refused(12, 513U, "GPT: header: says that it has 513 bytes");
  refused(24, std::uint64_t{2}, "GPT: header: made for another sector");
  refused(84, 64U, "GPT: header: 128 entries of 64 bytes");
  refused(84, 130U, "GPT: header: 128 entries of 130 bytes");
  refused(80, 0xffffffffU, "GPT: header: 4294967295 entries of 128 bytes");
  refused(80, 8192U, "GPT: table: 0x400+0x100000 lies outside 0x8e00 bytes");
  refused(72, UINT64_MAX, "GPT: table: lies outside the image");
  refused(72, std::uint64_t{69}, "GPT: table: 0x8a00+0x4000 lies outside 0x8e00 bytes");
}

TEST_F(Gpt, PartitionsThatLeaveTheImage) {
  break_backup();
  const Bytes entry = Bytes(disk).subspan(1024 + 128, 128);
  store_le<std::uint64_t>(entry, 40, 71);
  seal_gpt(disk, 1);
  EXPECT_EQ(refusal().front(), "GPT: partition ROOT-A: sectors 36 to 71, and the image has 71");
  store_le<std::uint64_t>(entry, 40, 35);
  seal_gpt(disk, 1);
  EXPECT_EQ(refusal().front(), "GPT: partition ROOT-A: sectors 36 to 35, and the image has 71");
  store_le<std::uint64_t>(entry, 32, 0);
  store_le<std::uint64_t>(entry, 40, UINT64_MAX);
  seal_gpt(disk, 1);
  EXPECT_EQ(refusal().front(),
            "GPT: partition ROOT-A: sectors 0 to 18446744073709551615, and the image has 71");
}

TEST_F(Gpt, OtherImages) {
  EXPECT_FALSE(has_gpt(Buffer(100)));
  EXPECT_FALSE(has_gpt(pattern(4096, 1)));
  disk.resize(1000);
  EXPECT_EQ(refusal().front(), "GPT: the image is too small for one");
  disk.clear();
  EXPECT_EQ(refusal().front(), "GPT: the image is too small for one");
  disk = Buffer(4096);
  EXPECT_EQ(refusal().front(), "GPT: header: no signature");
}

}  // namespace
}  // namespace romwright::vendor
