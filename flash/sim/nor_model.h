// SPDX-License-Identifier: GPL-2.0-or-later
// A SPI NOR chip in software, true to its data sheet: what is sent in one chip-select cycle goes
// in, what the chip drives comes out, and operations take their time on a virtual clock.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>

#include "flash/base/bytes.h"
#include "flash/base/clock.h"
#include "flash/chips/chip.h"
#include "flash/chips/write_protect.h"
#include "flash/sim/faults.h"

namespace romwright::flash {

/// What the model did so far.
struct NorCounts {
  std::uint64_t erases = 0, programs = 0, status_reads = 0;
  std::uint64_t ignored = 0;  ///< commands that came while busy, or without write enable
};

class NorModel {
 public:
  /// `chip` and `content` (of the chip's size) outlive the model.
  NorModel(const Chip& chip, Bytes content, VirtualClock& clock, Faults faults = {});

  /// One chip-select cycle that ends now: `out` is what the host sent, `in` what the chip drives
  /// afterwards. Throws DeviceError once the power is cut.
  void cycle(ConstBytes out, Bytes in);

  [[nodiscard]] bool busy() const { return clock_.now() < busy_until_; }
  /// When the operation under way ends; far away where it never does.
  [[nodiscard]] std::chrono::nanoseconds busy_until() const noexcept { return busy_until_; }
  [[nodiscard]] bool dead() const noexcept { return dead_; }
  /// Power again after a cut: volatile state is gone, content and non-volatile registers stay.
  void power_up();

  [[nodiscard]] const Chip& chip() const noexcept { return chip_; }
  [[nodiscard]] const NorCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] const StatusRegisters& registers() const noexcept { return registers_; }
  /// What the registers hold after the power was cut: without volatile writes.
  [[nodiscard]] const StatusRegisters& stored_registers() const noexcept { return stored_; }
  /// Non-volatile state, as a programmer or the factory left it.
  void set_registers(const StatusRegisters& registers) { registers_ = stored_ = registers; }

 private:
  using Nanoseconds = std::chrono::nanoseconds;

  bool answer(ConstBytes out, Bytes in);
  void identify(Bytes in) const;
  void identify_by_pair(Bytes in) const;
  [[nodiscard]] std::uint8_t short_model() const;
  void read_array(ConstBytes out, Bytes in, unsigned address_bytes, unsigned dummies);
  void write_status(ConstBytes out);
  void write_configuration(std::uint8_t value);
  void program(ConstBytes out, unsigned address_bytes);
  void auto_increment(ConstBytes out);
  void erase(ConstBytes out, const ChipErase& erase);
  void reset();

  [[nodiscard]] std::uint8_t status() const;
  [[nodiscard]] unsigned address_bytes() const;
  [[nodiscard]] std::uint64_t address(ConstBytes out, unsigned bytes) const;
  [[nodiscard]] Range protected_range() const;
  [[nodiscard]] Range erase_block(const ChipErase& erase, std::uint64_t at) const;
  [[nodiscard]] Nanoseconds erase_time(std::uint64_t size) const;
  [[nodiscard]] Nanoseconds page_time() const;
  bool take_write_enable();
  void begin(Nanoseconds time);
  void cut_power();
  void apply_stuck(Range range);
  void corrupt(std::uint64_t first, Bytes read);

  const Chip& chip_;
  Bytes content_;
  VirtualClock& clock_;
  Faults faults_;
  Buffer sfdp_;
  bool has_configuration_;  ///< what others use for SR3 reads and writes a configuration register
  StatusRegisters registers_{};
  StatusRegisters stored_{};
  bool write_enabled_ = false, volatile_enabled_ = false;
  bool four_byte_mode_ = false, powered_down_ = false, reset_enabled_ = false;
  bool auto_increment_ = false, quad_mode_ = false, dead_ = false;
  std::uint64_t auto_address_ = 0;
  std::uint8_t segment_ = 0;
  Nanoseconds busy_until_{0};
  NorCounts counts_;
  std::uint64_t operations_ = 0, bytes_read_ = 0;
};

/// The chip's SFDP space: the basic table of JESD216B with times where they are known, of the first
/// edition (9 dwords) where they are not, and the 4-byte instruction table where the chip has one.
Buffer make_sfdp(const Chip& chip);

}  // namespace romwright::flash
