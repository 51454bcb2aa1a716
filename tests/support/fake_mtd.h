// SPDX-License-Identifier: GPL-2.0-or-later
// An MTD device in memory: sysfs and a device file, with the rules of NOR flash.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <sys/ioctl.h>
#include <vector>

#include <mtd/mtd-user.h>

#include "tests/support/fake_kernel.h"

namespace romwright::flash::test {

/// What a test sees of it; outlives the file.
struct Mtd {
  std::uint32_t erase_size = 0x10000;
  bool has_64 = true;       ///< knows MEMERASE64
  bool has_locks = true;    ///< knows MEMLOCK, MEMUNLOCK, MEMISLOCKED
  unsigned interrupts = 0;  ///< so many erases end early
  bool unlocks = true;
  bool erases_needed = true;
  std::uint32_t write_size = 1;
  std::set<std::uint64_t> locked;  ///< blocks
  Buffer content = Buffer(0x80000, 0xff);
  std::vector<std::string> calls;      ///< "erase64 0x0+0x10000", in order
  std::size_t short_moves = 0;         ///< at most so many bytes a call; 0: any
  std::set<std::uint64_t> bad_blocks;  ///< cannot be erased

  /// Enters it into `kernel`, with sysfs files.
  void plug(FakeKernel& kernel, unsigned number, std::string type = "nor",
            std::uint32_t flags = MTD_CAP_NORFLASH);
};

class FakeMtd final : public DeviceFile {
 public:
  explicit FakeMtd(Mtd& mtd, bool writable) : mtd_(mtd), writable_(writable) {}

  int control(unsigned long request, void* argument) override {
    Range range;
    std::string name;
    if (request == MEMERASE64 && mtd_.has_64) {
      const auto& info = *static_cast<erase_info_user64*>(argument);
      range = {info.start, info.length};
      name = "erase64";
    } else if (request == MEMERASE || request == MEMLOCK || request == MEMUNLOCK ||
               request == MEMISLOCKED) {
      if (request != MEMERASE && !mtd_.has_locks) return -EOPNOTSUPP;
      const auto& info = *static_cast<erase_info_user*>(argument);
      range = {info.start, info.length};
      name = request == MEMERASE ? "erase" : request == MEMLOCK ? "lock" : "unlock";
      if (request == MEMISLOCKED) return is_locked(range) ? 1 : 0;
    } else {
      return -ENOTTY;
    }
    mtd_.calls.push_back(name + " " + to_string(range));
    if (!writable_) return -EPERM;
    if (request != MEMLOCK && request != MEMUNLOCK && mtd_.interrupts != 0) {
      --mtd_.interrupts;
      return -EINTR;
    }
    if (range.offset % mtd_.erase_size != 0 || range.size % mtd_.erase_size != 0 ||
        range.end() > mtd_.content.size())
      return -EINVAL;
    if (request == MEMUNLOCK && !mtd_.unlocks) return -EIO;
    for (std::uint64_t at = range.offset; at < range.end(); at += mtd_.erase_size) {
      if (request == MEMLOCK) {
        mtd_.locked.insert(at);
      } else if (request == MEMUNLOCK) {
        mtd_.locked.erase(at);
      } else if (mtd_.locked.contains(at)) {
        return -EROFS;
      } else if (mtd_.bad_blocks.contains(at)) {
        return -EIO;
      } else {
        std::fill_n(mtd_.content.begin() + static_cast<std::ptrdiff_t>(at), mtd_.erase_size, 0xff);
      }
    }
    return 0;
  }
  std::ptrdiff_t read_at(std::uint64_t offset, Bytes into) override {
    const std::size_t size = moved(offset, into.size());
    std::copy_n(mtd_.content.begin() + static_cast<std::ptrdiff_t>(offset), size, into.begin());
    return static_cast<std::ptrdiff_t>(size);
  }
  std::ptrdiff_t write_at(std::uint64_t offset, ConstBytes data) override {
    if (!writable_) return -EBADF;
    const std::size_t size = moved(offset, data.size());
    mtd_.calls.push_back("write " + to_string(Range{offset, size}));
    if (offset % mtd_.write_size != 0 || size % mtd_.write_size != 0) return -EINVAL;
    if (mtd_.locked.contains(align_down(offset, mtd_.erase_size))) return -EROFS;
    for (std::size_t i = 0; i < size; ++i) {
      std::uint8_t& cell = mtd_.content[offset + i];
      cell = static_cast<std::uint8_t>(mtd_.erases_needed ? cell & data[i] : data[i]);
    }
    return static_cast<std::ptrdiff_t>(size);
  }

 private:
  bool is_locked(Range range) {
    for (std::uint64_t at = range.offset; at < range.end(); at += mtd_.erase_size)
      if (!mtd_.locked.contains(at)) return false;
    return true;
  }
  [[nodiscard]] std::size_t moved(std::uint64_t offset, std::size_t size) const {
    const std::size_t rest = offset < mtd_.content.size() ? mtd_.content.size() - offset : 0;
    return std::min({size, rest, mtd_.short_moves != 0 ? mtd_.short_moves : size});
  }

  Mtd& mtd_;
  bool writable_;
};

inline void Mtd::plug(FakeKernel& kernel, unsigned number, std::string type, std::uint32_t flags) {
  const std::string name = "mtd" + std::to_string(number);
  const std::string at = "/sys/class/mtd/" + name + "/";
  kernel.folders["/sys/class/mtd"].push_back(name);
  kernel.folders["/sys/class/mtd"].push_back(name + "ro");
  kernel.texts[at + "type"] = std::move(type);
  kernel.texts[at + "name"] = "BIOS";
  kernel.texts[at + "size"] = std::to_string(content.size());
  kernel.texts[at + "erasesize"] = std::to_string(erase_size);
  kernel.texts[at + "writesize"] = std::to_string(write_size);
  kernel.texts[at + "numeraseregions"] = "0";
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (std::uint32_t rest = flags; rest != 0; rest >>= 4)
    hex.insert(hex.begin(), digits[rest & 15]);
  kernel.texts[at + "flags"] = "0x" + hex;
  kernel.links["/sys/class/mtd/" + name] = "/sys/devices/pci0000:00/0000:00:1f.5/mtd/" + name;
  kernel.devices["/dev/" + name] = [this](bool writable) -> OpenedFile {
    return {std::make_unique<FakeMtd>(*this, writable), 0};
  };
}

}  // namespace romwright::flash::test
