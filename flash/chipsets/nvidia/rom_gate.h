// SPDX-License-Identifier: GPL-2.0-or-later
// NVIDIA's LPC bridges, from nForce2 to MCP55: their decoding of the flash, and its locks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "flash/chipsets/mapped/rom_gate.h"
#include "flash/host/machine.h"

namespace romwright::flash::nvidia {

/// Which registers open the way to the flash.
enum class Method : std::uint8_t {
  nforce2,  ///< 0x92 cleared
  ck804,    ///< segment locks at 0x8a and from 0x8c on, decoding at 0x88
  mcp55,    ///< decoding at 0x88, 0x8c, 0x90
  mcp6x,    ///< as mcp55 where straps say LPC (0x8a bits 5 and 6)
};

struct Bridge {
  std::uint16_t device;
  Method method;
  bool tested;
  std::string_view name;
};

/// The bridge of a device id, or nullptr. The slave bridge of a CK804 is not among them.
const Bridge* find_bridge(std::uint16_t device);

class RomGate final : public mapped::RomGate {
 public:
  RomGate(Machine& machine, PciAddress at, const Bridge& bridge);

  [[nodiscard]] std::string name() const override;
  std::optional<std::string> open() override;
  std::optional<std::string> refusal() override;
  [[nodiscard]] std::uint64_t reach() override;
  [[nodiscard]] std::vector<Finding> findings() override;
  void close() override;

 private:
  std::optional<std::string> open_segments();
  void set8(std::uint8_t offset, std::uint8_t value);

  PciBus& pci_;
  PciAddress at_;
  const Bridge& bridge_;
  struct Changed {
    std::uint8_t offset;
    unsigned bytes;
    std::uint32_t before;
  };
  std::vector<Changed> changed_;
};

}  // namespace romwright::flash::nvidia
