// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/region_proposal.h"

#include <optional>

#include <fmt/format.h>

#include "toolkit/images/layout.h"

namespace romwright::pipeline {
namespace {

constexpr std::uint64_t descriptor_size = 4096;

/// The regions of the chip's descriptor that lie on the chip.
std::vector<images::Region> regions_of(Device& device, Run& run) {
  if (device.size() < descriptor_size || !device.flash().access({0, descriptor_size}).readable)
    return {};
  std::vector<images::Region> regions;
  try {
    Buffer start(descriptor_size);
    device.flash().read(0, start, run);
    for (images::Region& region : images::image_layout(start).regions)
      if (region.source == "ifd" && !region.range.empty() &&
          Range{0, device.size()}.contains(region.range))
        regions.push_back(std::move(region));
  } catch (const ImageError&) {
    return {};  // a descriptor that is damaged proposes nothing
  }
  return regions;
}

bool is_open(flash::Flash& chip, Range range, Wish wish) {
  const flash::Access access = chip.access(range);
  return access.readable && (wish == Wish::read || (access.writable && !access.uncertain));
}

}  // namespace

std::string propose_regions(Device& device, Wish wish, Run& run) {
  std::string names;
  bool all = true;
  for (const images::Region& region : regions_of(device, run))
    if (is_open(device.flash(), region.range, wish))
      names += fmt::format(" --region {}", region.name);
    else
      all = false;
  return all || names.empty() ? std::string() : "--ifd" + names;
}

void refuse_with_proposal(const RefusedError& error, Device& device, Wish wish, Run& run) {
  const std::string regions = propose_regions(device, wish, run);
  RefusedError proposed(error.what(), regions.empty()
                                          ? error.hint()
                                          : fmt::format("{} leaves alone what is closed", regions));
  for (const std::string& other : error.others()) proposed.also(other);
  throw proposed;
}

}  // namespace romwright::pipeline
