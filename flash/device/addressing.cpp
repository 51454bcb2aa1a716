// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/addressing.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/bytes.h"
#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr std::uint64_t three_byte_reach = 1U << 24;

}  // namespace

AddressMode choose_address_mode(const Chip& chip, const SpiLimits& limits) {
  const ChipFeatures& features = chip.features;
  if (features.four_byte_only && limits.four_byte_address) return AddressMode::four_only;
  if (chip.size <= three_byte_reach && !features.four_byte_only) return AddressMode::three;
  if (limits.four_byte_address) {
    if (features.four_byte_commands && limits.allows(0x13) && limits.allows(0x12))
      return AddressMode::dedicated;
    if ((features.four_byte_enter || features.four_byte_enter_wren) && limits.allows(0xb7) &&
        limits.allows(0xe9))
      return AddressMode::entered;
  }
  if ((features.four_byte_ear && limits.allows(0xc5)) ||
      (features.four_byte_bank && limits.allows(0x17)))
    return AddressMode::extended;
  // A chip with block erases of its own for four bytes has the other commands too (S25FL256S).
  if (limits.four_byte_address && limits.allows(0x13) && limits.allows(0x12) &&
      std::any_of(chip.erases.begin(), chip.erases.end(),
                  [](const ChipErase& erase) { return is_four_byte_opcode(erase.opcode); }))
    return AddressMode::dedicated;
  throw RefusedError(fmt::format("{} {}: this controller cannot address {}", chip.vendor, chip.name,
                                 human_size(chip.size)));
}

std::uint8_t opcode_in(AddressMode mode, std::uint8_t opcode) {
  if (mode != AddressMode::dedicated) return opcode;
  switch (opcode) {
    case 0x03:
      return 0x13;
    case 0x0b:
      return 0x0c;
    case 0x02:
      return 0x12;
    case 0x20:
      return 0x21;
    case 0x52:
      return 0x5c;
    case 0xd8:
      return 0xdc;
    default:
      return 0;
  }
}

bool is_four_byte_opcode(std::uint8_t opcode) {
  switch (opcode) {
    case 0x13:
    case 0x0c:
    case 0x12:
    case 0x21:
    case 0x53:
    case 0x5c:
    case 0xdc:
      return true;
    default:
      return false;
  }
}

}  // namespace romwright::flash
