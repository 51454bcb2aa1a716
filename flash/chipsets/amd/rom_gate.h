// SPDX-License-Identifier: GPL-2.0-or-later
// An AMD chipset whose flash hangs on LPC or FWH: its decoding, and ROM protect before it.
#pragma once

#include <cstdint>
#include <optional>

#include "flash/chipsets/amd/chipset.h"
#include "flash/chipsets/amd/imc.h"
#include "flash/chipsets/amd/rom_protect.h"
#include "flash/chipsets/mapped/rom_gate.h"

namespace romwright::flash::amd {

class RomGate final : public mapped::RomGate {
 public:
  RomGate(Machine& machine, const Chipset& chipset);

  [[nodiscard]] std::string name() const override { return chipset_.name(); }
  /// Only the embedded controller may stand before it.
  std::optional<std::string> open() override { return imc_.stop(); }
  std::optional<std::string> refusal() override { return imc_.stop(); }
  [[nodiscard]] std::uint64_t reach() override;
  [[nodiscard]] std::vector<Protection> protections(std::uint64_t chip_size) override;
  void lift(Range range, std::uint64_t chip_size) override;
  [[nodiscard]] std::vector<Finding> findings() override;
  void close() override;

 private:
  PciBus& pci_;
  Chipset chipset_;
  RomProtects protects_;
  Imc imc_;
};

}  // namespace romwright::flash::amd
