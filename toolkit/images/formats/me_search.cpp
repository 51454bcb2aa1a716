// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_search.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "flash/base/error.h"
#include "toolkit/images/formats/ifd.h"
#include "toolkit/images/formats/me.h"

namespace romwright::images {
namespace {

constexpr std::array<std::uint8_t, 4> descriptor_signature = {0x5a, 0xa5, 0xf0, 0x0f};
constexpr std::uint64_t signature_offset = 0x10;
constexpr std::string_view table_signature = "$FPT", directory_signature = "$CPD";
constexpr std::uint64_t table_offset = 0x10;
constexpr std::uint64_t block_size = 0x1000;
constexpr std::uint64_t smallest_region = 0x1000;
/// More signatures than any package has; bounds the time for a file that is full of them.
constexpr int most_signatures = 64;

ConstBytes from(ConstBytes file, std::uint64_t offset) {
  return file.subspan(static_cast<std::size_t>(offset));
}

/// Whether there is code of the engine: a partition table where it usually lies, or further behind,
/// or, in layouts that have no table at the start, a directory of code.
bool has_engine(ConstBytes region) {
  constexpr std::size_t searched = 1 << 20;
  const ConstBytes start = region.first(std::min(searched, region.size()));
  return is_me_region(region) || find_bytes(start, as_bytes(table_signature)) ||
         find_bytes(start, as_bytes(directory_signature));
}

/// The region that a descriptor at the start of `image` names, where there is an engine in it.
std::optional<Range> described_region(ConstBytes image) {
  try {
    const std::optional<IfdView> descriptor = find_ifd(image);
    if (!descriptor) return std::nullopt;
    const std::optional<Range> region = descriptor->region("me");
    if (!region) return std::nullopt;
    const Range there = region->intersect({0, image.size()});
    if (!has_engine(slice(image, there, "region me"))) return std::nullopt;
    return there;
  } catch (const ImageError&) {
    return std::nullopt;
  }
}

/// Whether the whole file is a region, with a table that can be read.
bool is_region(ConstBytes file) {
  try {
    return is_me_region(file) && !MeView(file).partitions().empty();
  } catch (const ImageError&) {
    return false;
  }
}

/// A region found by its table alone.
struct Candidate {
  Range range;            ///< up to the end of the last partition
  bool manifest = false;  ///< its code's was found
};

std::optional<Candidate> candidate(ConstBytes file, std::uint64_t start) {
  try {
    const ConstBytes bytes = from(file, start);
    const MeView me(bytes);
    const bool has_code = std::ranges::any_of(me.partitions(), [](const MePartition& partition) {
      return partition.has_data && (partition.name == "FTPR" || partition.name == "CODE");
    });
    if (!has_code) return std::nullopt;
    std::uint64_t end = smallest_region;
    for (const MePartition& partition : me.partitions())
      if (partition.has_data) end = std::max(end, partition.range.end());
    const std::uint64_t size = std::min<std::uint64_t>(align_up(end, block_size), bytes.size());
    return Candidate{{start, size}, me.version().has_value()};
  } catch (const ImageError&) {
    return std::nullopt;
  }
}

/// The region of the table at `table`, which lies at 0x10 in it, or at 0 in old firmware: where the
/// manifest is found decides.
std::optional<Range> region_of_table(ConstBytes file, std::uint64_t table) {
  std::optional<Candidate> best;
  for (const std::uint64_t before : {table_offset, std::uint64_t{0}}) {
    if (table < before || (best && best->manifest)) continue;
    const auto found = candidate(file, table - before);
    if (found && (!best || found->manifest)) best = found;
  }
  return best ? std::optional(best->range) : std::nullopt;
}

/// A manifest of generation 2 by Intel at the start: the code partition's.
bool is_update(ConstBytes file) {
  constexpr std::size_t vendor_at = 0x10, tag_at = 0x1c;
  return file.size() >= smallest_region && load_le<std::uint32_t>(file, vendor_at) == 0x8086 &&
         std::ranges::equal(file.subspan(tag_at, 4), as_bytes("$MN2"));
}

std::vector<MePlace> described_anywhere(ConstBytes file) {
  std::vector<MePlace> places;
  std::size_t at = signature_offset;
  for (int i = 0; i < most_signatures; ++i) {
    const auto found = find_bytes(file, descriptor_signature, at);
    if (!found) break;
    at = *found + descriptor_signature.size();
    const std::uint64_t start = *found - signature_offset;
    if (const auto region = described_region(from(file, start))) {
      places.push_back({MeForm::region, {start + region->offset, region->size}, true});
      at = static_cast<std::size_t>(places.back().range.end());
    }
  }
  return places;
}

std::vector<MePlace> tables_anywhere(ConstBytes file) {
  std::vector<MePlace> places;
  std::size_t at = 0;
  for (int i = 0; i < most_signatures; ++i) {
    const auto found = find_bytes(file, as_bytes(table_signature), at);
    if (!found) break;
    at = *found + table_signature.size();
    if (const auto region = region_of_table(file, *found)) {
      places.push_back({MeForm::region, *region, true});
      at = std::max(at, static_cast<std::size_t>(region->end()));
    }
  }
  return places;
}

}  // namespace

std::vector<MePlace> find_me(ConstBytes file) {
  if (const auto region = described_region(file)) return {{MeForm::region, *region, false}};
  if (is_region(file)) return {{MeForm::region, {0, file.size()}, false}};
  if (is_update(file)) return {{MeForm::update, {0, file.size()}, false}};
  std::vector<MePlace> places = described_anywhere(file);
  if (places.empty()) places = tables_anywhere(file);
  return places;
}

}  // namespace romwright::images
