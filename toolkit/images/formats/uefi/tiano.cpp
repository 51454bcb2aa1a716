// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/tiano.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/uefi/bit_reader.h"
#include "toolkit/images/formats/uefi/prefix_code.h"

namespace romwright::images {
namespace {

constexpr std::uint64_t header_size = 8;  // compressed size, size
constexpr std::size_t literals = 256;
constexpr std::size_t shortest_match = 3;
constexpr std::size_t longest_match = 256;
constexpr std::size_t symbol_count = literals + longest_match - shortest_match + 1;
constexpr unsigned symbol_count_bits = 9;
// The code that the lengths of the symbols' codes are written in.
constexpr std::size_t length_count = 19;
constexpr unsigned length_count_bits = 5;
constexpr std::size_t length_gap = 3;  // behind this many lengths a run of zeros may follow
constexpr std::size_t distance_count = 31;

/// A table of lengths in three bits each: the one for lengths, and the one for distances.
PrefixCode read_short_table(BitReader& bits, std::size_t count, unsigned count_bits,
                            std::size_t gap) {
  const std::uint32_t used = bits.take(count_bits);
  if (used == 0) {
    const std::uint32_t symbol = bits.take(count_bits);
    if (symbol >= count) throw ImageError(fmt::format("a table has the symbol {}", symbol));
    return PrefixCode::constant(static_cast<std::uint16_t>(symbol));
  }
  if (used > count)
    throw ImageError(fmt::format("a table has {} of at most {} lengths", used, count));
  std::vector<std::uint8_t> lengths(count);
  for (std::size_t i = 0; i < used;) {
    std::uint32_t length = bits.take(3);
    if (length == 7)
      while (length <= PrefixCode::longest && bits.take(1) != 0) ++length;
    if (length > PrefixCode::longest) throw ImageError("a prefix code is longer than 16 bits");
    lengths[i++] = static_cast<std::uint8_t>(length);
    if (i == gap) i += bits.take(2);
  }
  return PrefixCode(lengths);
}

PrefixCode read_symbol_table(BitReader& bits) {
  const PrefixCode length_code =
      read_short_table(bits, length_count, length_count_bits, length_gap);
  const std::uint32_t used = bits.take(symbol_count_bits);
  if (used == 0) {
    const std::uint32_t symbol = bits.take(symbol_count_bits);
    if (symbol >= symbol_count) throw ImageError(fmt::format("a table has the symbol {}", symbol));
    return PrefixCode::constant(static_cast<std::uint16_t>(symbol));
  }
  if (used > symbol_count)
    throw ImageError(fmt::format("a table has {} of at most {} lengths", used, symbol_count));
  std::vector<std::uint8_t> lengths(symbol_count);
  for (std::size_t i = 0; i < used;) {
    const std::uint16_t what = length_code.read(bits);
    if (what > 2)
      lengths[i++] = static_cast<std::uint8_t>(what - 2);
    else
      i += what == 0 ? 1 : what == 1 ? bits.take(4) + 3 : bits.take(symbol_count_bits) + 20;
  }
  return PrefixCode(lengths);
}

std::size_t read_distance(BitReader& bits, const PrefixCode& code) {
  const std::uint16_t width = code.read(bits);
  if (width <= 1) return std::size_t{width} + 1;
  return (std::size_t{1} << (width - 1)) + bits.take(width - 1U) + 1;
}

Buffer decode(TianoVariant variant, ConstBytes stored, std::size_t size) {
  const unsigned distance_count_bits = variant == TianoVariant::tiano ? 5 : 4;
  BitReader bits(stored);
  Buffer content;
  content.reserve(size);
  PrefixCode symbols = PrefixCode::constant(0), distances = symbols;
  std::size_t left = 0;  // symbols of this block
  while (content.size() < size) {
    if (bits.overrun()) throw ImageError("the data end too early");
    if (left == 0) {
      left = bits.take(16);
      if (left == 0) left = 1 << 16;
      symbols = read_symbol_table(bits);
      distances = read_short_table(bits, distance_count, distance_count_bits, SIZE_MAX);
    }
    --left;
    const std::uint16_t symbol = symbols.read(bits);
    if (symbol < literals) {
      content.push_back(static_cast<std::uint8_t>(symbol));
      continue;
    }
    const std::size_t distance = read_distance(bits, distances);
    if (distance > content.size())
      throw ImageError(fmt::format("a match reaches {} bytes back", distance));
    const std::size_t length = std::min(symbol - literals + shortest_match, size - content.size());
    for (std::size_t i = 0; i < length; ++i) content.push_back(content[content.size() - distance]);
  }
  if (bits.overrun()) throw ImageError("the data end too early");
  return content;
}

}  // namespace

std::uint64_t tiano_size(ConstBytes stored) {
  const ConstBytes header = slice(stored, {0, header_size}, "compression header");
  (void)slice(stored, {header_size, load_le<std::uint32_t>(header)}, "compressed data");
  return load_le<std::uint32_t>(header, 4);
}

Buffer tiano_decompress(TianoVariant variant, ConstBytes stored, std::uint64_t limit) {
  const std::uint64_t size = tiano_size(stored);
  if (size > limit)
    throw ImageError(fmt::format("expands to {}, where at most {} are allowed", human_size(size),
                                 human_size(limit)));
  const ConstBytes data = slice(stored, {header_size, load_le<std::uint32_t>(stored)}, "data");
  return within(variant == TianoVariant::tiano ? "Tiano compression" : "EFI 1.1 compression",
                [&] { return decode(variant, data, static_cast<std::size_t>(size)); });
}

}  // namespace romwright::images
