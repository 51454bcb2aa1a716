// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chips/write_protect.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr std::uint64_t sector = 4096;
constexpr std::uint64_t block_64k = 65536;
// Bits 2 to 5 of SR1 hold block protection in every chip without a decoder of its own.
constexpr std::uint8_t usual_bits = 0x3c;

struct Setting {
  unsigned bp = 0;
  bool tb = false, sec = false, cmp = false;
};

bool get(const StatusRegisters& registers, RegisterBit bit) {
  if (!bit || bit.reg > registers.size()) return false;
  return ((registers[bit.reg - 1U] >> bit.bit) & 1) != 0;
}

void set(StatusRegisters& registers, RegisterBit bit, bool value) {
  if (!bit || bit.reg > registers.size()) return;
  auto& reg = registers[bit.reg - 1U];
  const auto mask = static_cast<std::uint8_t>(1U << bit.bit);
  reg = static_cast<std::uint8_t>(value ? reg | mask : reg & ~mask);
}

unsigned bp_count(const ChipProtection& protection) {
  return static_cast<unsigned>(std::count_if(protection.bp.begin(), protection.bp.end(),
                                             [](RegisterBit bit) { return bool(bit); }));
}

Setting setting_of(const ChipProtection& protection, const StatusRegisters& registers) {
  Setting setting;
  for (std::size_t i = 0; i < protection.bp.size(); ++i)
    if (get(registers, protection.bp[i])) setting.bp |= 1U << i;
  setting.tb = get(registers, protection.tb);
  setting.sec = get(registers, protection.sec);
  setting.cmp = get(registers, protection.cmp);
  return setting;
}

Range range_of(const Chip& chip, Setting setting) {
  const WpDecode rule = chip.protection.decode;
  const unsigned bits = bp_count(chip.protection);
  const unsigned most = (1U << bits) - 1;
  if (rule == WpDecode::spi25_bit_cmp && setting.cmp) setting.bp ^= most;
  const unsigned first = rule == WpDecode::spi25_bp3_to_1_16 ? 3 : 1;
  std::uint64_t length = 0;
  if (setting.bp == most && most != 0) {
    length = chip.size;
  } else if (setting.bp >= first) {
    unsigned shift = setting.bp - 1;
    unsigned most_shift = most >= 2 ? most - 2 : 0;
    if (rule == WpDecode::spi25_2x_block) {
      shift = setting.bp;
      most_shift = most - 1;
    } else if (rule == WpDecode::spi25_bp3_to_1_16) {
      shift = setting.bp - 3;
      most_shift = most >= 4 ? most - 4 : 0;
    }
    if (setting.sec && rule != WpDecode::spi25_bp3_to_1_16) {
      length = std::min(sector << std::min(shift, 8U), 8 * sector);
    } else {
      const std::uint64_t block = rule == WpDecode::spi25_64k_block
                                      ? block_64k
                                      : std::max(block_64k, (chip.size / 2) >> most_shift);
      length = std::min(block << std::min(shift, 31U), chip.size);
    }
  }
  bool bottom = setting.tb;
  if (setting.cmp) {
    length = chip.size - length;
    bottom = !bottom;
  }
  if (length == 0) return {};
  return {bottom ? 0 : chip.size - length, length};
}

ProtectionMode mode_of(const ChipProtection& protection, const StatusRegisters& registers) {
  const bool srp = get(registers, protection.srp) ||
                   (!protection.srp && (registers[0] & protection.lock_mask) != 0);
  const bool srl = get(registers, protection.srl);
  if (srl) return srp ? ProtectionMode::permanent : ProtectionMode::power_cycle;
  return srp ? ProtectionMode::hardware : ProtectionMode::disabled;
}

}  // namespace

std::string_view to_string(ProtectionMode mode) {
  switch (mode) {
    case ProtectionMode::disabled:
      return "disabled";
    case ProtectionMode::hardware:
      return "hardware";
    case ProtectionMode::power_cycle:
      return "power_cycle";
    case ProtectionMode::permanent:
      break;
  }
  return "permanent";
}

ProtectionState decode_protection(const Chip& chip, const StatusRegisters& registers) {
  const ChipProtection& protection = chip.protection;
  ProtectionState state;
  state.mode = mode_of(protection, registers);
  state.individual = get(registers, protection.wps);
  if (protection.decode == WpDecode::none) {
    const auto bits = static_cast<std::uint8_t>(registers[0] & protection.protect_mask);
    if (bits != 0) state.range = {0, chip.size};
    state.bits = fmt::format("SR1={:#04x}", registers[0]);
    return state;
  }
  const Setting setting = setting_of(protection, registers);
  state.range = state.individual ? Range{0, chip.size} : range_of(chip, setting);
  state.bits = fmt::format("BP={}", setting.bp);
  if (protection.tb) state.bits += fmt::format(" TB={:d}", setting.tb);
  if (protection.sec) state.bits += fmt::format(" SEC={:d}", setting.sec);
  if (protection.cmp) state.bits += fmt::format(" CMP={:d}", setting.cmp);
  if (protection.wps) state.bits += fmt::format(" WPS={:d}", state.individual);
  return state;
}

