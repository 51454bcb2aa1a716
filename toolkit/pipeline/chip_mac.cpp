// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/chip_mac.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::pipeline {

namespace {

constexpr std::uint64_t descriptor_size = 4096;
/// The largest GbE region that is known: two parts of 64 KiB.
constexpr std::uint64_t largest_gbe = 128U << 10;

/// The GbE region as the descriptor on the chip has it.
std::optional<Range> gbe_region(ConstBytes descriptor, std::uint64_t chip_size) {
  const auto ifd = images::find_ifd(descriptor);
  if (!ifd) return std::nullopt;
  const auto region = ifd->region("gbe");
  if (!region || region->size > largest_gbe || !Range{0, chip_size}.contains(*region))
    return std::nullopt;
  return region;
}

std::uint64_t size_of(const std::vector<manifests::BoardChip>& chips) {
  std::uint64_t sum = 0;
  for (const manifests::BoardChip& chip : chips) sum += chip.size;
  return sum;
}

}  // namespace

std::optional<images::Mac> mac_of_chip(Device& device, EventSink& events, Run& run) {
  if (device.size() < descriptor_size) return std::nullopt;
  Buffer descriptor(descriptor_size);
  device.flash().read(0, descriptor, run);
  try {
    const auto region = gbe_region(descriptor, device.size());
    if (!region) return std::nullopt;
    Buffer gbe(region->size);
    device.flash().read(region->offset, gbe, run);
    return images::GbeView(gbe).mac();
  } catch (const ImageError& error) {
    events.note(fmt::format("the chip's MAC is not known: {}", error.line()));
    return std::nullopt;
  }
}

Problems chip_problems(const manifests::Board& board, const Device& device) {
  if (board.chips.empty()) return {};
  const auto sizes = [&] {
    std::string text;
    for (const manifests::BoardChip& chip : board.chips)
      text += fmt::format("{}{}", text.empty() ? "" : " + ", human_size(chip.size));
    return text;
  };
  // A controller that hides the chips' ids shows those of a machine as one.
  const bool hidden = device.chips().size() == 1 && device.chips().front().id.empty();
  if (hidden && device.size() == size_of(board.chips)) return {};
  bool fits = board.chips.size() == device.chips().size();
  for (std::size_t i = 0; fits && i < board.chips.size(); ++i)
    fits = board.chips[i].size == device.chips()[i].size;
  if (fits) return {};
  std::string found;
  for (const FoundChip& chip : device.chips())
    found += fmt::format("{}{}", found.empty() ? "" : " + ", human_size(chip.size));
  return {{Severity::error, "chip", fmt::format("{} has {}, found {}", board.name, sizes(), found),
           board.chips.size() > 1 ? "give -p once a chip, in ascending order"
                                  : "is it the right machine?"}};
}

void require_chips(const manifests::Board& board, const Device& device) {
  for (const Problem& problem : chip_problems(board, device))
    throw RefusedError(fmt::format("{}: {}", problem.where, problem.message), problem.hint);
}

}  // namespace romwright::pipeline
