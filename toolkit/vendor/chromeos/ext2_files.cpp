// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/chromeos/ext2_files.h"

#include <csignal>
#include <memory>

#include <ext2fs/ext2fs.h>
#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/chromeos/memory_blocks.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace {

/// Of an extent tree: five levels name as many blocks as there can be.
constexpr unsigned most_depth = 5;

std::string reason(errcode_t code) {
  [[maybe_unused]] static const bool once = (initialize_ext2_error_table(), true);
  return error_message(code);
}

/// Reads an inode, but none with an extent tree so deep that walking it takes all memory.
errcode_t read_inode(ext2_filsys system, ext2_ino_t number, ext2_inode* inode) {
  system->read_inode = nullptr;
  const errcode_t code = ext2fs_read_inode(system, number, inode);
  system->read_inode = read_inode;
  if (code != 0 || (inode->i_flags & EXT4_EXTENTS_FL) == 0) return code;
  const ConstBytes header(reinterpret_cast<const std::uint8_t*>(inode->i_block),
                          sizeof inode->i_block);
  return load_le<std::uint16_t>(header, 6) > most_depth ? EXT2_ET_EXTENT_HEADER_BAD : 0;
}

/// Before the library makes room for what the superblock says. Source: the layout of ext4,
/// "The Super Block" in the kernel's documentation.
void check_size(ConstBytes volume) {
  const ConstBytes super = slice(volume, {1024, 1024}, "superblock");
  if (load_le<std::uint16_t>(super, 0x38) != 0xef53) throw ImageError("no ext2 file system");
  const std::uint32_t shift = load_le<std::uint32_t>(super, 0x18);
  const bool wide = (load_le<std::uint32_t>(super, 0x60) & 0x80) != 0;
  const std::uint64_t blocks =
      load_le<std::uint32_t>(super, 0x04) |
      (wide ? std::uint64_t{load_le<std::uint32_t>(super, 0x150)} << 32 : std::uint64_t{0});
  if (shift > 6 || blocks > (volume.size() >> (10 + shift)))
    throw ImageError(fmt::format("{} blocks of 2^{} bytes, and its partition has {}", blocks,
                                 10 + std::uint64_t{shift}, human_size(volume.size())));
}

class Volume {
 public:
  explicit Volume(ConstBytes bytes)
      : size_(bytes.size()), blocks_(bytes, 8 * std::uint64_t{bytes.size()} + (16U << 20)) {
    check_size(bytes);
    check(ext2fs_open2(blocks_.name().c_str(), nullptr,
                       EXT2_FLAG_64BITS | EXT2_FLAG_IGNORE_CSUM_ERRORS, 0, 0,
                       MemoryBlocks::manager(), &system_),
          "superblock");
    system_->read_inode = read_inode;
  }
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;
  ~Volume() {
    if (file_ != nullptr) ext2fs_file_close(file_);
    if (system_ != nullptr) ext2fs_free(system_);
  }

  Content read(const std::string& path, UnpackBudget& budget, const Workshop& workshop) {
    open(path);
    std::uint64_t size = 0;
    check(static_cast<errcode_t>(ext2fs_file_get_lsize(file_, reinterpret_cast<__u64*>(&size))),
          path);
    if (size > size_)
      throw ImageError(fmt::format("{}: has {}, and its partition {}", path, human_size(size),
                                   human_size(size_)));
    budget.add_file(path);
    budget.add_bytes(path, size, size, size_, size);
    ContentWriter writer(workshop.folder, budget.in_memory());
    Buffer part(256U << 10);
    while (writer.size() < size) {
      if (workshop.run.stop.stop_requested())
        throw InterruptedError(SIGINT, fmt::format("{}: stopped", path));
      unsigned got = 0;
      check(ext2fs_file_read(file_, part.data(), static_cast<unsigned>(part.size()), &got), path);
      if (got == 0) throw ImageError(fmt::format("{}: ends early", path));
      writer.write(ConstBytes(part).first(got));
    }
    if (writer.in_memory()) budget.keep_in_memory(size);
    return writer.finish();
  }

 private:
  void open(const std::string& path) {
    ext2_ino_t number = 0;
    const errcode_t found =
        ext2fs_namei_follow(system_, EXT2_ROOT_INO, EXT2_ROOT_INO, path.c_str(), &number);
    if (found == EXT2_ET_FILE_NOT_FOUND) throw ImageError(fmt::format("no file {}", path));
    check(found, path);
    ext2_inode inode = {};
    check(ext2fs_read_inode(system_, number, &inode), path);
    if (!LINUX_S_ISREG(inode.i_mode)) throw ImageError(fmt::format("{}: is no file", path));
    check(ext2fs_file_open2(system_, number, &inode, 0, &file_), path);
  }

  void check(errcode_t code, const std::string& what) const {
    if (code == 0) return;
    if (blocks_.exhausted())
      throw ImageError(fmt::format("{}: its structures lead in a circle", what));
    throw ImageError(fmt::format("{}: {}", what, reason(code)));
  }

  std::uint64_t size_;
  MemoryBlocks blocks_;
  ext2_filsys system_ = nullptr;
  ext2_file_t file_ = nullptr;
};

}  // namespace

Content read_ext2_file(ConstBytes volume, const std::string& path, UnpackBudget& budget,
                       Workshop& workshop) {
  return within("ext2", [&] { return Volume(volume).read(path, budget, workshop); });
}

}  // namespace romwright::vendor
