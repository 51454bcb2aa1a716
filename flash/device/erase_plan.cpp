// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/erase_plan.h"

#include <algorithm>
#include <compare>
#include <limits>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "flash/device/ranges.h"

namespace romwright::flash {
namespace {

constexpr std::size_t command_bytes = 6;  // write enable, opcode, address
constexpr std::uint64_t step_size = 0x10000;

struct Cost {
  std::uint64_t closed = 0;   // bytes that are touched, and may not be written
  std::uint64_t outside = 0;  // bytes outside the allowed ranges that are erased
  std::int64_t time = 0;      // nanoseconds
  std::uint64_t operations = 0;
  friend auto operator<=>(const Cost&, const Cost&) = default;
  Cost operator+(const Cost& other) const {
    return {closed + other.closed, outside + other.outside, time + other.time,
            operations + other.operations};
  }
};
constexpr Cost unreachable{std::numeric_limits<std::uint64_t>::max(), 0, 0, 0};

struct Block {
  Erase erase;
  std::int64_t time = 0;
};

std::vector<Block> all_blocks(const Geometry& geometry) {
  std::vector<Block> blocks;
  for (std::size_t type = 0; type < geometry.erase_types.size(); ++type) {
    const EraseType& erase = geometry.erase_types[type];
    std::uint32_t largest = 1;
    for (const EraseRun& run : erase.runs) largest = std::max(largest, run.size);
    std::uint64_t at = erase.start;
    for (const EraseRun& run : erase.runs) {
      const double share = static_cast<double>(run.size) / largest;
      const auto time =
          static_cast<std::int64_t>(static_cast<double>(erase.typical.count()) * share);
      for (std::uint32_t i = 0; i < run.count && run.size != 0; ++i, at += run.size)
        if (Range{0, geometry.size}.contains(Range{at, run.size}))
          blocks.push_back({{{at, run.size}, type}, time});
    }
  }
  std::stable_sort(blocks.begin(), blocks.end(), [](const Block& a, const Block& b) {
    return a.erase.range.offset < b.erase.range.offset;
  });
  return blocks;
}

/// Plans in units: pages, or less where a block or the device is no whole number of pages.
class Planner {
 public:
  Planner(const Geometry& geometry, ConstBytes current, ConstBytes wanted,
          std::span<const Range> allowed, std::span<const Range> suspect,
          std::span<const Range> closed)
      : geometry_(geometry),
        current_(current),
        wanted_(wanted),
        allowed_(join(allowed)),
        suspect_(join(suspect)),
        closed_(join(closed)),
        blocks_(all_blocks(geometry)) {
    unit_ = std::max<std::uint64_t>(geometry.page_size, 1);
    unit_ = std::gcd(unit_, geometry.size);
    for (const Block& block : blocks_)
      unit_ = std::gcd(std::gcd(unit_, block.erase.range.size), block.erase.range.offset);
    units_ = static_cast<std::size_t>(geometry.size / unit_);
    look_at_units();
  }

