// SPDX-License-Identifier: GPL-2.0-or-later
// Top swap: a bit of the chipset, kept by the CMOS battery, by which the machine boots from the
// block below the top one.
#pragma once

#include <cstdint>

namespace romwright::flash {

class TopSwap {
 public:
  TopSwap() = default;
  TopSwap(const TopSwap&) = delete;
  TopSwap& operator=(const TopSwap&) = delete;
  virtual ~TopSwap() = default;
  /// Of either of the two blocks, in bytes.
  [[nodiscard]] virtual std::uint64_t block_size() const noexcept = 0;
  [[nodiscard]] virtual bool is_set() = 0;
  /// The interface lock-down (BILD): the bit stays as it is until reset.
  [[nodiscard]] virtual bool is_locked() = 0;
  /// Outlives the process, and the power. Throws DeviceError where it does not read back.
  virtual void set(bool on) = 0;
};

}  // namespace romwright::flash
