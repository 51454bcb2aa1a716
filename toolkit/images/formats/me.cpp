// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/me_keys.h"

namespace romwright::images {

namespace {

constexpr std::size_t header_size = 0x20;
constexpr std::size_t entry_size = 0x20;
constexpr std::uint32_t no_data = 0xffffffff;
/// More than any region has; bounds what a damaged count makes us read.
constexpr std::uint32_t most_partitions = 256;

bool table_at(ConstBytes region, std::uint64_t offset) noexcept {
  return Range{0, region.size()}.contains(Range{offset, header_size}) &&
         std::ranges::equal(region.subspan(offset, 4), as_bytes("$FPT"));
}

/// Where the partition table lies.
struct Table {
  std::uint64_t offset = 0;
  std::uint64_t base = 0;  ///< of the partitions' offsets
};

std::optional<Table> find_table(ConstBytes region) noexcept {
  for (const std::uint64_t offset : {0x10U, 0U})
    if (table_at(region, offset)) return Table{offset, 0};
  // Since the 300 series a layout table comes first: the data partition's offset, at 0x10 or 0x18.
  for (const std::size_t pointer : {0x10U, 0x18U}) {
    if (region.size() < pointer + 4) break;
    const std::uint64_t data = load_le<std::uint32_t>(region, pointer);
    if (table_at(region, data)) return Table{data, data};
  }
  return std::nullopt;
}

std::string partition_name(ConstBytes field) {
  std::string name;
  for (const std::uint8_t byte : field)
    if (byte != 0) name += byte > ' ' && byte <= '~' ? static_cast<char>(byte) : '?';
  return name;
}

bool has_tag(ConstBytes region, std::uint64_t offset, std::string_view tag) {
  return Range{0, region.size()}.contains(Range{offset, tag.size()}) &&
         std::ranges::equal(region.subspan(offset, tag.size()), as_bytes(tag));
}

/// The offset of "FTPR.man" in a code partition directory, from the partition's start.
std::optional<std::uint64_t> directory_manifest(ConstBytes partition) {
  constexpr std::size_t first = 0x10, size = 24;
  const std::uint32_t count = load_le<std::uint32_t>(partition, 4);
  for (std::size_t i = 0; i < count && first + (i + 1) * size <= partition.size(); ++i) {
    const ConstBytes entry = partition.subspan(first + i * size, size);
    if (c_string(entry.first(12)) == "FTPR.man")
      return load_le<std::uint32_t>(entry, 12) & 0x1ffffff;
  }
  return std::nullopt;
}

}  // namespace

bool is_me_region(ConstBytes region) noexcept { return find_table(region).has_value(); }

MeView::MeView(ConstBytes region) : region_(region) {
  const auto table = find_table(region);
  if (!table) throw ImageError("ME region: no partition table ($FPT)");
  layout_table_ = table->base != 0;
  read_partitions(table->offset, table->base);
  if (layout_table_)
    generation_ = 3;
  else
    read_manifest();
  // Generation 2 sums from the region's start, generation 3 from the table.
  const std::size_t from = table->offset == 0x10 && generation_ < 3 ? 0 : table->offset;
  const ConstBytes summed = region.subspan(from, table->offset + header_size - from);
  checksum_valid_ = (std::accumulate(summed.begin(), summed.end(), 0U) & 0xffU) == 0;
  const auto used = [](const MePartition& part) { return part.has_data && !part.blank; };
  const auto is_code = [](const MePartition& part) {
    return part.name == "FTPR" || part.name == "CODE";
  };
  cleaned_ =
      std::ranges::any_of(partitions_,
                          [&](const MePartition& part) { return used(part) && is_code(part); }) &&
      std::ranges::all_of(partitions_, [&](const MePartition& part) {
        return !used(part) || is_code(part) || part.name == "MFS";
      });
}

void MeView::read_partitions(std::size_t table, std::uint64_t base) {
  const std::uint32_t count = load_le<std::uint32_t>(region_, table + 4);
  if (count > most_partitions)
    throw ImageError(fmt::format("ME region: a partition table with {} entries", count));
  const ConstBytes entries =
      slice(region_, {table + header_size, std::uint64_t{count} * entry_size},
            "ME region: partition table");
  // Partitions lie in each other at most a few times; a table that says more is not believed, for
  // the time that it would take.
  std::uint64_t to_look_at = 4 * region_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const ConstBytes entry = entries.subspan(i * entry_size, entry_size);
    MePartition part;
    part.name = partition_name(entry.first(4));
    const std::uint32_t offset = load_le<std::uint32_t>(entry, 8);
    part.range = {base + offset, load_le<std::uint32_t>(entry, 12)};
    part.flags = load_le<std::uint32_t>(entry, 28);
    // ME 6: the last entry may reach to the region's end without saying how far that is.
    if (part.range.size == no_data && i + 1 == count && part.range.offset < region_.size())
      part.range.size = region_.size() - part.range.offset;
    part.has_data = (part.flags & 0x7f) != 2 && offset != 0 && offset != no_data &&
                    part.range.size != 0 && Range{0, region_.size()}.contains(part.range);
    if (part.has_data && part.range.size <= to_look_at) {
      to_look_at -= part.range.size;
      part.blank = all_equal(region_.subspan(part.range.offset, part.range.size), 0xff);
    }
    partitions_.push_back(std::move(part));
  }
}

void MeView::read_manifest() {
  const MePartition* code = partition("FTPR");
  const auto first = std::ranges::find_if(partitions_, [](const MePartition& part) {
    return part.name == "CODE" || part.name == "FTPR";
  });
  if (first != partitions_.end() && first->name == "CODE") {
    generation_ = 1;
    code = &*first;
  }
  if (code == nullptr || !code->has_data) return;
  std::uint64_t manifest = code->range.offset;
  if (has_tag(region_, manifest, "$CPD")) {
    generation_ = 3;
    const auto inside =
        code->range.size >= 0x10
            ? directory_manifest(region_.subspan(code->range.offset, code->range.size))
            : std::nullopt;
    if (!inside) return;
    manifest += *inside;
  }
  if (!has_tag(region_, manifest + 0x1c, "$MN2") && !has_tag(region_, manifest + 0x1c, "$MAN"))
    return;
  constexpr std::size_t size = 0x184;
  if (!Range{0, region_.size()}.contains(Range{manifest, size})) return;
  const ConstBytes header = region_.subspan(manifest, size);
  version_.emplace();
  for (std::size_t i = 0; i < 4; ++i) (*version_)[i] = load_le<std::uint16_t>(header, 0x24 + 2 * i);
  variant_ = me_variant(find_me_key(header.subspan(0x80, 0x104)), (*version_)[0]);
}

const MePartition* MeView::partition(std::string_view name) const {
  const auto at = std::ranges::find(partitions_, name, &MePartition::name);
  return at == partitions_.end() ? nullptr : &*at;
}

Problems MeView::check() const {
  Problems problems;
  if (!version_ && !layout_table_)
    problems.push_back({Severity::warning, "ME region", "no manifest of the code partition", ""});
  if (!checksum_valid_ && generation_ < 3)
    problems.push_back(
        {Severity::warning, "ME region", "wrong checksum of the partition table", ""});
  return problems;
}

}  // namespace romwright::images
