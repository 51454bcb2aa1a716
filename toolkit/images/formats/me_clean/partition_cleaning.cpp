// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/partition_cleaning.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::string_view what = "partition table";
constexpr std::uint64_t entry_size = 0x20;
constexpr std::uint64_t count_at = 0x14, checksum_at = 0x1b, flags_at = 0x24, entries_at = 0x30;
constexpr std::uint32_t effs_present = 1;
/// How a partition is called whose name is no text.
constexpr std::string_view no_name = "????";

ConstBytes entry_of(const MeFirmware& firmware, std::uint64_t index) {
  return slice(ConstBytes(firmware.table), {index * entry_size, entry_size}, what);
}

/// Where an entry's partition starts and ends.
struct Limits {
  std::uint64_t start = 0, end = 0;
  [[nodiscard]] Range range() const { return {start, end - std::min(start, end)}; }
};

/// What the entry says. The last one of ME 6 may leave its length open: then it ends where the
/// region does, also where it starts behind that.
Limits limits_of(const MeWindow& region, const MeFirmware& firmware, std::uint64_t index) {
  const ConstBytes entry = entry_of(firmware, index);
  const std::uint64_t start = load_le<std::uint32_t>(entry, 8);
  const std::uint32_t length = load_le<std::uint32_t>(entry, 12);
  const bool open = firmware.variant == "ME" && firmware.version[0] == 6 &&
                    index + 1 == firmware.entries && length == 0xffffffff;
  return {start, open ? region.size() : start + length};
}

bool has_data(ConstBytes entry, const Limits& limits, const MeWindow& region) {
  constexpr std::uint32_t nvram = 2;
  // The end of the region in the image, not its size: as the public tool compares.
  return (load_le<std::uint32_t>(entry, 0x1c) & 0x7f) != nvram && limits.start != 0 &&
         limits.start != limits.end && limits.end <= region.end();
}

/// Fills what lies in the region, each byte once, however often a table names it.
void make_blank(MeWindow& region, std::vector<Limits> parts) {
  std::ranges::sort(parts, {}, &Limits::start);
  std::uint64_t done = 0;
  for (const Limits& part : parts) {
    region.fill(std::max(done, part.start), part.end, what);
    done = std::max(done, part.end);
  }
}

std::string name_of(ConstBytes entry) {
  return me_name(entry.first(4)).value_or(std::string(no_name));
}

void write_checksum(MeWindow& region, int generation) {
  const std::uint64_t from = generation == 3 ? 0x10 : 0;
  const ConstBytes summed = region.read(from, 0x30 - from, what);
  const unsigned sum = std::accumulate(summed.begin(), summed.end(), 0U) -
                       summed[static_cast<std::size_t>(checksum_at - from)];
  const auto checksum = static_cast<std::uint8_t>(0U - sum);
  region.write(checksum_at, ConstBytes(&checksum, 1), what);
}

}  // namespace

bool MePartitionChoice::keeps(const std::string& name) const {
  const bool named = std::ranges::find(names, name) != names.end();
  return name == "FTPR" || named != all_but;
}

std::vector<MePartitionFate> list_partitions(const MeWindow& region, const MeFirmware& firmware) {
  std::vector<MePartitionFate> found;
  for (std::uint64_t i = 0; i < firmware.entries; ++i) {
    const ConstBytes entry = entry_of(firmware, i);
    const Limits limits = limits_of(region, firmware, i);
    found.push_back({name_of(entry), limits.range(),
                     has_data(entry, limits, region) ? MeFate::kept : MeFate::no_data});
  }
  return found;
}

MePartitions clean_partitions(MeWindow& region, const MeFirmware& firmware,
                              const MePartitionChoice& choice) {
  MePartitions result{list_partitions(region, firmware), 0};
  Buffer kept;
  std::vector<Limits> removed;
  for (std::uint64_t i = 0; i < firmware.entries; ++i) {
    MePartitionFate& partition = result.partitions[i];
    if (partition.fate == MeFate::kept) {
      const ConstBytes entry = entry_of(firmware, i);
      const Limits limits = limits_of(region, firmware, i);
      if (!choice.keeps(partition.name)) {
        partition.fate = MeFate::removed;
        if (limits.end > region.size()) {
          make_blank(region, std::move(removed));
          throw ImageError(fmt::format("partition {}: {} lies outside the region of {:#x} bytes",
                                       shown_me_name(partition.name), to_string(partition.range),
                                       region.size()));
        }
        removed.push_back(limits);
      } else {
        kept.insert(kept.end(), entry.begin(), entry.end());
        if (partition.name != "FTPR") result.end = std::max(result.end, limits.end);
      }
    }
    partition.name = shown_me_name(partition.name);
  }
  make_blank(region, std::move(removed));
  region.write(entries_at, kept, what);
  region.write_dword(count_at, static_cast<std::uint32_t>(kept.size() / entry_size), what);
  region.fill(entries_at + kept.size(), entries_at + firmware.table.size(), what);
  if (!choice.keeps("EFFS"))
    region.write_dword(flags_at, region.dword(flags_at, what) & ~effs_present, what);
  write_checksum(region, firmware.generation);
  return result;
}

}  // namespace romwright::images
