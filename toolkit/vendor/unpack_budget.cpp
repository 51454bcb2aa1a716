// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/unpack_budget.h"

#include <algorithm>

#include <fmt/format.h>

namespace romwright::vendor {

namespace {

constexpr const char* no_package = "no vendor's package is like this: do not trust it";
/// No file that is packed honestly becomes more than this many times larger ...
constexpr std::uint64_t most_ratio = 1200;
/// ... unless it is small: disks are mostly empty.
constexpr std::uint64_t free_of_ratio = 64U << 20;
/// Of all files together.
constexpr std::uint64_t most_in_memory = 128U << 20;

}  // namespace

UnpackBudget::UnpackBudget(const ExtractLimits& limits, const ExtractedFiles& outermost)
    : limits_(limits) {
  for (const ExtractedFile& file : outermost) packed_ += file.content.size();
}

void UnpackBudget::add_file(const std::string& container) {
  if (++files_ > limits_.files)
    throw LimitError(fmt::format("{}: more than {} files come out", container, limits_.files),
                     no_package);
}

void UnpackBudget::add_bytes(const std::string& file, std::uint64_t size, std::uint64_t file_size,
                             std::uint64_t packed, std::uint64_t unpacked) {
  if (file_size > limits_.file_size)
    throw LimitError(
        fmt::format("{}: larger than {} when unpacked", file, human_size(limits_.file_size)),
        no_package);
  bytes_ += size;
  if (bytes_ > limits_.total_size)
    throw LimitError(
        fmt::format("{}: more than {} come out with it", file, human_size(limits_.total_size)),
        no_package);
  // Containers within containers multiply: all of them together are held against the outermost.
  if ((unpacked > free_of_ratio && unpacked / most_ratio > packed) ||
      (packed_ != 0 && bytes_ > free_of_ratio && bytes_ / most_ratio > packed_))
    throw LimitError(
        fmt::format("{}: more than {} times the size of what it is packed in", file, most_ratio),
        no_package);
}

std::uint64_t UnpackBudget::in_memory() const {
  return std::min(limits_.in_memory, most_in_memory - std::min(in_memory_, most_in_memory));
}

}  // namespace romwright::vendor
