// SPDX-License-Identifier: GPL-2.0-or-later
// Changes of regions, access rights and straps, with the values that ifdtool writes.
#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::images {

namespace {

/// A region of a block or less cannot hold content: so small a range marks an unused one.
constexpr std::uint64_t smallest_region = 0x1000;

constexpr std::size_t descriptor_size = 4096;

/// The bit that switches the Management Engine off.
struct DisableBit {
  std::size_t offset;  ///< in the image, of the dword
  unsigned bit;
};

std::vector<DisableBit> disable_bits(const IfdView& view) {
  if (view.version() == DescriptorVersion::v2) return {{view.fpsba(), 16}};
  switch (view.chipset()) {
    case IfdChipset::ich8:
    case IfdChipset::ich9:
    case IfdChipset::ich10:
      return {{view.fpsba(), 0}, {view.fmsba(), 0}, {view.fmsba(), 7}};
    default:
      return {{view.fpsba() + 40, 7}};
  }
}

/// Access rights of one master, as bits of region numbers.
struct Rights {
  std::uint32_t read = 0, write = 0;
};

std::uint32_t bits(std::initializer_list<unsigned> regions, std::uint32_t present) {
  std::uint32_t value = 0;
  for (const unsigned region : regions) value |= (1U << region) & present;
  return value;
}

std::uint32_t encode(Rights rights, DescriptorVersion version) {
  return version == DescriptorVersion::v1
             ? (rights.read & 0xff) << 16 | (rights.write & 0xff) << 24
             : (rights.read & 0xfff) << 8 | (rights.write & 0xfff) << 20;
}

enum Region : unsigned { fd, bios, me, gbe, pd, devexp, ec = 8, devexp2 = 9 };

/// FLMSTR1, 2, 3 and 5: BIOS, ME, GbE, EC.
struct LockedMasters {
  Rights bios_master, me_master, gbe_master, ec_master;
};

LockedMasters locked(IfdPlatform::Lock kind, std::uint32_t present) {
  constexpr std::uint32_t any = ~0U;
  switch (kind) {
    case IfdPlatform::Lock::atom:
      return {{bits({fd, bios}, any), bits({bios}, any)},
              {bits({fd, bios, devexp}, any), bits({devexp}, any)},
              {},
              {}};
    case IfdPlatform::Lock::server:
      return {{bits({fd, bios}, any), bits({bios}, any)},
              {bits({fd, me}, any), bits({me}, any)},
              {},
              {}};
    case IfdPlatform::Lock::legacy: {
      const std::uint32_t net = bits({gbe}, present);
      return {{bits({fd, bios}, any) | net, bits({bios}, any) | net},
              {bits({fd, me}, any) | net, bits({me}, any) | net},
              {net, net},
              {}};
    }
    case IfdPlatform::Lock::core:
      break;
  }
  LockedMasters result;
  result.bios_master = {bits({fd, bios}, any) | bits({gbe, pd, ec, devexp2}, present),
                        bits({bios}, any) | bits({gbe, pd}, present)};
  result.me_master = {bits({fd, me}, any) | bits({gbe}, present), bits({me}, any)};
  if (bits({gbe}, present) != 0) result.gbe_master = {bits({fd, gbe}, any), bits({gbe}, any)};
  if (bits({ec}, present) != 0) result.ec_master = {bits({fd, ec}, any), bits({ec}, any)};
  return result;
}

}  // namespace

bool IfdView::me_disabled() const {
  const auto places = disable_bits(*this);
  return std::all_of(places.begin(), places.end(), [&](const DisableBit& place) {
    return place.offset + 4 <= descriptor_size && ((dword(place.offset) >> place.bit) & 1U) != 0;
  });
}

IfdEditor::IfdEditor(Bytes image, const IfdPlatform* platform)
    : image_(image), platform_(platform) {
  const IfdView found = view();
  if (platform_ == nullptr) platform_ = &ifd_platform_of(found.chipset());
}

/// Read again for each change: content put into the region fd may have ended the descriptor.
IfdView IfdEditor::view() const {
  const auto found = find_ifd(image_);
  if (!found) throw ImageError("no flash descriptor");
  return *found;
}

Bytes IfdEditor::region(std::string_view name) const {
  const std::string where = fmt::format("region {}", name);
  const auto range = view().region(name);
  if (!range) throw ImageError(where + ": the descriptor has none");
  if (range->size < smallest_region) throw ImageError(where + ": too small to be one");
  return slice(image_, *range, where);
}

void IfdEditor::insert_region(std::string_view name, ConstBytes content) {
  const Bytes place = region(name);
  if (content.size() > place.size())
    throw ImageError(fmt::format("region {}: {} do not fit {}", name, human_size(content.size()),
                                 human_size(place.size())));
  if (name == "bios" || name == "BIOS") {
    std::fill(place.begin(), place.end(), 0xff);
    std::copy(content.begin(), content.end(), place.last(content.size()).begin());
  } else {
    std::copy(content.begin(), content.end(), place.begin());
  }
}

void IfdEditor::erase_region(std::string_view name) {
  const Bytes place = region(name);
  std::fill(place.begin(), place.end(), 0xff);
}

void IfdEditor::set_master(unsigned index, std::uint32_t value) {
  store_le<std::uint32_t>(slice(image_, {view().fmba() + 4 * std::uint64_t{index}, 4}, "master"), 0,
                          value);
}

void IfdEditor::unlock() {
  const std::vector<std::uint32_t> old = view().masters();
  if (platform_->version == DescriptorVersion::v1) {
    set_master(0, 0xffff0000);
    set_master(1, 0xffff0000);
    set_master(2, 0x08080000 | (old[2] & 0xffff));
    return;
  }
  for (const unsigned index : {0U, 1U, 2U, 4U})
    if (index < old.size())
      set_master(index,
                 platform_->extended_masters ? 0xffffffff : 0xffffff00 | (old[index] & 0xff));
}

void IfdEditor::lock() {
  const std::vector<std::uint32_t> old = view().masters();
  std::uint32_t present = 0;
  for (const IfdRegion& used : view().regions()) present |= 1U << used.index;
  const LockedMasters rights = locked(platform_->lock, present);
  const DescriptorVersion version = platform_->version;
  if (version == DescriptorVersion::v1) {
    set_master(0, encode(rights.bios_master, version));
    set_master(1, encode(rights.me_master, version));
    set_master(2, 0x00000118 | encode(rights.gbe_master, version));
    return;
  }
  const std::array<std::pair<unsigned, Rights>, 4> all = {{{0, rights.bios_master},
                                                           {1, rights.me_master},
                                                           {2, rights.gbe_master},
                                                           {4, rights.ec_master}}};
  for (const auto& [index, value] : all)
    if (index < old.size())
      set_master(index,
                 encode(value, version) | (platform_->extended_masters ? 0 : old[index] & 0xff));
}

void IfdEditor::set_me_disabled(bool disabled) {
  // Every place is checked before the first one changes; none may lie behind the descriptor.
  const Bytes descriptor = image_.first(descriptor_size);
  const std::vector<DisableBit> places = disable_bits(view());
  for (const DisableBit& place : places)
    slice(descriptor, {place.offset, 4}, "flash descriptor: soft strap");
  for (const DisableBit& place : places) {
    const Bytes field = descriptor.subspan(place.offset, 4);
    const std::uint32_t value = load_le<std::uint32_t>(field);
    const std::uint32_t mask = 1U << place.bit;
    store_le<std::uint32_t>(field, 0, disabled ? value | mask : value & ~mask);
  }
}

}  // namespace romwright::images
