// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/chip_choice.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

std::vector<EraseRun> runs_of(const Chip& chip, const ChipErase& erase) {
  if (!erase.runs.empty() || erase.size == 0) return {erase.runs.begin(), erase.runs.end()};
  return {{erase.size, static_cast<std::uint32_t>(chip.size / erase.size)}};
}

bool same_erase(const Chip& a, const ChipErase& first, const Chip& b, const ChipErase& second) {
  return first.opcode == second.opcode && runs_of(a, first) == runs_of(b, second);
}

bool has_erase(const Chip& chip, const Chip& other, const ChipErase& erase) {
  return std::any_of(chip.erases.begin(), chip.erases.end(),
                     [&](const ChipErase& own) { return same_erase(chip, own, other, erase); });
}

/// True when an opcode erases blocks of another size than SFDP says, or the sizes differ.
bool contradicts(const Chip& row, const Chip& sfdp) {
  if (row.size != sfdp.size) return true;
  for (const ChipErase& erase : row.erases)
    for (const ChipErase& told : sfdp.erases)
      if (erase.opcode == told.opcode && !same_erase(row, erase, sfdp, told)) return true;
  return false;
}

/// True when the same bytes on the bus read and program both; erases are looked at apart.
bool alike(const Chip& a, const Chip& b) {
  const auto addressing = [](const ChipFeatures& features) {
    return std::tuple(features.four_byte_enter, features.four_byte_enter_wren,
                      features.four_byte_ear, features.four_byte_bank, features.four_byte_commands,
                      features.four_byte_only);
  };
  return a.size == b.size && a.page_size == b.page_size && a.program == b.program &&
         a.features.ecc == b.features.ecc &&
         (a.size <= (1U << 24) || addressing(a.features) == addressing(b.features));
}

std::string join_names(std::span<const Chip* const> chips) {
  std::vector<std::string> names;
  for (const Chip* chip : chips) names.emplace_back(chip->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string full_name(const Chip& chip) { return fmt::format("{} {}", chip.vendor, chip.name); }

ChipChoice choose_chip(std::span<const Chip* const> candidates, const Chip* sfdp) {
  std::vector<const Chip*> left(candidates.begin(), candidates.end());
  if (sfdp != nullptr && left.size() > 1) {
    std::vector<const Chip*> agreeing;
    for (const Chip* row : left)
      if (!contradicts(*row, *sfdp)) agreeing.push_back(row);
    if (!agreeing.empty()) left = agreeing;
  }
  const Chip& first = *left.front();
  if (left.size() == 1) return {OwnedChip(first), {}};
  std::vector<ChipErase> common;
  for (const ChipErase& erase : first.erases)
    if (std::all_of(left.begin(), left.end(),
                    [&](const Chip* row) { return has_erase(*row, first, erase); }))
      common.push_back(erase);
  const bool same =
      std::all_of(left.begin(), left.end(), [&](const Chip* row) { return alike(first, *row); });
  if (!same || (common.empty() && !first.erases.empty()))
    throw UsageError(fmt::format("several chips answer with this id, and behave differently: {}",
                                 join_names(left)),
                     "say which with --chip NAME");
  Chip chip = first;
  chip.erases = common;
  std::vector<std::string> notes{
      fmt::format("{} answer alike and behave alike: taken as {}", join_names(left), first.name)};
  if (common.size() < first.erases.size())
    notes.emplace_back("only the erase commands that all of them know are used");
  return {OwnedChip(chip), std::move(notes)};
}

}  // namespace romwright::flash
