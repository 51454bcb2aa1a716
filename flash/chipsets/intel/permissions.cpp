// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/permissions.h"

#include <fmt/format.h>

#include "flash/base/intel_descriptor.h"

namespace romwright::flash::intel {
namespace {

constexpr unsigned frap_regions = 8;     // whose grants FRAP has
constexpr unsigned master_regions = 12;  // whose grants every FLMSTR has
constexpr unsigned masters = 3;          // section of the descriptor
constexpr unsigned gpr0 = 5;

bool bit(std::uint32_t value, unsigned number) { return ((value >> number) & 1U) != 0; }

Region region_of(const Generation& generation, unsigned index, Range range, std::uint16_t status,
                 const ReadRegister& read, const ReadDescriptor& descriptor) {
  Region region{index, std::string(region_name(generation, index)), range};
  if ((status & hsfs_no_override) == 0) {
    region.source = Source::overridden;
  } else if (generation.access_registers) {
    region.source = Source::registers;
    region.readable = bit(read(access_read), index);
    region.writable = bit(read(access_write), index);
  } else if (index < frap_regions) {
    region.source = Source::registers;
    region.readable = bit(read(frap), index);
    region.writable = bit(read(frap), index + 8);
  } else if (index < master_regions || generation.extended_masters) {
    const std::uint32_t master = descriptor(masters, 0);
    region.source = Source::descriptor;
    region.readable = master_reads(master, index, DescriptorVersion::v2);
    region.writable = master_writes(master, index, DescriptorVersion::v2);
  }
  return region;
}

}  // namespace

ProtectedRange decode_protected_range(Engine engine, std::uint32_t value) {
  ProtectedRange found;
  found.value = value;
  found.no_write = bit(value, 31);
  std::uint64_t base = 0;
  std::uint64_t last = 0;
  if (engine == Engine::ich7) {
    base = std::uint64_t{value & 0xfffU} << 12;
    last = std::uint64_t{(value >> 12) & 0xfffU} << 12 | 0xfff;
  } else {
    found.no_read = bit(value, 15);
    base = std::uint64_t{value & 0x7fffU} << 12;
    last = std::uint64_t{(value >> 16) & 0x7fffU} << 12 | 0xfff;
  }
  if (base > last) found.no_read = found.no_write = false;
  if (found.no_read || found.no_write) found.range = {base, last + 1 - base};
  return found;
}

Permissions read_permissions(const Generation& generation, std::uint16_t status,
                             const ReadRegister& read, const ReadDescriptor& descriptor) {
  Permissions found;
  const Layout& layout = layout_of(generation.engine);
  const bool ich7 = generation.engine == Engine::ich7;
  const bool pch100 = generation.engine == Engine::pch100;
  const bool locked = (status & hsfs_locked) != 0;
  if (!ich7 && (status & hsfs_descriptor) != 0)
    for (unsigned i = 0; i < generation.regions; ++i) {
      const std::uint32_t value = read(i < 12 ? freg + 4 * i : freg_from_12 + 4 * (i - 12));
      // A register of 0 is unused, except the descriptor's own.
      if (const auto range = decode_region(value, i); range && (value != 0 || i == 0))
        found.regions.push_back(region_of(generation, i, *range, status, read, descriptor));
    }
  for (unsigned i = 0; i < layout.pr_count; ++i) {
    ProtectedRange range = decode_protected_range(generation.engine, read(layout.pr + 4 * i));
    if (range.range.empty()) continue;
    range.offset = layout.pr + 4 * i;
    range.name = i == gpr0 ? "GPR0" : fmt::format("{}{}", ich7 ? "PBR" : "PR", i);
    // GPR0 comes from the descriptor's soft straps.
    range.locked = locked || i == gpr0 || (pch100 && bit(read(dlock), dlock_pr_shift + i)) ||
                   (pch100 && i >= 3 && (status & hsfs_locks_34) != 0);
    found.protected_ranges.push_back(std::move(range));
  }
  return found;
}

}  // namespace romwright::flash::intel
