// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/chip_geometry.h"

#include <algorithm>

namespace romwright::flash {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::uint64_t kib = 1024;

nanoseconds usual_block_time(std::uint64_t size) {
  if (size <= 4 * kib) return milliseconds(60);
  if (size <= 32 * kib) return milliseconds(150);
  return milliseconds(250) * static_cast<std::int64_t>((size + 64 * kib - 1) / (64 * kib));
}

nanoseconds typical_time(const Chip& chip, std::uint64_t size, bool whole_chip) {
  const ChipTimes& times = chip.times;
  nanoseconds known{0};
  if (whole_chip) known = times.chip_erase;
  if (size == 4 * kib && !whole_chip) known = times.erase_4k;
  if (size == 32 * kib && !whole_chip) known = times.erase_32k;
  if (size == 64 * kib && !whole_chip) known = times.erase_64k;
  if (known.count() > 0) return known;
  const nanoseconds usual = usual_block_time(size);
  // What is not known must not win by a guess: a little more than all blocks one by one.
  return whole_chip ? usual + usual / 16 : usual;
}

nanoseconds page_time(const Chip& chip) {
  if (chip.program == ProgramMethod::aai_word)
    return std::chrono::microseconds(10) * static_cast<std::int64_t>(chip.page_size / 2);
  if (chip.program == ProgramMethod::byte)
    return std::chrono::microseconds(20) * static_cast<std::int64_t>(chip.page_size);
  if (chip.times.page_program.count() > 0) return chip.times.page_program;
  return milliseconds(1);
}

bool has_native_four_byte_erase(const Chip& chip) {
  return std::any_of(chip.erases.begin(), chip.erases.end(),
                     [](const ChipErase& erase) { return is_four_byte_opcode(erase.opcode); });
}

/// The opcode that erases in `mode`, 0 where there is none.
std::uint8_t erase_opcode(const Chip& chip, std::uint8_t opcode, AddressMode mode) {
  if (is_chip_erase(opcode)) return opcode;
  if (is_four_byte_opcode(opcode)) return address_bytes(mode) == 4 ? opcode : 0;
  if (mode != AddressMode::dedicated) return opcode;
  // Few chips have a dedicated 32 KiB erase; where the row names its own, those are all.
  if (has_native_four_byte_erase(chip) || opcode == 0x52) return 0;
  return opcode_in(mode, opcode);
}

}  // namespace

bool is_chip_erase(std::uint8_t opcode) {
  return opcode == 0x60 || opcode == 0xc7 || opcode == 0x62;
}

nanoseconds longest_erase(std::uint64_t size, bool whole_chip, nanoseconds typical) {
  nanoseconds longest = milliseconds(600);
  const auto blocks = static_cast<std::int64_t>((size + 64 * kib - 1) / (64 * kib));
  const auto mebibytes = static_cast<std::int64_t>((size + 1024 * kib - 1) / (1024 * kib));
  if (whole_chip)
    longest = std::chrono::seconds(15) * mebibytes;
  else if (size > 4 * kib)
    longest = std::chrono::seconds(4) * blocks;
  return std::max(longest, 8 * typical);
}

nanoseconds longest_program(nanoseconds typical) {
  return std::max<nanoseconds>(milliseconds(5), 8 * typical);
}

Geometry make_geometry(const Chip& chip, const SpiLimits& limits, AddressMode mode) {
  Geometry geometry;
  geometry.size = chip.size;
  geometry.page_size = std::max(chip.page_size, 1U);
  geometry.bits_clear_again = !chip.features.ecc;
  geometry.page_program_time = page_time(chip);
  if (limits.clock_hz != 0) geometry.byte_time = nanoseconds(8 * std::nano::den / limits.clock_hz);
  for (const ChipErase& erase : chip.erases) {
    EraseType type;
    type.opcode = erase_opcode(chip, erase.opcode, mode);
    if (type.opcode == 0 || !limits.allows(type.opcode)) continue;
    type.runs.assign(erase.runs.begin(), erase.runs.end());
    if (type.runs.empty() && erase.size != 0)
      type.runs.push_back({erase.size, static_cast<std::uint32_t>(chip.size / erase.size)});
    std::uint32_t largest = 0;
    for (const EraseRun& run : type.runs) largest = std::max(largest, run.size);
    type.typical = typical_time(chip, largest, is_chip_erase(erase.opcode));
    const bool known = std::any_of(geometry.erase_types.begin(), geometry.erase_types.end(),
                                   [&](const EraseType& other) {
                                     return other.opcode == type.opcode && other.runs == type.runs;
                                   });
    if (!known) geometry.erase_types.push_back(std::move(type));
  }
  return geometry;
}

}  // namespace romwright::flash