StatusRegisters without_protection(const Chip& chip, const StatusRegisters& registers) {
  const ChipProtection& protection = chip.protection;
  StatusRegisters to = registers;
  if (protection.decode == WpDecode::none) {
    const auto clear =
        static_cast<std::uint8_t>(protection.protect_mask | protection.lock_mask | usual_bits);
    to[0] = static_cast<std::uint8_t>(to[0] & ~clear);
    return to;
  }
  for (const RegisterBit bit : protection.bp) set(to, bit, false);
  set(to, protection.cmp, false);
  set(to, protection.wps, false);
  set(to, protection.srp, false);
  return to;
}

namespace {

/// Calls `visit(setting, range)` for every setting that can be made from here, until it returns
/// true.
template <typename Visit>
void each_setting(const Chip& chip, const StatusRegisters& registers, Visit visit) {
  const ChipProtection& protection = chip.protection;
  if (protection.decode == WpDecode::none)
    throw RefusedError(
        fmt::format("{} {}: which bits protect which range is not known", chip.vendor, chip.name));
  // The configuration register's bits can be set only once.
  const auto settable = [](RegisterBit bit) { return bit && bit.reg != 4; };
  const Setting now = setting_of(protection, registers);
  for (const bool cmp : {false, true})
    for (const bool sec : {false, true})
      for (const bool tb : {false, true})
        for (unsigned bp = 0; bp < (1U << bp_count(protection)); ++bp) {
          if (cmp != now.cmp && !settable(protection.cmp)) continue;
          if (sec != now.sec && !settable(protection.sec)) continue;
          if (tb != now.tb && !settable(protection.tb)) continue;
          const Setting setting{bp, tb, sec, cmp};
          if (visit(setting, range_of(chip, setting))) return;
        }
}

}  // namespace

StatusRegisters with_protection(const Chip& chip, const StatusRegisters& registers, Range range) {
  const ChipProtection& protection = chip.protection;
  Range smaller;
  Range larger{0, chip.size};
  std::optional<StatusRegisters> found;
  each_setting(chip, registers, [&](const Setting& setting, Range got) {
    if (got == range || (got.empty() && range.empty())) {
      found = registers;
      for (std::size_t i = 0; i < protection.bp.size(); ++i)
        set(*found, protection.bp[i], ((setting.bp >> i) & 1) != 0);
      set(*found, protection.tb, setting.tb);
      set(*found, protection.sec, setting.sec);
      set(*found, protection.cmp, setting.cmp);
      return true;
    }
    if (range.contains(got) && got.size > smaller.size) smaller = got;
    if (got.contains(range) && got.size < larger.size) larger = got;
    return false;
  });
  if (found) return *found;
  throw RefusedError(
      fmt::format("{} {}: cannot protect {}", chip.vendor, chip.name, to_string(range)),
      fmt::format("it can protect {} or {}", smaller.empty() ? "nothing" : to_string(smaller),
                  to_string(larger)));
}

std::vector<Range> protectable_ranges(const Chip& chip, const StatusRegisters& registers) {
  std::vector<Range> ranges;
  each_setting(chip, registers, [&](const Setting&, Range range) {
    if (range.empty()) range = {};
    if (std::ranges::find(ranges, range) == ranges.end()) ranges.push_back(range);
    return false;
  });
  std::ranges::sort(ranges, {},
                    [](const Range& range) { return std::pair(range.size, range.offset); });
  return ranges;
}

StatusRegisters with_lock(const Chip& chip, const StatusRegisters& registers, bool locked) {
  StatusRegisters to = registers;
  if (chip.protection.srp) {
    set(to, chip.protection.srp, locked);
  } else {
    if (chip.protection.lock_mask == 0)
      throw RefusedError(fmt::format("{} {}: its protection has no lock", chip.vendor, chip.name));
    const auto mask = chip.protection.lock_mask;
    to[0] = static_cast<std::uint8_t>(locked ? to[0] | mask : to[0] & ~mask);
  }
  return to;
}

std::array<bool, 4> protection_registers(const Chip& chip) {
  const ChipProtection& protection = chip.protection;
  std::array<bool, 4> used{};
  used[0] = protection.protect_mask != 0;
  std::vector<RegisterBit> bits(protection.bp.begin(), protection.bp.end());
  bits.insert(bits.end(), {protection.srp, protection.srl, protection.tb, protection.sec,
                           protection.cmp, protection.wps});
  for (const RegisterBit bit : bits)
    if (bit && bit.reg <= used.size()) used[bit.reg - 1U] = true;
  return used;
}

}  // namespace romwright::flash
