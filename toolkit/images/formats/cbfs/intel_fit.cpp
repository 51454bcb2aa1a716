// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/intel_fit.h"

#include <algorithm>
#include <optional>

namespace romwright::images {
namespace {

constexpr std::uint64_t top_of_memory = 1ULL << 32;
constexpr std::uint64_t pointer_before_end = 0x40;
constexpr std::uint64_t pointer_size = 8;
constexpr std::uint64_t entry_size = 16;
constexpr std::string_view signature = "_FIT_   ";
constexpr std::uint8_t type_table = 0, type_microcode = 1, type_unused = 0x7f;
constexpr std::uint64_t microcode_header_size = 48, microcode_default_size = 2048;

/// The offset in the image of a memory address.
std::optional<std::uint64_t> offset_of(ConstBytes image, std::uint64_t address) {
  if (address >= top_of_memory || top_of_memory - address > image.size()) return std::nullopt;
  return image.size() - (top_of_memory - address);
}

std::uint64_t size_of(ConstBytes image, std::uint64_t offset, std::uint8_t type,
                      std::uint64_t declared) {
  if (type != type_microcode || image.size() - offset < microcode_header_size) return declared;
  // A microcode update says its own size, 0 being that of the first ones.
  const std::uint64_t size = load_le<std::uint32_t>(image, static_cast<std::size_t>(offset) + 0x20);
  return size == 0 ? microcode_default_size : size;
}

}  // namespace

std::vector<FitComponent> fit_components(ConstBytes image) {
  if (image.size() < pointer_before_end) return {};
  const std::uint64_t pointer = image.size() - pointer_before_end;
  const std::optional<std::uint64_t> table =
      offset_of(image, load_le<std::uint64_t>(image, static_cast<std::size_t>(pointer)));
  if (!table || image.size() - *table < entry_size) return {};
  const ConstBytes bytes = image.subspan(static_cast<std::size_t>(*table));
  if (!std::ranges::equal(bytes.first(signature.size()), as_bytes(signature))) return {};
  const std::uint64_t count = std::min<std::uint64_t>(load_le<std::uint32_t>(bytes, 8) & 0xffffff,
                                                      bytes.size() / entry_size);
  std::vector<FitComponent> components = {{type_table, {pointer, pointer_size}},
                                          {type_table, {*table, count * entry_size}}};
  for (std::uint64_t i = 1; i < count; ++i) {
    const ConstBytes entry = bytes.subspan(static_cast<std::size_t>(i * entry_size), entry_size);
    const std::uint8_t type = entry[14] & 0x7f;
    const std::optional<std::uint64_t> at = offset_of(image, load_le<std::uint64_t>(entry));
    if (type == type_unused || !at) continue;
    const std::uint64_t declared = (load_le<std::uint32_t>(entry, 8) & 0xffffff) * entry_size;
    const std::uint64_t size = size_of(image, *at, type, declared);
    components.push_back({type, {*at, std::min<std::uint64_t>(size, image.size() - *at)}});
  }
  return components;
}

}  // namespace romwright::images
