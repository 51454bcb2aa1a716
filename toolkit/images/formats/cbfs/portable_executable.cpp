// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/portable_executable.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint16_t relocation_padding = 0, relocation_32 = 3, relocation_64 = 10;

/// What the words of a program are moved by.
struct Move {
  std::uint64_t delta = 0;     ///< added to every word; the upper half for 64-bit words only
  std::uint64_t stripped = 0;  ///< bytes that are missing before the program's start
  bool wide = true;            ///< 64-bit words are adjusted as such
};

template <std::unsigned_integral T>
void add(Bytes program, std::uint64_t at, std::uint64_t delta) {
  const Bytes word = slice(program, {at, sizeof(T)}, "relocated word");
  store_le(word, 0, static_cast<T>(load_le<T>(word) + static_cast<T>(delta)));
}

std::uint64_t without(std::uint64_t stripped, std::uint64_t address) {
  if (address < stripped)
    throw ImageError(fmt::format("relocation at {:#x} lies in what was stripped", address));
  return address - stripped;
}

/// Walks the blocks of a base relocation table; `table` is in the program.
void relocate(Bytes program, const Range& table, const Move& move) {
  std::uint64_t at = table.offset;
  while (at < table.end() && table.end() - at >= 8) {
    const ConstBytes block = slice(ConstBytes(program), {at, table.end() - at}, "relocations");
    const std::uint64_t page = load_le<std::uint32_t>(block);
    const std::uint32_t size = load_le<std::uint32_t>(block, 4);
    if (size < 8 || size > block.size())
      throw ImageError(fmt::format("relocation block at {:#x}: has {:#x} bytes", at, size));
    for (std::size_t i = 8; i + 2 <= size; i += 2) {
      const std::uint16_t entry = load_le<std::uint16_t>(block, i);
      const auto type = static_cast<std::uint16_t>(entry >> 12);
      if (type == relocation_padding) continue;
      if (type != relocation_32 && type != relocation_64)
        throw ImageError(
            fmt::format("relocation block at {:#x}: has the unknown type {}", at, type));
      const std::uint64_t where = without(move.stripped, page + (entry & 0xfffU));
      if (type == relocation_64 && move.wide)
        add<std::uint64_t>(program, where, move.delta);
      else
        add<std::uint32_t>(program, where, move.delta);
    }
    at += size;
  }
}

}  // namespace

void relocate_pe32(Bytes program, std::uint32_t delta) {
  const ConstBytes bytes = program;
  const std::uint64_t header = load_le<std::uint32_t>(slice(bytes, {0x3c, 4}, "DOS header"));
  const ConstBytes coff = slice(bytes, {header, 24}, "PE header");
  if (load_le<std::uint32_t>(coff) != 0x4550) throw ImageError("PE program: has no PE signature");
  const std::uint64_t optional = header + 24;
  const std::uint16_t kind = load_le<std::uint16_t>(slice(bytes, {optional, 2}, "PE header"));
  if (kind != 0x10b && kind != 0x20b)
    throw ImageError(fmt::format("PE program: is of the unknown kind {:#x}", kind));
  const bool wide = kind == 0x20b;
  const std::uint64_t directories = optional + (wide ? 112 : 96);
  const std::uint32_t count =
      load_le<std::uint32_t>(slice(bytes, {directories - 4, 4}, "PE header"));
  // A delta is a signed distance.
  const auto move =
      static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(delta)));
  if (count > 5) {
    const ConstBytes entry = slice(bytes, {directories + 5 * 8, 8}, "PE header");
    relocate(program, {load_le<std::uint32_t>(entry), load_le<std::uint32_t>(entry, 4)},
             {move, 0, true});
  }
  if (wide)
    add<std::uint64_t>(program, optional + 24, move);
  else
    add<std::uint32_t>(program, optional + 28, move);
}

void relocate_te(Bytes program, std::uint32_t address) {
  constexpr std::uint64_t header_size = 40;
  const ConstBytes header = slice(ConstBytes(program), {0, header_size}, "TE header");
  if (load_le<std::uint16_t>(header) != 0x5a56) throw ImageError("TE program: has no TE signature");
  const std::uint64_t stripped_size = load_le<std::uint16_t>(header, 6);
  if (stripped_size < header_size)
    throw ImageError(fmt::format("TE program: {} bytes were stripped", stripped_size));
  const std::uint64_t stripped = stripped_size - header_size;
  const std::uint64_t base = load_le<std::uint64_t>(header, 16);
  const std::uint64_t delta = address - (base + stripped);
  const std::uint64_t table = load_le<std::uint32_t>(header, 24);
  const std::uint32_t size = load_le<std::uint32_t>(header, 28);
  if (size != 0) relocate(program, {without(stripped, table), size}, {delta, stripped, false});
  store_le(program, 16, base + delta);
}

}  // namespace romwright::images
