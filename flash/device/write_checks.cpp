// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/write_checks.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/device/erase_plan.h"
#include "flash/device/ranges.h"

namespace romwright::flash {
namespace {

/// The pieces, of the smallest erase block, that `closed` is true of; it is true of the whole where
/// it is of a piece.
template <typename Closed>
std::vector<Range> pieces_of(const Geometry& geometry, Closed closed) {
  if (!closed(Range{0, geometry.size})) return {};
  std::uint64_t piece = 4096;
  for (const EraseType& type : geometry.erase_types)
    for (const EraseRun& run : type.runs)
      if (run.size != 0) piece = std::min<std::uint64_t>(piece, run.size);
  std::vector<Range> found;
  for (std::uint64_t at = 0; at < geometry.size; at += piece) {
    const Range range{at, std::min(piece, geometry.size - at)};
    if (closed(range)) found.push_back(range);
  }
  return join(found);
}

bool is_named(const WriteLimits& limits, const Range& range) {
  return std::ranges::any_of(limits.named, [&](const Range& one) { return one.contains(range); });
}

bool counts(const WriteLimits& limits, const Protection& protection) {
  return !protection.removable || !limits.unprotect;
}

}  // namespace

void check_extent(const Geometry& geometry, std::uint64_t image_size,
                  std::span<const Range> allowed) {
  if (image_size != geometry.size)
    throw RefusedError(fmt::format("the image has {}, the chip {}", human_size(image_size),
                                   human_size(geometry.size)));
  const Range whole{0, geometry.size};
  std::vector<RefusedError> errors;
  for (const Range& range : allowed)
    if (!whole.contains(range))
      errors.emplace_back(fmt::format("{}: lies outside the chip's {}", to_string(range),
                                      human_size(geometry.size)));
  throw_all(errors);
}

std::vector<Range> unreadable_ranges(Flash& flash) {
  return pieces_of(flash.geometry(),
                   [&](const Range& range) { return !flash.access(range).readable; });
}

std::vector<Range> closed_ranges(Flash& flash, const WriteLimits& limits) {
  std::vector<Range> found = pieces_of(flash.geometry(), [&](const Range& range) {
    const Access access = flash.access(range);
    return !access.writable || (access.uncertain && !is_named(limits, range));
  });
  for (const Protection& protection : limits.protections)
    if (counts(limits, protection)) found.push_back(protection.range);
  return join(found);
}

void check_writable(Flash& flash, std::span<const FlashStep> steps, const WriteLimits& limits) {
  std::vector<Range> touched;
  std::vector<RefusedError> denied;
  for (const FlashStep& step : steps)
    for (const Range& range : touched_ranges(step)) {
      touched.push_back(range);
      const Access access = flash.access(range);
      if (!access.writable)
        denied.emplace_back(fmt::format("{}: {}", to_string(range),
                                        access.reason.empty() ? "not writable" : access.reason));
      else if (access.uncertain && !is_named(limits, range))
        denied.emplace_back(fmt::format("{}: {}", to_string(range), access.reason),
                            "name the region if it shall be written all the same");
    }
  touched = join(touched);
  std::vector<ProtectedError> locked;
  for (const Protection& protection : limits.protections) {
    if (!counts(limits, protection)) continue;
    for (const Range& range : intersect(protection.range, touched))
      locked.emplace_back(
          range, fmt::format("{}: protected by {}", to_string(range), protection.by),
          protection.removable ? "--unprotect lifts it for the time of the write" : "");
  }
  throw_all(locked);
  throw_all(denied);
}

std::optional<Erase> smallest_block(const Geometry& geometry, std::uint64_t offset) {
  std::optional<Erase> best;
  for (std::size_t type = 0; type < geometry.erase_types.size(); ++type) {
    std::uint64_t at = geometry.erase_types[type].start;
    for (const EraseRun& run : geometry.erase_types[type].runs) {
      const Range runs{at, std::uint64_t{run.size} * run.count};
      at = runs.end();
      if (!runs.contains(offset)) continue;
      const Range block{offset - (offset - runs.offset) % run.size, run.size};
      if (!best || block.size < best->range.size) best = Erase{block, type};
    }
  }
  return best;
}

}  // namespace romwright::flash
