// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/moved_clip.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::pipeline {

namespace {

constexpr std::size_t block_size = 4096;

bool has_descriptor(ConstBytes content) {
  try {
    return images::find_ifd(content).has_value();
  } catch (const ImageError&) {
    return true;
  }
}

/// Blocks that are the same and not blank.
std::size_t common_blocks(ConstBytes a, ConstBytes b) {
  std::size_t common = 0;
  const std::size_t size = std::min(a.size(), b.size());
  for (std::size_t at = 0; at + block_size <= size; at += block_size) {
    const ConstBytes block = a.subspan(at, block_size);
    if (!all_equal(block, block[0]) && std::ranges::equal(block, b.subspan(at, block_size)))
      ++common;
  }
  return common;
}

std::string describe(const ChipPart& part) {
  return fmt::format("{} ({})", part.chip, human_size(part.range.size));
}

std::string describe(std::span<const ChipPart> parts) {
  std::vector<std::string> names;
  for (const ChipPart& part : parts) names.push_back(describe(part));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

bool needs_content(std::span<const ChipPart> parts, std::uint64_t chip_size) {
  return std::ranges::count_if(
             parts, [&](const ChipPart& part) { return part.range.size == chip_size; }) > 1;
}

std::size_t find_part(std::span<const ChipPart> parts, ConstBytes image, const ChipContent& chip,
                      const std::string& named) {
  const bool descriptor_expected = has_descriptor(image);
  const bool descriptor = has_descriptor(chip.content);
  const auto fits = [&](std::size_t i) {
    if (parts[i].range.size != chip.size) return false;
    return !descriptor || (i == 0 && descriptor_expected);
  };
  if (!named.empty()) {
    const auto found = std::ranges::find(parts, named, &ChipPart::chip);
    if (found == parts.end())
      throw UsageError(fmt::format("--part {}: the board has no such chip", named),
                       describe(parts));
    const auto index = static_cast<std::size_t>(found - parts.begin());
    if (!fits(index))
      throw RefusedError(
          fmt::format("--part {}: this chip has {}{}", named, human_size(chip.size),
                      descriptor ? " and begins with a flash descriptor" : ""),
          fmt::format("the board has {}: is the clip on the other chip?", describe(parts)));
    return index;
  }
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (fits(i)) candidates.push_back(i);
  if (candidates.empty())
    throw RefusedError(fmt::format("a chip of {}{} is none of the board's", human_size(chip.size),
                                   descriptor ? " that begins with a flash descriptor" : ""),
                       fmt::format("it has {}", describe(parts)));
  if (candidates.size() == 1) return candidates.front();
  std::vector<std::size_t> scores;
  for (const std::size_t i : candidates)
    scores.push_back(common_blocks(slice(image, parts[i].range, parts[i].chip), chip.content));
  // The descriptor is on the first chip, and nothing else looks like it.
  if (descriptor) return candidates.front();
  const auto best = std::ranges::max_element(scores);
  if (*best == 0 || std::ranges::count(scores, *best) > 1)
    throw RefusedError(
        "which chip the clip is on cannot be told: several have this size, and the "
        "content is like none of them",
        fmt::format("say it with --part: {}", describe(parts)));
  return candidates[static_cast<std::size_t>(best - scores.begin())];
}

}  // namespace romwright::pipeline
