// SPDX-License-Identifier: GPL-2.0-or-later
// The firmware hub interface of ICH to ICH7: which addresses it decodes, and BIOS_CNTL before it.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "flash/chipsets/intel/bios_control.h"
#include "flash/chipsets/intel/chipset.h"
#include "flash/chipsets/mapped/rom_gate.h"

namespace romwright::flash::intel {

/// Whether the chipset's firmware hub interface is known: ICH to ICH7.
bool has_firmware_hub(const Chipset& chipset);

/// How many bytes below 4 GiB reach the chip that is selected by 0: `enable` as FWH_DEC_EN
/// (bits 15 to 8: 512 KiB each from the top, bits 3 to 0: the 1 MiB each below), `select_1` and
/// `select_2` as FWH_SEL, of which nibbles the highest is the top.
std::uint64_t decoded_below_4gib(std::uint16_t enable, std::uint32_t select_1,
                                 std::uint16_t select_2);

class FirmwareHub final : public mapped::RomGate {
 public:
  FirmwareHub(Machine& machine, const Chipset& chipset);

  [[nodiscard]] std::string name() const override { return chipset_.name(); }
  /// Decodes all that can be, and asks BIOS_CNTL.
  std::optional<std::string> open() override;
  std::optional<std::string> refusal() override { return bios_control_.refusal(); }
  [[nodiscard]] std::uint64_t reach() override;
  [[nodiscard]] std::vector<Finding> findings() override;
  void close() override;

 private:
  /// Offsets of the bridge's configuration space; 0 where there is none.
  struct Offsets {
    std::uint8_t select_1, select_2, enable_low, enable_high, bios_control;
  };
  static Offsets offsets(const Chipset& chipset);
  void set(std::uint8_t offset, std::uint8_t value);

  PciBus& pci_;
  Chipset chipset_;
  Offsets at_;
  BiosControl bios_control_;
  std::vector<std::pair<std::uint8_t, std::uint8_t>> changed_;
};

}  // namespace romwright::flash::intel