  ErasePlan plan() {
    choose();
    ErasePlan plan;
    for (std::size_t at = 0; at < units_;) {
      const std::size_t block = chosen_[at];
      if (block == none) {
        plain_unit(plan, at++);
      } else {
        erased_block(plan, blocks_[block].erase);
        at = unit_of(blocks_[block].erase.range.end());
      }
    }
    plan.time = std::chrono::nanoseconds(total_.time);
    plan.preserved = join(plan.preserved);
    return plan;
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  enum class Source : std::uint8_t { wanted, current, mixed };
  struct Unit {
    Source source = Source::wanted;
    bool blank = false;        // of the target
    bool needs_erase = false;  // cannot be reached by programming
    bool differs = false;
  };

  [[nodiscard]] std::size_t unit_of(std::uint64_t offset) const {
    return static_cast<std::size_t>(offset / unit_);
  }
  [[nodiscard]] Range range_of(std::size_t unit) const { return {unit * unit_, unit_}; }

  [[nodiscard]] std::int64_t program_time(std::uint64_t size) const {
    const auto pages = static_cast<double>(unit_) / std::max<std::uint32_t>(geometry_.page_size, 1);
    return static_cast<std::int64_t>(static_cast<double>(geometry_.page_program_time.count()) *
                                     pages) +
           geometry_.byte_time.count() * static_cast<std::int64_t>(size + command_bytes);
  }

  /// The target's bytes of a unit; mixed ones are put together in `scratch_`.
  ConstBytes target(std::size_t unit) {
    const Range range = range_of(unit);
    if (states_[unit].source == Source::wanted) return slice(wanted_, range, "image");
    const ConstBytes kept = slice(current_, range, "content");
    if (states_[unit].source == Source::current) return kept;
    scratch_.assign(kept.begin(), kept.end());
    for (const Range& inside : intersect(range, allowed_))
      std::copy_n(wanted_.begin() + static_cast<std::ptrdiff_t>(inside.offset), inside.size,
                  scratch_.begin() + static_cast<std::ptrdiff_t>(inside.offset - range.offset));
    return scratch_;
  }

  /// True when programming alone turns `from` into `to`.
  [[nodiscard]] bool programmable(ConstBytes from, ConstBytes to) const {
    if (!geometry_.bits_clear_again) return all_equal(from, geometry_.erased_value);
    const auto flip = static_cast<std::uint8_t>(~geometry_.erased_value);
    for (std::size_t i = 0; i < from.size(); ++i)
      if (((to[i] ^ flip) & ~(from[i] ^ flip)) != 0) return false;
    return true;
  }

  /// How many bytes of `range` lie in `ranges`, of which those before `next` lie below it.
  static std::uint64_t bytes_in(Range range, const std::vector<Range>& ranges, std::size_t& next) {
    while (next < ranges.size() && ranges[next].end() <= range.offset) ++next;
    std::uint64_t inside = 0;
    for (std::size_t i = next; i < ranges.size() && ranges[i].offset < range.end(); ++i)
      inside += range.intersect(ranges[i]).size;
    return inside;
  }

  void look_at_units() {
    states_.resize(units_);
    outside_.assign(units_ + 1, 0);
    locked_.assign(units_ + 1, 0);
    program_.assign(units_ + 1, 0);
    std::size_t next_allowed = 0;
    std::size_t next_suspect = 0;
    std::size_t next_closed = 0;
    for (std::size_t i = 0; i < units_; ++i) {
      const Range range = range_of(i);
      while (next_suspect < suspect_.size() && suspect_[next_suspect].end() <= range.offset)
        ++next_suspect;
      const std::uint64_t inside = bytes_in(range, allowed_, next_allowed);
      Unit& unit = states_[i];
      unit.source = inside == unit_ ? Source::wanted
                    : inside == 0   ? Source::current
                                    : Source::mixed;
      const ConstBytes now = slice(current_, range, "content");
      const ConstBytes to = target(i);
      unit.blank = all_equal(to, geometry_.erased_value);
      unit.differs = !std::equal(now.begin(), now.end(), to.begin());
      unit.needs_erase = unit.differs && !programmable(now, to);
      if (next_suspect < suspect_.size() && suspect_[next_suspect].overlaps(range))
        unit.needs_erase = true;
      outside_[i + 1] = outside_[i] + (unit_ - inside);
      locked_[i + 1] = locked_[i] + bytes_in(range, closed_, next_closed);
      program_[i + 1] = program_[i] + (unit.blank ? 0 : program_time(unit_));
    }
  }

  void choose() {
    std::vector<Cost> best(units_ + 1, unreachable);
    std::vector<std::size_t> by(units_ + 1, none);
    best[0] = {};
    std::size_t next = 0;
    for (std::size_t i = 0; i < units_; ++i) {
      const bool reached = best[i] != unreachable;
      for (; next < blocks_.size() && unit_of(blocks_[next].erase.range.offset) == i; ++next) {
        if (!reached) continue;
        const std::size_t end = unit_of(blocks_[next].erase.range.end());
        const Cost cost = best[i] + Cost{locked_[end] - locked_[i], outside_[end] - outside_[i],
                                         blocks_[next].time + program_[end] - program_[i], 1};
        if (cost < best[end]) {
          best[end] = cost;
          by[end] = next;
        }
      }
      if (!reached || states_[i].needs_erase) continue;
      const Cost cost = best[i] + (states_[i].differs ? Cost{locked_[i + 1] - locked_[i], 0,
                                                             program_time(unit_), 1}
                                                      : Cost{});
      // Equal cost: what needs no erase wins.
      if (cost <= best[i + 1]) {
        best[i + 1] = cost;
        by[i + 1] = none;
      }
    }
    if (best[units_] == unreachable) refuse(best);
    total_ = best[units_];
    chosen_.assign(units_, none);
    for (std::size_t at = units_; at > 0;) {
      if (by[at] == none) {
        --at;
      } else {
        const std::size_t from = unit_of(blocks_[by[at]].erase.range.offset);
        chosen_[from] = by[at];
        at = from;
      }
    }
  }

  [[noreturn]] void refuse(const std::vector<Cost>& best) const {
    std::size_t at = units_;
    while (at > 0 && best[at] == unreachable) --at;
    while (at < units_ && !states_[at].needs_erase) ++at;
    throw RefusedError(fmt::format("{}: must be erased, and no erase command reaches it",
                                   to_string(range_of(at))));
  }

  void add_program(ErasePlan& plan, FlashStep& step, std::size_t unit, Range part) {
    const Range range = range_of(unit);
    const Source source = states_[unit].source;
    ConstBytes data = target(unit);
    if (source == Source::mixed) {
      plan.pages.push_back(std::make_shared<const Buffer>(scratch_));
      data = *plan.pages.back();
    }
    data = slice(data, {part.offset - range.offset, part.size}, "page");
    plan.programmed_bytes += part.size;
    if (!step.programs.empty() && source != Source::mixed && last_source_ == source &&
        step.programs.back().range().end() == part.offset) {
      Write& last = step.programs.back();
      const ConstBytes whole = source == Source::wanted ? wanted_ : current_;
      last.data = slice(whole, {last.offset, last.data.size() + data.size()}, "page");
    } else {
      step.programs.push_back({part.offset, data});
    }
    last_source_ = source;
  }

  void plain_unit(ErasePlan& plan, std::size_t unit) {
    if (!states_[unit].differs) return;
    const Range range = range_of(unit);
    const bool join_last =
        !plan.steps.empty() && !plan.steps.back().erase.has_value() &&
        plan.steps.back().programs.back().offset / step_size == range.offset / step_size;
    if (!join_last) plan.steps.emplace_back();
    Range part = range;
    if (geometry_.bits_clear_again) {
      const ConstBytes now = slice(current_, range, "content");
      const ConstBytes to = target(unit);
      std::size_t first = 0;
      while (now[first] == to[first]) ++first;
      std::size_t last = now.size() - 1;
      while (now[last] == to[last]) --last;
      part = {range.offset + first, last - first + 1};
    }
    add_program(plan, plan.steps.back(), unit, part);
  }

  void erased_block(ErasePlan& plan, const Erase& erase) {
    FlashStep& step = plan.steps.emplace_back();
    step.erase = erase;
    plan.erased_bytes += erase.range.size;
    for (const Range& kept : subtract(erase.range, allowed_)) plan.preserved.push_back(kept);
    for (std::size_t i = unit_of(erase.range.offset); i < unit_of(erase.range.end()); ++i)
      if (!states_[i].blank) add_program(plan, step, i, range_of(i));
  }

  const Geometry& geometry_;
  ConstBytes current_;
  ConstBytes wanted_;
  std::vector<Range> allowed_;
  std::vector<Range> suspect_;
  std::vector<Range> closed_;
  std::vector<Block> blocks_;
  std::uint64_t unit_ = 1;
  std::size_t units_ = 0;
  std::vector<Unit> states_;
  std::vector<std::uint64_t> outside_, locked_;  // sums up to each unit
  std::vector<std::int64_t> program_;
  std::vector<std::size_t> chosen_;  // the block that is erased from this unit on
  Cost total_;
  Buffer scratch_;
  Source last_source_ = Source::wanted;
};

void check_size(const Geometry& geometry, ConstBytes bytes, std::string_view what) {
  if (bytes.size() != geometry.size)
    throw ImageError(
        fmt::format("{} has {:#x} bytes, the device {:#x}", what, bytes.size(), geometry.size));
}

}  // namespace

ErasePlan plan_erase(const Geometry& geometry, ConstBytes current, ConstBytes wanted,
                     std::span<const Range> allowed, std::span<const Range> suspect,
                     std::span<const Range> closed) {
  check_size(geometry, current, "the content");
  check_size(geometry, wanted, "the image");
  if (geometry.size == 0) return {};
  return Planner(geometry, current, wanted, allowed, suspect, closed).plan();
}

std::vector<Range> erased_ranges(std::span<const FlashStep> steps) {
  std::vector<Range> ranges;
  for (const FlashStep& step : steps)
    if (step.erase) ranges.push_back(step.erase->range);
  return join(ranges);
}

std::vector<Range> touched_ranges(const FlashStep& step) {
  std::vector<Range> ranges;
  if (step.erase) ranges.push_back(step.erase->range);
  for (const Write& write : step.programs) ranges.push_back(write.range());
  return join(ranges);
}

std::chrono::nanoseconds expected_time(const Geometry& geometry, const FlashStep& step) {
  double time = 0;
  if (step.erase) {
    const EraseType& type = geometry.erase_types.at(step.erase->type);
    std::uint64_t largest = 1;
    for (const EraseRun& run : type.runs) largest = std::max<std::uint64_t>(largest, run.size);
    time += static_cast<double>(type.typical.count()) *
            static_cast<double>(step.erase->range.size) / static_cast<double>(largest);
  }
  const std::uint64_t page = std::max<std::uint32_t>(geometry.page_size, 1);
  for (const Write& write : step.programs) {
    const std::uint64_t pages = (write.data.size() + page - 1) / page;
    time += static_cast<double>(geometry.page_program_time.count()) * static_cast<double>(pages) +
            static_cast<double>(geometry.byte_time.count()) *
                static_cast<double>(write.data.size() + pages * command_bytes);
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(time));
}

std::vector<std::string> describe(std::span<const FlashStep> steps) {
  std::vector<std::string> lines;
  for (const FlashStep& step : steps) {
    std::vector<std::string> parts;
    if (step.erase) parts.push_back("erase " + to_string(step.erase->range));
    for (const Write& write : step.programs) parts.push_back("program " + to_string(write.range()));
    lines.push_back(fmt::format("{}", fmt::join(parts, ", ")));
  }
  return lines;
}

bool operator==(const Write& a, const Write& b) {
  return a.offset == b.offset &&
         std::equal(a.data.begin(), a.data.end(), b.data.begin(), b.data.end());
}

bool operator==(const FlashStep& a, const FlashStep& b) {
  return a.erase == b.erase &&
         std::equal(a.programs.begin(), a.programs.end(), b.programs.begin(), b.programs.end());
}

}  // namespace romwright::flash
