// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/chromeos/ext2_files.h"

#include <chrono>
#include <tuple>

#include "tests/support/disk_images.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

using romwright::test::Ext2Volume;
using romwright::test::pattern;

/// Where the superblock's number of that kind lies; source: the layout of ext4.
constexpr std::size_t blocks_count = 1024 + 0x04, block_shift = 1024 + 0x18,
                      incompatible = 1024 + 0x60, read_only = 1024 + 0x64;

class Ext2Files : public ExtractorTest {
 protected:
  Buffer read(const Buffer& volume, const std::string& path = "/usr/sbin/updater") {
    UnpackBudget budget(workshop.limits);
    return copy(read_ext2_file(volume, path, budget, workshop));
  }
  std::string refusal(const Buffer& volume, const std::string& path = "/usr/sbin/updater") {
    try {
      (void)read(volume, path);
      return "no error";
    } catch (const ImageError& error) {
      return error.what();
    }
  }
  /// A volume with /usr/sbin/updater; `change` gets it, and the numbers of /usr/sbin and of the
  /// file, before it is finished.
  template <typename Change>
  Buffer volume(bool extents, Change&& change) {
    Ext2Volume made(2U << 20, 1024, extents);
    const ext2_ino_t folder = made.folder(made.folder(EXT2_ROOT_INO, "usr"), "sbin");
    change(made, folder, made.file(folder, "updater", content));
    return made.finish();
  }
  Buffer volume(bool extents = false) {
    return volume(extents, [](Ext2Volume&, ext2_ino_t, ext2_ino_t) {});
  }

