// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/progress_meter.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace romwright::cli {

namespace {

using Seconds = std::chrono::duration<double>;

/// Less time than this tells nothing of the speed.
constexpr Seconds shortest{0.2};
/// What was measured counts as much as the plan after this time.
constexpr Seconds trust{2};

/// What is left of a plan, by the pace that was kept so far; the plan's own at first.
Seconds planned_left(const Progress& progress, Seconds elapsed) {
  const Seconds done = progress.planned_done;
  const Seconds left = progress.planned_total - progress.planned_done;
  return left * ((elapsed + trust) / (done + trust));
}

}  // namespace

Estimate ProgressMeter::update(const Progress& progress, Time now) {
  Estimate estimate;
  if (progress.phase != phase_ || progress.total != total_ || progress.done < done_) {
    phase_ = progress.phase;
    total_ = progress.total;
    done_at_start_ = progress.done;
    start_ = now;
    estimate.begun = true;
  }
  done_ = progress.done;
  estimate.finished = progress.done >= progress.total;
  const bool planned = progress.planned_total.count() > 0;
  estimate.share = planned ? Seconds(progress.planned_done) / Seconds(progress.planned_total)
                           : static_cast<double>(progress.done) / static_cast<double>(total_);
  estimate.share = estimate.finished ? 1 : std::clamp(estimate.share, 0.0, 1.0);
  estimate.percent = static_cast<unsigned>(estimate.share * 100);
  const Seconds elapsed = now - start_;
  const auto worked = static_cast<double>(progress.done - done_at_start_);
  if (elapsed >= shortest && worked > 0) {
    if (progress.items.empty()) estimate.rate = worked / elapsed.count();
    estimate.left = elapsed * (static_cast<double>(total_ - progress.done) / worked);
  }
  if (planned) estimate.left = planned_left(progress, elapsed);
  if (estimate.finished) estimate.left.reset();
  return estimate;
}

std::string clock_text(std::chrono::duration<double> time) {
  constexpr double longest = 359999;
  const auto seconds = static_cast<long>(std::ceil(std::clamp(time.count(), 0.0, longest)));
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string bar_text(const Progress& progress, const Estimate& estimate, std::size_t columns) {
  constexpr std::size_t widest = 30;
  std::vector<std::string> parts{fmt::format(" {:3} %", estimate.percent)};
  if (!progress.items.empty())
    parts.push_back(fmt::format("  {} of {} {}", progress.done, progress.total, progress.items));
  if (estimate.rate) parts.push_back(fmt::format("  {:.0f} KiB/s", *estimate.rate / 1024));
  if (estimate.left) parts.push_back(fmt::format("  {} left", clock_text(*estimate.left)));
  const std::string before = fmt::format("{:<12} ", progress.phase);
  const std::string after = fmt::format("{}", fmt::join(parts, ""));
  const std::size_t text = before.size() + after.size() + 2;
  if (text < columns) {
    const std::size_t width = std::min(widest, columns - text);
    const auto filled = static_cast<std::size_t>(estimate.share * static_cast<double>(width));
    return fmt::format("{}[{:<{}}]{}", before, std::string(filled, '#'), width, after);
  }
  // No bar, and of the rest what finds room.
  parts.front() = fmt::format(" {} %", estimate.percent);
  std::string line = std::string(progress.phase).substr(0, columns);
  for (const std::string& part : parts)
    if (line.size() + part.size() <= columns) line += part;
  return line;
}

}  // namespace romwright::cli
