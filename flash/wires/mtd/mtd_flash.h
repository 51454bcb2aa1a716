// SPDX-License-Identifier: GPL-2.0-or-later
// A flash chip that Linux drives, by its device file /dev/mtdN.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "flash/base/clock.h"
#include "flash/bus/flash.h"
#include "flash/host/device_file.h"
#include "flash/wires/mtd/mtd_info.h"
#include "flash/wires/mtd/mtd_locks.h"

namespace romwright::flash {

/// A whole chip. Where it cannot be written it is opened all the same: `access` says why.
class MtdFlash final : public Flash {
 public:
  /// Opens the device of `info`, which `refuse_mtd` has let pass. Throws NoDeviceError. Kernel and
  /// clock outlive it.
  MtdFlash(Kernel& kernel, Clock& clock, MtdInfo info);

  [[nodiscard]] const MtdInfo& info() const noexcept { return info_; }
  [[nodiscard]] const Geometry& geometry() const noexcept override { return geometry_; }
  [[nodiscard]] Access access(Range range) override;
  [[nodiscard]] std::vector<Protection> protections() override;
  void read(std::uint64_t offset, Bytes into, Run& run) override;
  /// Unlocks the chip first, and locks again what was locked at the end, however that comes.
  void apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
             Run& run) override;
  [[nodiscard]] FlashStatistics statistics() const override { return statistics_; }

 private:
  void step(const FlashStep& step);
  void erase(Range range);
  void program(const Write& write);
  void put(std::uint64_t offset, ConstBytes data);
  void overwrite(const FlashStep& step);
  [[noreturn]] void failed(const char* what, std::uint64_t offset, std::int64_t error) const;

  Clock& clock_;
  MtdInfo info_;
  Geometry geometry_;
  std::unique_ptr<DeviceFile> file_;
  std::string read_only_;  ///< why, or empty
  FlashStatistics statistics_;
};

/// Opens /dev/mtd`number`. Throws NoDeviceError where it is none, or no whole chip.
std::unique_ptr<MtdFlash> open_mtd(Kernel& kernel, Clock& clock, unsigned number, bool allow_ram);

}  // namespace romwright::flash
