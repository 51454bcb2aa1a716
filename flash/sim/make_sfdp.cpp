// SPDX-License-Identifier: GPL-2.0-or-later
// The SFDP space of a simulated chip (JESD216B).
#include <algorithm>
#include <bit>

#include "flash/sim/nor_model.h"

namespace romwright::flash {

namespace {

constexpr std::uint32_t basic_offset = 0x30;
constexpr std::uint32_t four_offset = 0x80;

bool is_four_byte(std::uint8_t opcode) {
  return opcode == 0x21 || opcode == 0x5c || opcode == 0xdc;
}

/// Up to four uniform block erases with three address bytes, ascending.
std::vector<ChipErase> block_erases(const Chip& chip) {
  std::vector<ChipErase> found;
  for (const ChipErase& erase : chip.erases)
    if (erase.runs.empty() && erase.size < chip.size && std::has_single_bit(erase.size) &&
        !is_four_byte(erase.opcode) && found.size() < 4 &&
        std::ranges::find(found, erase.size, &ChipErase::size) == found.end())
      found.push_back(erase);
  std::ranges::sort(found, {}, &ChipErase::size);
  return found;
}

/// Time as dword 10 codes it: count - 1 in five bits, the unit in two.
std::uint32_t code_erase_time(std::chrono::milliseconds time) {
  constexpr std::array<std::uint32_t, 4> units = {1, 16, 128, 1000};
  const auto ms = static_cast<std::uint32_t>(std::max<std::int64_t>(1, time.count()));
  for (std::uint32_t unit = 0; unit < units.size(); ++unit) {
    const std::uint32_t count = (ms + units[unit] - 1) / units[unit];
    if (count <= 32) return unit << 5 | (count - 1);
  }
  return 3U << 5 | 31;
}

std::chrono::milliseconds time_of(const Chip& chip, std::uint32_t size) {
  if (size <= 4U << 10) return chip.times.erase_4k;
  return size <= 32U << 10 ? chip.times.erase_32k : chip.times.erase_64k;
}

void put(Buffer& space, std::uint32_t table, unsigned dword, std::uint32_t value) {
  store_le<std::uint32_t>(space, table + 4 * (dword - 1), value);
}

void put_header(Buffer& space, unsigned index, std::uint16_t id, std::uint8_t minor,
                std::uint8_t dwords, std::uint32_t pointer) {
  const std::size_t at = 8 + 8 * std::size_t{index};
  space[at] = static_cast<std::uint8_t>(id);
  space[at + 1] = minor;
  space[at + 2] = 1;
  space[at + 3] = dwords;
  store_le<std::uint32_t>(space, at + 4, pointer | std::uint32_t{id} >> 8 << 24);
}

void put_times(Buffer& space, const Chip& chip, const std::vector<ChipErase>& erases) {
  std::uint32_t dword10 = 4;  // maximum = 2 * (4 + 1) * typical
  for (unsigned i = 0; i < erases.size(); ++i)
    dword10 |= code_erase_time(time_of(chip, erases[i].size)) << (4 + 7 * i);
  put(space, basic_offset, 10, dword10);
  const auto program = static_cast<std::uint32_t>(chip.times.page_program.count());
  const bool coarse = program > 8 * 32;
  const std::uint32_t step = coarse ? 64 : 8;
  const std::uint32_t count = std::clamp<std::uint32_t>((program + step - 1) / step, 1, 32) - 1;
  const auto chip_ms = static_cast<std::uint32_t>(chip.times.chip_erase.count());
  constexpr std::array<std::uint32_t, 4> units = {16, 256, 4000, 64000};
  std::uint32_t unit = 0;
  while (unit < 3 && (chip_ms + units[unit] - 1) / units[unit] > 32) ++unit;
  const std::uint32_t chip_count =
      std::clamp<std::uint32_t>((chip_ms + units[unit] - 1) / units[unit], 1, 32) - 1;
  put(space, basic_offset, 11,
      unit << 29 | chip_count << 24 | (coarse ? 1U << 13 : 0) | count << 8 |
          static_cast<std::uint32_t>(std::countr_zero(chip.page_size)) << 4 | 4);
}

}  // namespace

Buffer make_sfdp(const Chip& chip) {
  const ChipFeatures& features = chip.features;
  const bool timed = chip.times.page_program.count() != 0 && chip.times.chip_erase.count() != 0;
  const std::uint8_t dwords = timed ? 16 : 9;
  const std::vector<ChipErase> erases = block_erases(chip);
  Buffer space(256, 0xff);
  store_le<std::uint32_t>(space, 0, 0x50444653);
  space[4] = timed ? 6 : 0;
  space[5] = 1;
  space[6] = features.four_byte_commands ? 1 : 0;
  put_header(space, 0, 0xff00, timed ? 6 : 0, dwords, basic_offset);
  for (unsigned i = 1; i <= dwords; ++i) put(space, basic_offset, i, 0);
  const bool has_4k = !erases.empty() && erases.front().size == 4096;
  const std::uint32_t addressing = features.four_byte_only ? 2 : chip.size > (16U << 20) ? 1 : 0;
  put(space, basic_offset, 1,
      0xff000000U | addressing << 17 |
          std::uint32_t{has_4k ? erases.front().opcode : std::uint8_t{0xff}} << 8 | 0xe0U | 4U |
          (features.wrsr_ewsr && !features.wrsr_wren ? 8U : 0U) | (has_4k ? 1U : 3U));
  const std::uint64_t bits = chip.size * 8;
  put(space, basic_offset, 2,
      bits <= 0x80000000U ? static_cast<std::uint32_t>(bits - 1)
                          : 0x80000000U | static_cast<std::uint32_t>(std::countr_zero(bits)));
  for (unsigned i = 0; i < erases.size(); ++i) {
    const std::size_t at = basic_offset + 28 + 2 * std::size_t{i};
    space[at] = static_cast<std::uint8_t>(std::countr_zero(erases[i].size));
    space[at + 1] = erases[i].opcode;
  }
  if (timed) {
    put_times(space, chip, erases);
    const std::uint32_t enter =
        (features.four_byte_enter ? 1U : 0U) | (features.four_byte_enter_wren ? 2U : 0U) |
        (features.four_byte_ear ? 4U : 0U) | (features.four_byte_bank ? 8U : 0U) |
        (features.four_byte_commands ? 0x20U : 0U) | (features.four_byte_only ? 0x40U : 0U);
    put(space, basic_offset, 16, enter << 24);
  }
  if (features.four_byte_commands) {
    put_header(space, 1, 0xff84, 0, 2, four_offset);
    std::uint32_t supported = 1U | 2U | 1U << 6, opcodes = 0xffffffff;
    for (unsigned i = 0; i < erases.size(); ++i)
      for (const ChipErase& four : chip.erases)
        if (is_four_byte(four.opcode) && four.size == erases[i].size) {
          supported |= 1U << (9 + i);
          opcodes = (opcodes & ~(0xffU << (8 * i))) | std::uint32_t{four.opcode} << (8 * i);
        }
    put(space, four_offset, 1, supported);
    put(space, four_offset, 2, opcodes);
  }
  return space;
}

}  // namespace romwright::flash
