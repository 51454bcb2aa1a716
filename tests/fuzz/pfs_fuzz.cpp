// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as a Dell package, as a volume in one, and as its table of names: an Error is the
// only way out.
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/vendor/dell/bios_guard.h"
#include "toolkit/vendor/dell/pfs_package.h"
#include "toolkit/vendor/dell/pfs_volume.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  using namespace romwright::vendor;
  constexpr std::uint64_t limit = 4 << 20;
  const ConstBytes bytes(data, size);
  (void)read_pfs_names(bytes);
  try {
    const PfsPackage package = read_pfs_package(Content(nullptr, bytes), "X", {.memory = limit});
    for (const PfsComponent& component : package.components)
      if (component.path.find("..") == 0 || component.path.starts_with("/")) __builtin_trap();
  } catch (const Error&) {
  }
  try {
    for (const PfsEntry& entry : read_pfs_volume(bytes).entries)
      if (!Range{0, size}.contains(entry.data)) __builtin_trap();
    if (is_bios_guard_volume(bytes) && join_bios_guard_blocks(bytes, limit).size() > limit)
      __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
