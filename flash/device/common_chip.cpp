// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/common_chip.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace romwright::flash {
namespace {

constexpr std::uint64_t three_byte_reach = 1U << 24;

std::vector<EraseRun> runs_of(const Chip& chip, const ChipErase& erase) {
  if (!erase.runs.empty() || erase.size == 0) return {erase.runs.begin(), erase.runs.end()};
  return {{erase.size, static_cast<std::uint32_t>(chip.size / erase.size)}};
}

bool has_erase(const Chip& chip, const Chip& other, const ChipErase& erase) {
  return std::any_of(chip.erases.begin(), chip.erases.end(),
                     [&](const ChipErase& own) { return same_erase(chip, own, other, erase); });
}

bool enters(const ChipFeatures& features) {
  return features.four_byte_enter || features.four_byte_enter_wren;
}

ChipFeatures common_features(ChipFeatures a, const ChipFeatures& b) {
  const bool both_enter = enters(a) && enters(b);
  a.wrsr_ewsr |= b.wrsr_ewsr;
  a.wrsr_wren |= b.wrsr_wren;
  a.fast_read &= b.fast_read;
  a.sr2_via_wrsr &= b.sr2_via_wrsr;
  a.sr2_via_31 &= b.sr2_via_31;
  a.sr3_via_11 &= b.sr3_via_11;
  // A write enable that is not needed does no harm.
  a.four_byte_enter_wren = both_enter && (a.four_byte_enter_wren || b.four_byte_enter_wren);
  a.four_byte_enter = both_enter && !a.four_byte_enter_wren;
  a.four_byte_ear &= b.four_byte_ear;
  a.four_byte_bank &= b.four_byte_bank;
  a.four_byte_commands &= b.four_byte_commands;
  a.otp &= b.otp;
  a.ecc |= b.ecc;
  return a;
}

bool addressable(const Chip& chip) {
  const ChipFeatures& features = chip.features;
  return chip.size <= three_byte_reach || enters(features) || features.four_byte_ear ||
         features.four_byte_bank || features.four_byte_commands || features.four_byte_only;
}

/// The bits of status register 1 that protect something.
std::uint8_t protecting_bits(const ChipProtection& protection) {
  std::uint8_t bits = protection.protect_mask;
  for (const RegisterBit& bit : protection.bp)
    if (bit.reg == 1) bits = static_cast<std::uint8_t>(bits | 1U << bit.bit);
  return bits;
}

/// What decides the range must be the same; locks of single blocks and of the registers are kept
/// where both have them. Rules that differ leave the bits: any that is set may protect anything.
ChipProtection common_protection(const ChipProtection& a, const ChipProtection& b) {
  const auto rule = [](const ChipProtection& one) {
    return std::tuple(one.decode, one.bp, one.tb, one.sec, one.cmp, one.srp, one.protect_mask,
                      one.lock_mask);
  };
  if (rule(a) == rule(b)) {
    ChipProtection common = a;
    if (a.wps != b.wps) common.wps = {};
    if (a.srl != b.srl) common.srl = {};
    return common;
  }
  ChipProtection common;
  common.protect_mask = static_cast<std::uint8_t>(protecting_bits(a) | protecting_bits(b));
  common.lock_mask = static_cast<std::uint8_t>(a.lock_mask | b.lock_mask);
  for (const ChipProtection* one : {&a, &b})
    if (one->srp.reg == 1)
      common.lock_mask = static_cast<std::uint8_t>(common.lock_mask | 1U << one->srp.bit);
  return common;
}

}  // namespace

bool same_erase(const Chip& a, const ChipErase& first, const Chip& b, const ChipErase& second) {
  return first.opcode == second.opcode && runs_of(a, first) == runs_of(b, second);
}

std::optional<CommonChip> common_chip(std::span<const Chip* const> rows) {
  const Chip& first = *rows.front();
  Chip chip = first;
  std::vector<std::string> notes;
  std::vector<ChipErase> erases;
  std::array<int, 2> widest = first.millivolts;
  for (const Chip* row : rows) {
    if (row->size != first.size || row->program != first.program ||
        row->features.four_byte_only != first.features.four_byte_only)
      return std::nullopt;
    chip.page_size = std::min(chip.page_size, row->page_size);
    chip.features = common_features(chip.features, row->features);
    chip.protection = common_protection(chip.protection, row->protection);
    chip.millivolts = {std::max(chip.millivolts[0], row->millivolts[0]),
                       std::min(chip.millivolts[1], row->millivolts[1])};
    widest = {std::min(widest[0], row->millivolts[0]), std::max(widest[1], row->millivolts[1])};
  }
  for (const ChipErase& erase : first.erases)
    if (std::all_of(rows.begin(), rows.end(),
                    [&](const Chip* row) { return has_erase(*row, first, erase); }))
      erases.push_back(erase);
  if (!addressable(chip) || (erases.empty() && !first.erases.empty())) return std::nullopt;
  if (erases.size() < first.erases.size())
    notes.emplace_back("only the erase commands that all of them know are used");
  if (chip.millivolts[0] > chip.millivolts[1]) {
    chip.millivolts = widest;
    notes.push_back(
        fmt::format("some of them are for {:.1f} V and others for {:.1f} V: look at the chip",
                    widest[0] / 1000.0, widest[1] / 1000.0));
  }
  chip.erases = erases;
  return CommonChip{OwnedChip(chip), std::move(notes)};
}

}  // namespace romwright::flash
