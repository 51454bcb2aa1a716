// SPDX-License-Identifier: GPL-2.0-or-later
// Disk images for tests: GUID partition tables, and ext2 file systems that libext2fs writes.
#pragma once

#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>
#include <zlib.h>

#include <ext2fs/ext2fs.h>

#include "flash/base/bytes.h"
#include "tests/support/fixtures.h"

namespace romwright::test {

struct DiskPartition {
  std::string name;
  Buffer content;
};

/// The checksums of the header in sector `at` and of its table, made right.
inline void seal_gpt(Buffer& disk, std::uint64_t at) {
  const auto crc = [](ConstBytes bytes) {
    return static_cast<std::uint32_t>(::crc32_z(0, bytes.data(), bytes.size()));
  };
  const Bytes header = Bytes(disk).subspan(at * 512, 92);
  const std::uint64_t table = load_le<std::uint64_t>(header, 72) * 512;
  const std::uint64_t size =
      std::uint64_t{load_le<std::uint32_t>(header, 80)} * load_le<std::uint32_t>(header, 84);
  if (Range{0, disk.size()}.contains(Range{table, size}))
    store_le<std::uint32_t>(header, 88, crc(ConstBytes(disk).subspan(table, size)));
  store_le<std::uint32_t>(header, 16, 0);
  store_le<std::uint32_t>(header, 16, crc(header));
}

/// A disk with `partitions` one behind the other, and a backup of its table of `entries` entries.
inline Buffer gpt_disk(const std::vector<DiskPartition>& partitions, std::uint32_t entries = 128) {
  const std::uint64_t table_sectors = (entries * 128 + 511) / 512;
  std::uint64_t sectors = 2 + table_sectors;
  Buffer table(table_sectors * 512);
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const Bytes entry = Bytes(table).subspan(i * 128, 128);
    entry[0] = entry[16] = static_cast<std::uint8_t>(i + 1);
    store_le<std::uint64_t>(entry, 32, sectors);
    sectors += (partitions[i].content.size() + 511) / 512;
    store_le<std::uint64_t>(entry, 40, sectors - 1);
    for (std::size_t n = 0; n < partitions[i].name.size() && n < 36; ++n)
      store_le<std::uint16_t>(entry, 56 + 2 * n, static_cast<std::uint8_t>(partitions[i].name[n]));
  }
  const std::uint64_t backup = sectors + table_sectors;
  Buffer disk((backup + 1) * 512);
  for (std::size_t i = 0; i < partitions.size(); ++i)
    std::ranges::copy(partitions[i].content,
                      disk.begin() + static_cast<std::ptrdiff_t>(
                                         512 * load_le<std::uint64_t>(table, i * 128 + 32)));
  for (const auto& [at, other, entries_at] :
       {std::tuple(std::uint64_t{1}, backup, std::uint64_t{2}),
        std::tuple(backup, std::uint64_t{1}, sectors)}) {
    const Bytes header = Bytes(disk).subspan(at * 512, 92);
    std::ranges::copy(as_bytes("EFI PART"), header.begin());
    store_le<std::uint32_t>(header, 8, 0x10000);
    store_le<std::uint32_t>(header, 12, 92);
    store_le<std::uint64_t>(header, 24, at);
    store_le<std::uint64_t>(header, 32, other);
    store_le<std::uint64_t>(header, 40, 2 + table_sectors);
    store_le<std::uint64_t>(header, 48, sectors - 1);
    store_le<std::uint64_t>(header, 72, entries_at);
    store_le<std::uint32_t>(header, 80, entries);
    store_le<std::uint32_t>(header, 84, 128);
    std::ranges::copy(table, disk.begin() + static_cast<std::ptrdiff_t>(512 * entries_at));
    seal_gpt(disk, at);
  }
  return disk;
}

/// A file system as libext2fs makes it.
class Ext2Volume {
 public:
  /// `extents`: as ext4 stores files; else as ext2 does.
  Ext2Volume(std::uint64_t size, std::uint32_t block_size, bool extents) {
    ext2_super_block super = {};
    super.s_rev_level = 1;
    super.s_log_block_size = block_size == 4096 ? 2 : 0;
    super.s_feature_incompat = EXT2_FEATURE_INCOMPAT_FILETYPE;
    super.s_feature_ro_compat =
        EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE;
    if (extents) super.s_feature_incompat |= EXT3_FEATURE_INCOMPAT_EXTENTS;
    super.s_inodes_count = 32;
    ext2fs_blocks_count_set(&super, size / block_size);
    write_file(path_, Buffer(size));
    check(ext2fs_initialize(path_.c_str(), EXT2_FLAG_64BITS, &super, unix_io_manager, &system_));
    check(ext2fs_allocate_tables(system_));
    check(ext2fs_mkdir(system_, EXT2_ROOT_INO, EXT2_ROOT_INO, nullptr));
  }
  Ext2Volume(const Ext2Volume&) = delete;
  Ext2Volume& operator=(const Ext2Volume&) = delete;
  ~Ext2Volume() {
    if (system_ != nullptr) ext2fs_free(system_);
  }

  ext2_ino_t folder(ext2_ino_t parent, const char* name) {
    check(ext2fs_mkdir(system_, parent, 0, name));
    ext2_ino_t number = 0;
    check(ext2fs_lookup(system_, parent, name,
                        static_cast<int>(std::char_traits<char>::length(name)), nullptr, &number));
    return number;
  }
  ext2_ino_t file(ext2_ino_t parent, const char* name, ConstBytes content) {
    ext2_ino_t number = 0;
    check(ext2fs_new_inode(system_, parent, LINUX_S_IFREG | 0755, nullptr, &number));
    check(ext2fs_link(system_, parent, name, number, EXT2_FT_REG_FILE));
    ext2fs_inode_alloc_stats2(system_, number, 1, 0);
    ext2_inode inode = {};
    inode.i_mode = LINUX_S_IFREG | 0755;
    inode.i_links_count = 1;
    if (ext2fs_has_feature_extents(system_->super)) {
      ext2_extent_handle_t handle = nullptr;
      check(ext2fs_write_new_inode(system_, number, &inode));
      check(ext2fs_extent_open2(system_, number, &inode, &handle));
      ext2fs_extent_free(handle);
    }
    check(ext2fs_write_new_inode(system_, number, &inode));
    ext2_file_t open = nullptr;
    check(ext2fs_file_open(system_, number, EXT2_FILE_WRITE, &open));
    unsigned written = 0;
    const errcode_t code =
        ext2fs_file_write(open, content.data(), static_cast<unsigned>(content.size()), &written);
    check(ext2fs_file_close(open));
    check(code);
    return number;
  }
  void link(ext2_ino_t parent, const char* name, const char* target) {
    check(ext2fs_symlink(system_, parent, 0, name, target));
  }
  /// Changes the inode `number`, by `change(inode)`.
  template <typename Change>
  void edit(ext2_ino_t number, Change&& change) {
    ext2_inode inode = {};
    check(ext2fs_read_inode(system_, number, &inode));
    change(inode);
    check(ext2fs_write_inode(system_, number, &inode));
  }
  [[nodiscard]] ext2_filsys system() const { return system_; }

  /// The finished volume; the object is spent afterwards.
  Buffer finish() {
    const ext2_filsys system = std::exchange(system_, nullptr);
    check(ext2fs_close(system));
    return read_file(path_);
  }

 private:
  static void check(errcode_t code) {
    if (code != 0) throw std::runtime_error(error_message(code));
  }

  TemporaryFolder folder_;
  std::string path_ = (folder_ / "volume").string();
  ext2_filsys system_ = nullptr;
};

}  // namespace romwright::test
