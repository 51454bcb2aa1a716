// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/chip_choice.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "flash/device/common_chip.h"

namespace romwright::flash {
namespace {

/// True when an opcode erases blocks of another size than SFDP says, or the sizes differ.
bool contradicts(const Chip& row, const Chip& sfdp) {
  if (row.size != sfdp.size) return true;
  for (const ChipErase& erase : row.erases)
    for (const ChipErase& told : sfdp.erases)
      if (erase.opcode == told.opcode && !same_erase(row, erase, sfdp, told)) return true;
  return false;
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
  std::optional<CommonChip> common = common_chip(left);
  if (!common)
    throw UsageError(fmt::format("several chips answer with this id, and behave differently: {}",
                                 join_names(left)),
                     "say which with --chip NAME");
  std::vector<std::string> notes{
      fmt::format("{} answer alike and behave alike: taken as {}", join_names(left), first.name)};
  notes.insert(notes.end(), common->notes.begin(), common->notes.end());
  return {std::move(common->chip), std::move(notes)};
}

}  // namespace romwright::flash
