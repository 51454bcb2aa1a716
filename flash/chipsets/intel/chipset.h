// SPDX-License-Identifier: GPL-2.0-or-later
// Which of Intel's chipsets the machine has, and where its SPI registers are.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "flash/chipsets/intel/generation.h"
#include "flash/chipsets/intel/pci_ids.h"
#include "flash/host/machine.h"

namespace romwright::flash::intel {

struct Chipset {
  const PciId* id = nullptr;
  PciAddress found;  ///< the function whose id was known
  PciAddress spi;    ///< the SPI function, where the generation has one
  [[nodiscard]] const Generation& generation() const { return intel::generation(id->generation); }
  /// "Intel 6 series (HM65, 8086:1c49) at 00:1f.0".
  [[nodiscard]] std::string name() const;
};

/// The machine's; nothing where it has none of the table.
std::optional<Chipset> find_chipset(PciBus& pci);

/// What the straps say.
struct Straps {
  BootSource boots_from = BootSource::unknown;
  bool top_swap = false;          ///< the upper two boot blocks change places
  bool interface_locked = false;  ///< BILD: top swap and boot source stay until reset
};

/// The registers of the chipset, mapped.
struct Blocks {
  std::unique_ptr<Registers> registers;
  std::uint32_t spi = 0;  ///< where the SPI registers begin in them
  Straps straps;
};

/// Maps the chipset's registers and reads the straps; the SPI registers are not touched. Throws
/// NoDeviceError where they are not enabled, or the system does not let them be mapped.
Blocks map_chipset(Machine& machine, const Chipset& chipset);

}  // namespace romwright::flash::intel
