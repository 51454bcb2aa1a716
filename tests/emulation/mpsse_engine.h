// SPDX-License-Identifier: GPL-2.0-or-later
// The MPSSE of one FTDI channel with a simulated chip on its pins: bytes come in at given times,
// are worked off at the wire's pace, and answers come out at given times.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "flash/base/clock.h"
#include "flash/sim/nor_model.h"
#include "tests/emulation/usb_device.h"

namespace romwright::emulation {

/// The chip on the pins, in its own time.
struct SpiChip {
  flash::NorModel& model;
  VirtualClock& clock;
};

class MpsseEngine {
 public:
  MpsseEngine(SpiChip chip, std::size_t fifo_size, bool fast)
      : chip_(chip), fifo_size_(fifo_size), fast_(fast) {}

  void reset(Time now);
  void clear_input();
  void clear_output();

  /// Room in the FIFO for `size` more bytes: since when; never while that is not known.
  [[nodiscard]] Time room_since(std::size_t size) const;
  /// Bytes that are all there at `arrived`.
  void feed(ConstBytes bytes, Time arrived);
  /// Does one thing that starts at `limit` at the latest; false when there is none.
  bool step(Time limit);
  [[nodiscard]] Time busy_until() const noexcept { return time_; }

  /// Answers in the FIFO that are ready at `at`.
  [[nodiscard]] std::size_t ready(Time at) const;
  /// When so many are ready; never while that is not known.
  [[nodiscard]] Time ready_since(std::size_t count) const;
  /// When 0x87 asked for what was answered before it; never where nothing asks.
  [[nodiscard]] Time flush_since() const;
  /// Takes answers out of the FIFO, which has room for them at `at`.
  void take(Bytes into, Time at);

 private:
  struct Input {
    std::size_t end = 0;  ///< all bytes before this one...
    Time time{0};         ///< ...are there, or worked off, at this time
  };
  struct Output {
    Buffer bytes;
    std::size_t taken = 0;
    Time first{0}, each{0};
  };
  enum class Doing { command, write, read, exchange, idle_clocks };

  [[nodiscard]] std::size_t available() const { return input_.size() - input_at_; }
  [[nodiscard]] Time arrived(std::size_t count) const;
  ConstBytes consume(std::size_t count, Time start, Time takes);
  bool command(Time limit);
  void execute(ConstBytes bytes);
  void begin(Doing doing, ConstBytes length);
  void set_low_pins(std::uint8_t value);
  void answer(Buffer bytes, Time each);
  Buffer shift_in(std::size_t count);
  [[nodiscard]] std::size_t queued_out() const { return produced_ - taken_; }
  [[nodiscard]] Time byte_time() const;

  SpiChip chip_;
  std::size_t fifo_size_;
  bool fast_;
  Buffer input_;  ///< from input_at_ on not yet worked off
  std::size_t input_at_ = 0;
  std::size_t fed_ = 0, consumed_ = 0;  ///< bytes since the start
  std::deque<Input> arrivals_, departures_;
  std::deque<Output> output_;
  std::deque<Input> flushes_;  ///< produced bytes up to `end` are asked for
  std::size_t produced_ = 0, taken_ = 0;
  Time time_{0}, drained_{0};
  Doing doing_ = Doing::command;
  std::size_t left_ = 0;
  std::uint32_t divisor_field_ = 0;
  bool divide_by_5_ = true;
  std::uint8_t low_pins_ = 0x08;
  Buffer sent_;               ///< in this chip-select cycle
  std::size_t received_ = 0;  ///< in this chip-select cycle
};

}  // namespace romwright::emulation
