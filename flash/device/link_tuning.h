// SPDX-License-Identifier: GPL-2.0-or-later
// The clock of a link: probed slowly, then raised as far as chip, programmer and wiring carry it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/bus/spi_bus.h"

namespace romwright::flash {

class LinkTuning {
 public:
  /// Lowers the clock, where it can be, for the probe that follows.
  explicit LinkTuning(SpiBus& bus);

  /// Raises the clock to what it was, and proves it: the chip's id, and its SFDP header where it
  /// has one, must read as at the low clock many times over. Where they do not, the other sampling
  /// edge is tried, then half the clock, and so on. Returns what there is to say, one line each;
  /// nothing when all is as it was asked for. To be called once a chip was found.
  std::vector<std::string> raise();

 private:
  [[nodiscard]] Buffer fingerprint() const;
  [[nodiscard]] bool carries(const Buffer& reference) const;

  SpiBus& bus_;
  std::uint32_t wanted_hz_;
  std::uint32_t low_hz_;
};

}  // namespace romwright::flash
