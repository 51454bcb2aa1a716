// SPDX-License-Identifier: GPL-2.0-or-later
// The SPI bus as a stream of operations: a driver that can, queues hundreds in one transfer.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stop_token>
#include <variant>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/clock.h"
#include "flash/bus/access.h"

namespace romwright::flash {

/// One chip-select cycle: opcode, address (most significant byte first), dummy bytes, data out,
/// data in. The spans must stay valid until `run` returns.
struct SpiCommand {
  std::uint8_t opcode = 0;
  std::uint8_t address_bytes = 0;  ///< 0, 3 or 4 (2 on very small chips)
  std::uint8_t dummy_bytes = 0;
  std::uint32_t address = 0;
  ConstBytes out = {};
  Bytes in = {};
};

/// Chip-select high for at least this long.
struct SpiWait {
  std::chrono::nanoseconds time{0};
};

/// Reads a status register until (value & mask) == expect. `typical` is when it is first worth
/// looking, counted from the end of the operation before; past `deadline` the run ends here.
struct SpiPoll {
  std::uint8_t opcode = 0x05;
  std::uint8_t mask = 0x01;
  std::uint8_t expect = 0x00;
  std::chrono::nanoseconds typical{0};
  std::chrono::nanoseconds deadline{0};
};

using SpiOp = std::variant<SpiCommand, SpiWait, SpiPoll>;

/// What one poll saw last, and how long after the operation before it that was.
struct PollResult {
  std::size_t op = 0;  ///< index of the SpiPoll in the program
  std::uint8_t value = 0;
  std::chrono::nanoseconds elapsed{0};
  bool passed = false;
  bool at_first_look = false;  ///< passed, and it may have been over earlier
};

/// How far a run got: operations completed (all unless stopped or a poll missed its deadline), and
/// what each poll saw, in order.
struct RunResult {
  std::size_t completed = 0;
  std::vector<PollResult> polls;
};

/// What a controller can do.
struct SpiLimits {
  std::size_t max_out = std::numeric_limits<std::size_t>::max();  ///< data bytes out of one command
  std::size_t max_in = std::numeric_limits<std::size_t>::max();   ///< data bytes in of one command
  bool streams = false;  ///< queues operations behind an unread poll: the stream rule applies
  bool four_byte_address = true;
  std::uint32_t clock_hz = 0;               ///< of the wire; 0 is unknown
  std::optional<std::bitset<256>> opcodes;  ///< the only ones the controller sends; absent: any
  [[nodiscard]] bool allows(std::uint8_t opcode) const {
    return !opcodes.has_value() || opcodes->test(opcode);
  }
};

/// When the host looks at the chip's output: at the edge of the clock that SPI mode 0 names, or
/// half a clock later, which long wires need at high clocks.
enum class SpiSampling { usual, late };

class SpiBus {
 public:
  SpiBus() = default;
  SpiBus(const SpiBus&) = delete;
  SpiBus& operator=(const SpiBus&) = delete;
  virtual ~SpiBus() = default;
  [[nodiscard]] virtual SpiLimits limits() const noexcept = 0;
  /// Real, or the simulation's: every deadline is measured with it.
  [[nodiscard]] virtual Clock& clock() noexcept = 0;
  /// Sets the wire's clock to at most `hz`, or to the slowest there is; returns what it is now.
  /// A bus whose clock is fixed returns limits().clock_hz.
  virtual std::uint32_t set_clock_hz(std::uint32_t hz);
  /// Returns false, and changes nothing, where there is no choice.
  virtual bool set_sampling(SpiSampling sampling);
  /// The chip behind it is found: a controller whose limits count from the end of the chip needs
  /// its size.
  virtual void chip_found(std::uint64_t /*size*/) {}
  /// What the controller lets through of a range of the chip, where it has limits of its own.
  [[nodiscard]] virtual Access access(Range /*range*/) { return {}; }
  /// What the controller protects from being written; asked before each write.
  [[nodiscard]] virtual std::vector<Protection> protections() { return {}; }
  /// Runs a whole program in order. Ends early, without an exception, when `stop` is requested
  /// (between operations) or a poll misses its deadline. Throws DeviceError when the link breaks.
  virtual RunResult run(std::span<const SpiOp> program, std::stop_token stop) = 0;
};

}  // namespace romwright::flash