  /// Enough for indirect blocks of two levels.
  const Buffer content = pattern(700'001, 9);
};

TEST_F(Ext2Files, OfEveryLayout) {
  EXPECT_EQ(read(volume(false)), content);
  EXPECT_EQ(read(volume(true)), content);
  Ext2Volume wide(8U << 20, 4096, true);
  wide.file(EXT2_ROOT_INO, "file", content);
  wide.file(EXT2_ROOT_INO, "empty", {});
  const Buffer bytes = wide.finish();
  EXPECT_EQ(read(bytes, "/file"), content);
  EXPECT_EQ(read(bytes, "/empty"), Buffer());
}

TEST_F(Ext2Files, FeaturesThatForbidWritingDoNotMatter) {
  Buffer bytes = volume();
  bytes[read_only + 3] = 0xff;  // as ChromeOS marks its root file system
  EXPECT_EQ(read(bytes), content);
}

TEST_F(Ext2Files, LargeFilesAreMapped) {
  workshop.limits.in_memory = 1000;
  EXPECT_EQ(read(volume()), content);
}

TEST_F(Ext2Files, LinksAreFollowedWithinTheVolume) {
  const Buffer bytes = volume(false, [](Ext2Volume& made, ext2_ino_t folder, ext2_ino_t) {
    made.link(folder, "link", "../sbin/updater");
    made.link(EXT2_ROOT_INO, "etc", "/usr/../usr");
    made.link(folder, "self", "self");
    made.link(folder, "outside", "../../../../../etc/passwd");
  });
  EXPECT_EQ(read(bytes, "/usr/sbin/link"), content);
  EXPECT_EQ(read(bytes, "/etc/sbin/updater"), content);
  EXPECT_EQ(refusal(bytes, "/usr/sbin/self"),
            "ext2: /usr/sbin/self: Too many symbolic links encountered.");
  EXPECT_EQ(refusal(bytes, "/usr/sbin/outside"), "ext2: no file /usr/sbin/outside");
}

TEST_F(Ext2Files, WhatIsNoFile) {
  const Buffer bytes = volume();
  EXPECT_EQ(refusal(bytes, "/usr/sbin/other"), "ext2: no file /usr/sbin/other");
  EXPECT_EQ(refusal(bytes, "/usr/sbin"), "ext2: /usr/sbin: is no file");
  EXPECT_EQ(refusal(bytes, "/usr/sbin/updater/x"),
            "ext2: /usr/sbin/updater/x: Ext2 inode is not a directory");
}

TEST_F(Ext2Files, OtherVolumes) {
  EXPECT_EQ(refusal(Buffer(1000)), "ext2: superblock: 0x400+0x400 lies outside 0x3e8 bytes");
  EXPECT_EQ(refusal(Buffer(4096)), "ext2: no ext2 file system");
  Buffer bytes = volume();
  store_le<std::uint32_t>(bytes, incompatible, 0x40000000);
  EXPECT_EQ(refusal(bytes), "ext2: superblock: Filesystem has unsupported feature(s)");
}

TEST_F(Ext2Files, AbsurdSizesTakeNoMemory) {
  Buffer bytes = volume();
  store_le<std::uint32_t>(bytes, blocks_count, 0xffffffff);
  EXPECT_EQ(refusal(bytes), "ext2: 4294967295 blocks of 2^10 bytes, and its partition has 2 MiB");
  bytes = volume();
  store_le<std::uint32_t>(bytes, block_shift, 50);
  EXPECT_EQ(refusal(bytes), "ext2: 2048 blocks of 2^60 bytes, and its partition has 2 MiB");
  bytes = volume();
  store_le<std::uint32_t>(bytes, incompatible, 0x82);
  store_le<std::uint32_t>(bytes, 1024 + 0x150, 0xffff);
  EXPECT_EQ(refusal(bytes),
            "ext2: 281470681745408 blocks of 2^10 bytes, and its partition has 2 MiB");
  bytes = volume(false, [](Ext2Volume& made, ext2_ino_t, ext2_ino_t file) {
    made.edit(file, [](ext2_inode& inode) {
      inode.i_size = 0xffffffff;
      inode.i_size_high = 0x7f;
    });
  });
  EXPECT_EQ(refusal(bytes),
            "ext2: /usr/sbin/updater: has 549 755 813 887 bytes, and its partition "
            "2 MiB");
}

TEST_F(Ext2Files, LimitsHold) {
  const Buffer bytes = volume();
  workshop.limits.file_size = 700'000;
  EXPECT_THROW(read(bytes), LimitError);
  workshop.limits = {};
  workshop.limits.total_size = 700'000;
  EXPECT_THROW(read(bytes), LimitError);
}

TEST_F(Ext2Files, CutShort) {
  Buffer bytes = volume();
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(refusal(bytes), "ext2: 2048 blocks of 2^10 bytes, and its partition has 1 MiB");
}

/// A folder whose blocks are named by a block that names itself, three levels deep, would have
/// millions of them. Read as a folder, its number is the length of one name that fills it.
TEST_F(Ext2Files, CyclesEnd) {
  constexpr std::uint32_t circle = 1024;
  const Buffer bytes = volume(false, [](Ext2Volume& made, ext2_ino_t folder, ext2_ino_t) {
    Buffer names(1024);
    for (std::size_t at = 0; at < names.size(); at += 4) store_le(names, at, circle);
    ASSERT_EQ(io_channel_write_blk64(made.system()->io, circle, 1, names.data()), 0);
    made.edit(folder, [](ext2_inode& inode) {
      inode.i_size = 0x7fffffff;
      inode.i_block[14] = circle;
    });
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(refusal(bytes, "/usr/sbin/other"),
            "ext2: /usr/sbin/other: its structures lead in a circle");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

/// Links through links: eight levels of fifty each.
TEST_F(Ext2Files, LinksThatMultiplyEnd) {
  const Buffer bytes = volume(false, [](Ext2Volume& made, ext2_ino_t, ext2_ino_t) {
    std::string below = ".";
    for (int level = 0; level < 8; ++level) {
      const std::string name(1, static_cast<char>('a' + level));
      std::string target;
      for (int i = 0; i < 50; ++i) target += below + "/";
      made.link(EXT2_ROOT_INO, name.c_str(), target.c_str());
      below = name;
    }
  });
  EXPECT_EQ(refusal(bytes, "/h/h/h/x"), "ext2: /h/h/h/x: its structures lead in a circle");
}

TEST_F(Ext2Files, DeepExtentTreesAreRefused) {
  for (const std::uint16_t depth : {std::uint16_t{6}, std::uint16_t{0xffff}}) {
    const Buffer bytes = volume(true, [&](Ext2Volume& made, ext2_ino_t, ext2_ino_t file) {
      made.edit(file, [&](ext2_inode& inode) {
        store_le(Bytes(reinterpret_cast<std::uint8_t*>(inode.i_block), 60), 6, depth);
      });
    });
    EXPECT_EQ(refusal(bytes), "ext2: /usr/sbin/updater: Corrupt extent header");
  }
}

TEST_F(Ext2Files, EveryDamagedByteIsAnErrorOrNone) {
  Ext2Volume small(64U << 10, 1024, true);
  small.file(EXT2_ROOT_INO, "f", pattern(3000, 1));
  const Buffer sound = small.finish();
  int refused = 0;
  for (std::size_t at = 1024; at < 12 * 1024; at += 3) {
    Buffer damaged = sound;
    damaged[at] ^= 0xffU;
    refused += refusal(damaged, "/f") == "no error" ? 0 : 1;
  }
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace romwright::vendor::test
