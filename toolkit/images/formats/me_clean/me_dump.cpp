// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/me_dump.h"

#include <algorithm>
#include <array>
#include <utility>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::string_view what = "flash descriptor";
constexpr std::uint64_t strap_10 = 0x28;  ///< from FPSBA
constexpr std::uint32_t unused_region = 0x00001fff;

MeDump::Limits limits(std::uint32_t flreg) {
  return {std::uint64_t{flreg & 0x7fff} << 12, (std::uint64_t{(flreg >> 16) & 0x7fff} + 1) << 12};
}

/// Of limits in whole blocks, which may lie anywhere: what does not fit is cut off.
std::uint32_t flreg(std::int64_t start, std::int64_t end) {
  return static_cast<std::uint32_t>((start >> 12) & 0x7fff) |
         static_cast<std::uint32_t>(((end - 1) >> 12) & 0x7fff) << 16;
}

bool signature_at(ConstBytes image, std::size_t offset) {
  constexpr std::array<std::uint8_t, 4> signature = {0x5a, 0xa5, 0xf0, 0x0f};
  return image.size() >= offset + 4 && std::ranges::equal(image.subspan(offset, 4), signature);
}

}  // namespace

bool MeDump::has_signature(ConstBytes image) {
  return signature_at(image, 0) || signature_at(image, 0x10);
}

std::optional<MeDump> MeDump::find(ConstBytes image) {
  MeDump dump;
  dump.first_generation_ = signature_at(image, 0);
  if (!has_signature(image)) return std::nullopt;
  const ConstBytes map = slice(image, {dump.first_generation_ ? 4U : 0x14U, 12}, what);
  dump.frba_ = (load_le<std::uint32_t>(map, 0) >> 12) & 0xff0;
  dump.fmba_ = (load_le<std::uint32_t>(map, 4) & 0xff) << 4;
  dump.fpsba_ = (load_le<std::uint32_t>(map, 4) >> 12) & 0xff0;
  dump.fmsba_ = (load_le<std::uint32_t>(map, 8) & 0xff) << 4;
  const ConstBytes regions = slice(image, {dump.frba_, 12}, what);
  dump.descriptor_ = limits(load_le<std::uint32_t>(regions, 0));
  dump.bios_ = limits(load_le<std::uint32_t>(regions, 4));
  dump.me_ = limits(load_le<std::uint32_t>(regions, 8));
  return dump;
}

std::pair<MeDump::Strap, std::optional<MeDump::Strap>> MeDump::straps(int generation) const {
  if (generation == 1) return {{fpsba_, 1}, Strap{fmsba_, 1}};
  if (generation == 2) return {{fpsba_ + strap_10, 1U << 7}, std::nullopt};
  return {{fpsba_, 1U << 16}, std::nullopt};
}

std::string_view MeDump::bit_name(int generation) {
  return generation == 1 ? "meDisable" : generation == 2 ? "AltMeDisable" : "HAP";
}

bool MeDump::disabled(ConstBytes image, int generation) const {
  const auto [first, second] = straps(generation);
  const auto is_set = [&](const Strap& strap) {
    const Range place = {descriptor_.start + strap.offset, 4};
    if (place.end() > descriptor_.end)
      throw ImageError("flash descriptor: its straps lie outside its region");
    return (load_le<std::uint32_t>(slice(image, place, what)) & strap.bit) != 0;
  };
  return is_set(first) && (!second || is_set(*second));
}

void MeDump::disable(Buffer& image, int generation) const {
  const auto [first, second] = straps(generation);
  MeWindow descriptor = window(image);
  for (const Strap& strap : {first, second.value_or(first)})
    descriptor.write_dword(strap.offset, descriptor.dword(strap.offset, what) | strap.bit, what);
}

void MeDump::remove_me_region(Buffer& image) const {
  store_le(slice(Bytes(image), {frba_ + 8, 4}, what), 0, unused_region);
}

void MeDump::drop_access(Buffer& image, int generation) const {
  MeWindow descriptor = window(image);
  const std::uint64_t master = fmba_ + 4;
  const std::uint32_t rights =
      generation == 3 ? 0x00400500 : (descriptor.dword(master, what) | 0x04040000) & 0x0404ffff;
  descriptor.write_dword(master, rights, what);
}

Buffer MeDump::extract(Buffer& image, std::optional<std::int64_t> me_size, bool me_too) const {
  if (descriptor_.start >= descriptor_.end)
    throw ImageError("flash descriptor: it says that it has no region itself");
  const MeWindow descriptor = window(image);
  const ConstBytes bytes = descriptor.read_some(0, descriptor.size(), what);
  Buffer copy(bytes.begin(), bytes.end());
  if (!me_size || bios_.start != me_.end) return copy;
  const std::int64_t start = static_cast<std::int64_t>(me_.start), end = start + *me_size;
  store_le(slice(Bytes(copy), {frba_ + 4, 4}, what), 0,
           flreg(end, static_cast<std::int64_t>(bios_.end)));
  if (me_too) store_le(slice(Bytes(copy), {frba_ + 8, 4}, what), 0, flreg(start, end));
  return copy;
}

}  // namespace romwright::images
