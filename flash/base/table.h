// SPDX-License-Identifier: GPL-2.0-or-later
// A table of entries that the build collects from the files of a folder (see
// packaging/cmake/Table.cmake).
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace romwright {

/// Pointers to the entries, in the alphabetical order of their files.
template <typename Entry>
using Table = std::span<const Entry* const>;

/// The entry whose `name` is `name`, or nullptr.
template <typename Entry>
[[nodiscard]] const Entry* find_entry(Table<Entry> table, std::string_view name) {
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const Entry* entry) { return entry->name == name; });
  return at == table.end() ? nullptr : *at;
}

}  // namespace romwright
