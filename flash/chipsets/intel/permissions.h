// SPDX-License-Identifier: GPL-2.0-or-later
// What the registers say of who may read and write what: regions, their grants, protected ranges.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "flash/base/range.h"
#include "flash/chipsets/intel/generation.h"
#include "flash/chipsets/intel/layout.h"

namespace romwright::flash::intel {

/// Where what is known of a region comes from.
enum class Source : std::uint8_t {
  none,        ///< nothing tells
  registers,   ///< FRAP, BIOS_BM_RAP and WAP
  descriptor,  ///< the masters' section: what was asked for, not what is
  overridden,  ///< the override strap is set: the masters' limits do not apply
};

struct Region {
  unsigned index = 0;
  std::string name;
  Range range;
  bool readable = true, writable = true;
  Source source = Source::none;
  bool tested = false;  ///< `readable` is what a read told
  [[nodiscard]] bool certain() const noexcept {
    return source == Source::registers || source == Source::overridden;
  }
};

struct ProtectedRange {
  std::string name;  ///< "PR0"
  std::uint32_t offset = 0, value = 0;
  Range range;
  bool no_read = false, no_write = false;
  bool locked = true;
};

struct Permissions {
  std::vector<Region> regions;
  std::vector<ProtectedRange> protected_ranges;
};

/// Reads a 32-bit SPI register.
using ReadRegister = std::function<std::uint32_t(std::uint32_t offset)>;
/// Reads a dword of the descriptor.
using ReadDescriptor = std::function<std::uint32_t(unsigned section, unsigned index)>;

/// `status` is HSFS; on an ICH7 SPIS, whose lock bit is the same.
Permissions read_permissions(const Generation& generation, std::uint16_t status,
                             const ReadRegister& read, const ReadDescriptor& descriptor);

/// What a PR register (PBR on an ICH7) protects; both flags false where it is unused.
ProtectedRange decode_protected_range(Engine engine, std::uint32_t value);

}  // namespace romwright::flash::intel
