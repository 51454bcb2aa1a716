// SPDX-License-Identifier: GPL-2.0-or-later
// Several SPI commands as one spidev message.
#pragma once

#include <cstddef>
#include <deque>
#include <linux/spi/spidev.h>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/bus/spi_bus.h"

namespace romwright::flash {

/// The most bytes that one command of a message may move besides its data: opcode, 4 address bytes,
/// a dummy byte.
inline constexpr std::size_t spidev_header = 6;

/// Collects commands that go to the kernel in one SPI_IOC_MESSAGE, chip-select rising between them.
class SpidevMessage {
 public:
  /// `capacity`: what the transfers of one message may add up to (spidev's `bufsiz`).
  explicit SpidevMessage(std::size_t capacity) : capacity_(capacity) {}

  /// Appends `command`; false, and nothing changed, where it does not fit behind what is there.
  /// A command that exceeds the capacity alone never fits.
  bool add(const SpiCommand& command);
  [[nodiscard]] bool empty() const noexcept { return transfers_.empty(); }
  /// The ioctl's request, for as many transfers as there are.
  [[nodiscard]] unsigned long request() const noexcept;
  [[nodiscard]] std::vector<spi_ioc_transfer>& transfers() noexcept { return transfers_; }
  void clear();

 private:
  std::size_t capacity_;
  std::vector<spi_ioc_transfer> transfers_;
  std::deque<Buffer> sent_;  ///< what tx_buf points to; a deque, so that nothing moves
  std::size_t total_ = 0, out_ = 0, in_ = 0;
};

}  // namespace romwright::flash
