// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/verify_pass.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "flash/device/ranges.h"
#include "flash/device/write_checks.h"

namespace romwright::flash {
namespace {

constexpr std::uint64_t piece_size = 1U << 20;
constexpr int attempts = 3;

std::size_t count_differences(ConstBytes a, ConstBytes b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i] ? 1 : 0;
  return count;
}

/// Fills in where `read` first differs from `expected`; false when it does not.
bool note_difference(Mismatch& mismatch, Range range, ConstBytes expected, ConstBytes read) {
  const auto at = std::mismatch(expected.begin(), expected.end(), read.begin());
  if (at.first == expected.end()) return false;
  mismatch.offset = range.offset + static_cast<std::uint64_t>(at.first - expected.begin());
  mismatch.expected = *at.first;
  mismatch.actual = *at.second;
  return true;
}

}  // namespace

VerifyError to_error(const Mismatch& mismatch) {
  return {mismatch.offset, mismatch.expected, mismatch.actual};
}

std::vector<Mismatch> VerifyPass::compare(ConstBytes image, std::span<const Range> ranges,
                                          Run& run) {
  const std::uint64_t total = total_size(ranges);
  std::uint64_t done = 0;
  std::vector<Mismatch> found;
  Buffer read;
  run.events.progress({"verifying", 0, total});
  for (const Range& range : ranges)
    for (std::uint64_t at = 0; at < range.size;) {
      const Range piece{range.offset + at, std::min(range.size - at, piece_size)};
      read.resize(piece.size);
      flash_.read(piece.offset, read, run);
      compare_piece(piece, image, read, found, run);
      at += piece.size;
      done += piece.size;
      compared_ += piece.size;
      run.events.progress({"verifying", done, total});
    }
  return found;
}

void VerifyPass::compare_piece(Range piece, ConstBytes image, ConstBytes read,
                               std::vector<Mismatch>& found, Run& run) {
  const ConstBytes expected = slice(image, piece, "image");
  for (std::size_t at = 0; at < expected.size();) {
    const auto difference =
        std::mismatch(expected.begin() + static_cast<std::ptrdiff_t>(at), expected.end(),
                      read.begin() + static_cast<std::ptrdiff_t>(at));
    if (difference.first == expected.end()) return;
    const std::uint64_t offset =
        piece.offset + static_cast<std::uint64_t>(difference.first - expected.begin());
    const std::optional<Erase> erase = smallest_block(flash_.geometry(), offset);
    const Range block = erase ? erase->range : piece;
    const Range shared = block.intersect(piece);
    const Range inside{shared.offset - piece.offset, shared.size};
    Buffer again(shared.size);
    flash_.read(shared.offset, again, run);
    const ConstBytes wanted = slice(expected, inside, "image");
    Mismatch mismatch{.block = block};
    if (note_difference(mismatch, shared, wanted, again)) {
      if (found.empty() || found.back().block != block) found.push_back(mismatch);
    } else {
      const std::size_t wrong = count_differences(wanted, slice(read, inside, "read"));
      link_errors_ += wrong;
      run.events.warning(
          fmt::format("{}: read wrong once and right the second time: the link is unreliable",
                      to_string(shared)));
      slow_down(flash_, run);
    }
    at = static_cast<std::size_t>(inside.end());
  }
}

bool VerifyPass::rewrite(Mismatch& mismatch, ConstBytes content,
                         const std::function<void()>& before, Run& run) {
  const std::optional<Erase> erase = smallest_block(flash_.geometry(), mismatch.offset);
  if (!erase || erase->range != mismatch.block) return false;
  FlashStep step;
  step.erase = erase;
  if (!all_equal(content, flash_.geometry().erased_value))
    step.programs.push_back({mismatch.block.offset, content});
  Buffer read(content.size());
  for (int attempt = 0; attempt < attempts; ++attempt) {
    before();
    flash_.apply(
        {&step, 1}, [](std::size_t) {}, run);
    flash_.read(mismatch.block.offset, read, run);
    // A difference that the second reading does not show was the link's.
    if (count_differences(content, read) != 0) flash_.read(mismatch.block.offset, read, run);
    if (!note_difference(mismatch, mismatch.block, content, read)) return true;
  }
  return false;
}

}  // namespace romwright::flash
