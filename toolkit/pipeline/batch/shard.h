// SPDX-License-Identifier: GPL-2.0-or-later
// A part of a plan, for one of several machines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace romwright::pipeline {

/// The `index`-th of `count` parts, counted from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;

  [[nodiscard]] bool is_all() const noexcept { return count == 1; }
  /// Whether the item at `position` of `total` is of this part. The parts are runs of neighbours,
  /// so that few of them read the same release, and their sizes differ by one at most.
  [[nodiscard]] bool has(std::size_t position, std::size_t total) const noexcept {
    return position >= begin(index - 1, total) && position < begin(index, total);
  }

 private:
  [[nodiscard]] std::size_t begin(std::size_t part, std::size_t total) const noexcept {
    return part * (total / count) + part * (total % count) / count;
  }
};

/// Parses "3/8". Throws UsageError for anything else, and for a part that there is not.
Shard parse_shard(std::string_view text);
/// "3/8"
std::string to_string(const Shard& shard);

}  // namespace romwright::pipeline
