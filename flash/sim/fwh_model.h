// SPDX-License-Identifier: GPL-2.0-or-later
// A flash chip on LPC or FWH in software: the bytes that the processor reads and writes go in and
// come out, and operations take their time on a virtual clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/clock.h"

namespace romwright::flash {

/// Which commands the chip knows: JEDEC's with their unlock cycles, or the 82802AB's.
enum class FwhFamily : std::uint8_t { jedec, intel };

struct FwhSettings {
  FwhFamily family = FwhFamily::jedec;
  std::uint8_t manufacturer = 0xbf, model = 0x52;
  std::uint32_t sector_size = 4096, block_size = 65536;
  std::uint32_t lock_size = 0;      ///< of a block with a lock register; 0: there are none
  std::uint8_t locks_at_reset = 1;  ///< what the lock registers hold
  Range pins;                       ///< what TBL# and WP# protect
  unsigned weak_every = 0;          ///< every so many-th program takes no effect
  bool hangs = false;               ///< no operation ever ends
};

struct FwhCounts {
  std::uint64_t erases = 0, programs = 0;
  std::uint64_t refused = 0;  ///< erases and programs that a lock or a pin swallowed
};

class FwhModel {
 public:
  /// `content` (of the chip's size) and clock outlive the model.
  FwhModel(const FwhSettings& settings, Bytes content, VirtualClock& clock);

  [[nodiscard]] std::uint64_t size() const noexcept { return content_.size(); }
  /// One byte of the array, or what the chip drives in its place.
  std::uint8_t read(std::uint32_t offset);
  void write(std::uint32_t offset, std::uint8_t value);
  /// The register space, 4 MiB below the array.
  [[nodiscard]] std::uint8_t read_register(std::uint32_t offset) const;
  void write_register(std::uint32_t offset, std::uint8_t value);

  /// What TBL# and WP# protect from now on.
  void set_pins(Range pins) { settings_.pins = pins; }
  [[nodiscard]] const FwhCounts& counts() const noexcept { return counts_; }
  /// The lock registers, one a block.
  std::vector<std::uint8_t> locks;

 private:
  using Nanoseconds = std::chrono::nanoseconds;
  enum class State : std::uint8_t { array, id, status, erase_setup, program };

  void write_jedec(std::uint32_t offset, std::uint8_t value);
  void write_intel(std::uint32_t offset, std::uint8_t value);
  void erase(Range block);
  void program(std::uint32_t offset, std::uint8_t value);
  [[nodiscard]] bool swallows(Range range);
  void begin(Nanoseconds time);
  [[nodiscard]] bool busy() const { return clock_.now() < busy_until_; }

  FwhSettings settings_;
  Bytes content_;
  VirtualClock& clock_;
  State state_ = State::array;
  unsigned unlocked_ = 0;     ///< JEDEC's unlock cycles so far
  bool erase_armed_ = false;  ///< 80 was given
  std::uint8_t setup_ = 0;    ///< an 82802AB's first byte of an erase
  std::uint8_t status_ = 0x80, toggle_ = 0;
  Nanoseconds busy_until_{0};
  FwhCounts counts_;
};

}  // namespace romwright::flash
