// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chips/table.h"

#include <algorithm>
#include <cctype>

namespace romwright::flash {

namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool matches_part(std::string_view part, std::string_view wanted) {
  return part.size() == wanted.size() &&
         std::equal(part.begin(), part.end(), wanted.begin(),
                    [](char known, char c) { return known == '.' || lower(known) == lower(c); });
}

}  // namespace

std::span<const Chip* const> all_chips() {
  static const std::vector<const Chip*> chips = [] {
    std::vector<const Chip*> all;
    for (const ChipVendor* vendor : chip_vendors())
      for (const Chip& chip : vendor->rows) all.push_back(&chip);
    return all;
  }();
  return chips;
}

bool names_part(std::string_view name, std::string_view wanted) {
  if (matches_part(name, wanted)) return true;
  for (;;) {
    const std::size_t slash = name.find('/');
    if (matches_part(name.substr(0, slash), wanted)) return true;
    if (slash == std::string_view::npos) return false;
    name.remove_prefix(slash + 1);
  }
}

std::vector<const Chip*> find_chips(std::string_view wanted) {
  std::vector<const Chip*> found;
  for (const Chip* chip : all_chips())
    if (names_part(chip->name, wanted)) found.push_back(chip);
  std::stable_partition(found.begin(), found.end(), [&](const Chip* chip) {
    return chip->name.find(wanted) != std::string_view::npos;
  });
  return found;
}

}  // namespace romwright::flash
