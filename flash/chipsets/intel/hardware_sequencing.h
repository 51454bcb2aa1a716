// SPDX-License-Identifier: GPL-2.0-or-later
// Hardware sequencing: the controller knows the chip's commands, and is told addresses only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/bus/flash.h"
#include "flash/chipsets/intel/controller.h"

namespace romwright::flash::intel {

/// All chips of the controller as one, in cycles of 64 bytes.
class HardwareSequencing final : public Flash {
 public:
  /// Reads the chips' sizes from the descriptor, and the controller's erase sizes. Throws
  /// NoDeviceError where there is no descriptor, or no controller. `controller` outlives it.
  explicit HardwareSequencing(Controller& controller);

  [[nodiscard]] const Geometry& geometry() const noexcept override { return geometry_; }
  [[nodiscard]] Access access(Range range) override;
  [[nodiscard]] std::vector<Protection> protections() override;
  void read(std::uint64_t offset, Bytes into, Run& run) override;
  void apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
             Run& run) override;
  [[nodiscard]] FlashStatistics statistics() const override { return statistics_; }
  /// The first chip's status register 1; nothing where the controller (before the 100 series) has
  /// no cycle for it, or refuses.
  [[nodiscard]] std::optional<std::uint8_t> chip_status();

 private:
  void make_geometry();
  void erase(const Erase& erase);
  void program(const Write& write);
  void read_cycle(std::uint64_t offset, Bytes into);
  CycleEnd try_cycle(std::uint32_t cycle, std::uint64_t offset, std::size_t count,
                     std::chrono::nanoseconds deadline);
  void cycle(std::uint32_t cycle, std::uint64_t offset, ConstBytes data, std::size_t count,
             std::chrono::nanoseconds deadline);
  void wait_idle(const std::string& what);
  std::uint32_t erase_size_at(std::uint64_t offset);

  Controller& controller_;
  std::uint32_t kept_address_;  ///< bits of FADDR above the address
  std::uint16_t status_;        ///< HSFS, when it was last read
  std::uint16_t clear_;         ///< written to HSFS, it clears the status and locks nothing
  bool changed_ = false;        ///< a cycle of this write has erased or programmed
  Geometry geometry_;
  FlashStatistics statistics_;
};

}  // namespace romwright::flash::intel
