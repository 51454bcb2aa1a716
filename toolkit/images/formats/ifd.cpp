// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/ifd.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::size_t descriptor_size = 4096;
constexpr std::size_t flumap1 = 0xefc;
constexpr std::uint32_t signature_value = 0x0ff0a55a;

struct RegionName {
  std::string_view name;
  std::string_view pretty;
};
constexpr std::array<RegionName, 16> names = {{{"fd", "Flash Descriptor"},
                                               {"bios", "BIOS"},
                                               {"me", "Intel ME"},
                                               {"gbe", "GbE"},
                                               {"pd", "Platform Data"},
                                               {"devexp", "Device Exp1"},
                                               {"bios2", "Secondary BIOS"},
                                               {"res7", "Reserved"},
                                               {"ec", "EC"},
                                               {"devexp2", "Device Exp2"},
                                               {"ie", "IE"},
                                               {"10gbe_0", "10GbE_0"},
                                               {"10gbe_1", "10GbE_1"},
                                               {"res13", "Reserved"},
                                               {"res14", "Reserved"},
                                               {"ptt", "PTT"}}};

bool is_v2(IfdChipset chipset) { return chipset > IfdChipset::pch8; }

}  // namespace

IfdView::IfdView(ConstBytes image, std::size_t signature)
    : image_(image), signature_(signature), version_(DescriptorVersion::v1) {
  slice(image, {0, descriptor_size}, "flash descriptor");
  if (dword(signature) != signature_value)
    throw ImageError(fmt::format("flash descriptor: no signature at {:#x}", signature));
  // The region section must lie inside; the others are checked where they are used.
  slice(image.first(descriptor_size), {frba(), 4 * region_count()}, "flash descriptor: regions");
  slice(image.first(descriptor_size), {fcba(), 12}, "flash descriptor: components");
  slice(image.first(descriptor_size), {fmba(), 12}, "flash descriptor: masters");
  if (is_v2(chipset())) version_ = DescriptorVersion::v2;
}

std::uint32_t IfdView::dword(std::size_t offset) const {
  return load_le<std::uint32_t>(image_, offset);
}

std::uint32_t IfdView::map(unsigned index) const {
  return dword(signature_ + 4 + 4 * std::size_t{index});
}

/// As many as lie between the region section and the next one, at most 16, or 5 before 8 series.
std::size_t IfdView::region_count() const {
  const std::size_t from = frba();
  std::size_t next = flumap1;
  for (const std::size_t section : {fcba(), fmba(), fpsba(), fmsba()})
    if (section > from) next = std::min(next, section);
  const std::size_t most = is_v2(chipset()) ? 16 : 5;
  return from < next ? std::min(most, (next - from) / 4) : 0;
}

std::vector<IfdRegion> IfdView::regions() const {
  std::vector<IfdRegion> found;
  for (unsigned i = 0; i < region_count(); ++i)
    if (const auto range = decode_region(dword(frba() + 4 * std::size_t{i}), i))
      found.push_back({i, names[i].name, names[i].pretty, *range});
  return found;
}

std::optional<Range> IfdView::region(std::string_view name) const {
  for (const IfdRegion& region : regions())
    if (region.name == name || region.pretty == name) return region.range;
  return std::nullopt;
}

std::vector<std::uint64_t> IfdView::components() const {
  const std::size_t count = std::min<std::size_t>(((map(0) >> 8) & 3) + 1, 2);
  const IfdChipset made = chipset();
  const unsigned bits = made >= IfdChipset::pch8 ? 4 : 3;
  const std::uint32_t flcomp = dword(fcba());
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code = (flcomp >> (i * bits)) & ((1U << bits) - 1);
    if (bits == 4 && code == 0xf) continue;
    sizes.push_back(code <= (bits == 4 ? 7U : 5U) ? std::uint64_t{1} << (19 + code) : 0);
  }
  return sizes;
}

std::vector<std::uint32_t> IfdView::masters() const {
  const std::size_t count = version_ == DescriptorVersion::v1 ? 3 : 6;
  std::vector<std::uint32_t> values;
  for (std::size_t i = 0; i < count && fmba() + 4 * i + 4 <= descriptor_size; ++i)
    values.push_back(dword(fmba() + 4 * i));
  return values;
}

std::vector<std::uint32_t> IfdView::straps() const {
  std::vector<std::uint32_t> values;
  for (std::size_t i = 0; i < map(1) >> 24 && fpsba() + 4 * i + 4 <= descriptor_size; ++i)
    values.push_back(dword(fpsba() + 4 * i));
  return values;
}

std::optional<IfdView> find_ifd(ConstBytes image) {
  for (const std::size_t offset : {std::size_t{0x10}, std::size_t{0}})
    if (image.size() >= offset + 4 && load_le<std::uint32_t>(image, offset) == signature_value)
      return IfdView(image, offset);
  return std::nullopt;
}

Problems IfdView::check() const {
  Problems problems;
  const auto add = [&](Severity severity, std::string where, std::string message,
                       std::string hint = {}) {
    problems.push_back({severity, std::move(where), std::move(message), std::move(hint)});
  };
  const std::vector<IfdRegion> used = regions();
  const std::uint64_t size = image_.size();
  const bool alone = size <= 2 * descriptor_size;  // a descriptor file, without the regions
  for (const IfdRegion& region : used) {
    const std::string where = fmt::format("region {}", region.name);
    if (!alone && !Range{0, size}.contains(region.range))
      add(Severity::error, where,
          fmt::format("{} lies outside the image's {}", to_string(region.range), human_size(size)));
    for (const IfdRegion& other : used)
      if (other.index > region.index && other.range.overlaps(region.range))
        add(Severity::error, where,
            fmt::format("{} overlaps region {} {}", to_string(region.range), other.name,
                        to_string(other.range)));
  }
  if (used.empty() || used.front().index != 0 || used.front().range.offset != 0)
    add(Severity::error, "region fd", "the descriptor's own region does not lie at 0");
  std::uint64_t whole = 0;
  for (const std::uint64_t component : components()) {
    if (component == 0) add(Severity::warning, "flash descriptor", "unknown chip density");
    whole += component;
  }
  if (!alone && size > whole && whole != 0)
    add(Severity::error, "flash descriptor",
        fmt::format("it is for chips of {} together, the image has {}", human_size(whole),
                    human_size(size)));
  else if (!alone && size < whole)
    add(Severity::note, "flash descriptor",
        fmt::format("it is for chips of {} together, the image has {}", human_size(whole),
                    human_size(size)));
  return problems;
}

}  // namespace romwright::images
