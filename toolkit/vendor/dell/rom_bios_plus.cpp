// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/rom_bios_plus.h"

#include <string_view>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

// How the first module begins: its compressed copyright line.
constexpr std::string_view first_module(
    "\xf0\x00"
    "Copyright 1985-\x02\x04\xf0\x0f"
    "8 Phoenix Technologies Ltd.",
    48);
constexpr std::uint8_t main_rom = 0x01, microcode = 0x0c, controller = 0x52, end_of_chain = 0xff;

bool is_stored(std::uint8_t type) { return type == microcode || type == controller; }

/// Reads a module's data, and writes its content.
class Decompressor {
 public:
  Decompressor(ConstBytes stored, std::uint64_t limit) : stored_(stored), limit_(limit) {}

  Buffer run() {
    while (at_ < stored_.size()) step();
    return std::move(content_);
  }

 private:
  void step() {
    const unsigned code = next();
    const unsigned low = code & 0xf, high = code >> 4;
    if (low == 0xf) {
      const unsigned first = next(), second = next();
      copy((second >> 2) << 8 | first, ((second << 4 | high) & 0x3f) + 2);
    } else if (low != 0) {
      copy(high << 8 | next(), low + 1);
    } else if (high == 0xe) {
      copy(0, next() + 1);
    } else {
      take(high == 0xf ? next() + 15 : high + 1);
    }
  }
  unsigned next() {
    if (at_ == stored_.size()) throw ImageError("compressed module: the data end too early");
    return stored_[at_++];
  }
  /// Bytes as they are.
  void take(std::size_t count) {
    const ConstBytes bytes = slice(stored_, {at_, count}, "compressed module");
    check(count);
    content_.insert(content_.end(), bytes.begin(), bytes.end());
    at_ += count;
  }
  /// What was written `distance` + 1 bytes ago.
  void copy(std::size_t distance, std::size_t count) {
    if (distance >= content_.size())
      throw ImageError(
          fmt::format("compressed module: a match reaches {} bytes back", distance + 1));
    check(count);
    for (; count > 0; --count) content_.push_back(content_[content_.size() - 1 - distance]);
  }
  void check(std::size_t count) const {
    if (content_.size() + count > limit_)
      throw ImageError(fmt::format("compressed module: expands beyond {}", human_size(limit_)));
  }

  ConstBytes stored_;
  std::uint64_t limit_;
  std::size_t at_ = 0;
  Buffer content_;
};

Buffer module_content(std::uint8_t type, ConstBytes data, std::uint64_t limit) {
  if (!is_stored(type)) return decompress_bios_module(data, limit);
  if (data.size() > limit)
    throw ImageError(fmt::format("all modules have more than {}", human_size(limit)));
  return {data.begin(), data.end()};
}

}  // namespace

Buffer decompress_bios_module(ConstBytes stored, std::uint64_t limit) {
  return Decompressor(stored, limit).run();
}

RomBiosPlus read_rom_bios_plus(ConstBytes image, std::uint64_t limit) {
  const auto found = find_bytes(image, as_bytes(first_module));
  if (!found) throw ImageError("is no Phoenix ROM BIOS PLUS image");
  // A type and a length of four bytes, or of two in older images.
  std::uint64_t length_size = 4;
  if (*found < 5 || image[*found - 5] != main_rom) length_size = 2;
  if (*found < 1 + length_size || image[*found - 1 - length_size] != main_rom)
    throw ImageError(fmt::format("BIOS module at {:#x}: has no header", *found));
  std::uint64_t at = *found - 1 - length_size;
  RomBiosPlus bios{{0, at}, {}};
  for (bool ended = false; !ended;)
    within(fmt::format("BIOS module at {:#x}", at), [&] {
      const std::uint8_t type = slice(image, {at, 1}, "type")[0];
      ended = type == end_of_chain;
      if (ended) return;
      const ConstBytes length = slice(image, {at + 1, length_size}, "length");
      const std::uint64_t size =
          length_size == 4 ? load_le<std::uint32_t>(length) : load_le<std::uint16_t>(length);
      const ConstBytes data = slice(image, {at + 1 + length_size, size}, "content");
      bios.modules.push_back({type, module_content(type, data, limit)});
      limit -= bios.modules.back().content.size();
      at += 1 + length_size + size;
    });
  return bios;
}

}  // namespace romwright::vendor
