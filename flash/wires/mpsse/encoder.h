// SPDX-License-Identifier: GPL-2.0-or-later
// FTDI's MPSSE: SPI operations as its command bytes, and what it answers to them. Source: FTDI
// AN_108, "Command Processor for MPSSE and MCU Host Bus Emulation Modes".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/bus/spi_bus.h"

namespace romwright::flash {

/// Commands of the MPSSE.
namespace mpsse {
inline constexpr std::uint8_t write_bytes = 0x11;      ///< most significant bit first, mode 0
inline constexpr std::uint8_t read_bytes = 0x20;       ///< sampled at the rising edge
inline constexpr std::uint8_t read_bytes_late = 0x24;  ///< at the falling edge
inline constexpr std::uint8_t set_low_pins = 0x80;     ///< value, direction
inline constexpr std::uint8_t set_high_pins = 0x82;    ///< value, direction
inline constexpr std::uint8_t loopback_off = 0x85;
inline constexpr std::uint8_t set_divisor = 0x86;      ///< 16 bits
inline constexpr std::uint8_t send_immediate = 0x87;   ///< what is answered so far
inline constexpr std::uint8_t divide_by_5_off = 0x8a;  ///< H types only, as all below
inline constexpr std::uint8_t three_phase_off = 0x8d;
inline constexpr std::uint8_t clock_bytes = 0x8f;  ///< without data
inline constexpr std::uint8_t adaptive_off = 0x97;
inline constexpr std::uint8_t bad_command = 0xaa;         ///< no command: answered 0xfa 0xaa
inline constexpr std::uint8_t bad_command_answer = 0xfa;  ///< and then the command
}  // namespace mpsse

/// Pins 0 to 7 of a channel, as 0x80 sets them.
struct MpssePins {
  std::uint8_t selected = 0x00;   ///< their values while the chip is selected
  std::uint8_t idle = 0x08;       ///< and while it is not
  std::uint8_t direction = 0x0b;  ///< 1 is an output
  friend bool operator==(const MpssePins&, const MpssePins&) = default;
};

/// How the SPI bus is driven.
struct MpsseWire {
  MpssePins pins;
  std::uint32_t base_hz = 60'000'000;  ///< 60 MHz on H types, else 12 MHz
  std::uint32_t divisor = 2;           ///< even, 2 to 131072
  bool idle_clocks = true;             ///< knows 0x8f: H types
  SpiSampling sampling = SpiSampling::usual;

  [[nodiscard]] std::uint32_t clock_hz() const noexcept { return base_hz / divisor; }
  /// What so many clocks take.
  [[nodiscard]] std::chrono::nanoseconds time_of(std::uint64_t clocks) const noexcept;
};

/// The divisor for a clock of at most `hz`: even, within 2 to 131072.
[[nodiscard]] std::uint32_t mpsse_divisor(std::uint32_t base_hz, std::uint32_t hz) noexcept;

/// One run of answer bytes: data of a command, or one poll's status.
struct MpsseAnswer {
  Bytes into = {};                      ///< empty for a poll, which is answered by one byte
  std::size_t op = 0;                   ///< index in the program
  std::chrono::nanoseconds elapsed{0};  ///< of a poll: since the command before it
};

/// A piece of the stream. It ends with 0x87 where anything is answered.
struct MpsseChunk {
  Buffer out;
  std::vector<MpsseAnswer> answers;
  std::size_t answer_bytes = 0;
  std::chrono::nanoseconds time{0};  ///< that the device works on it
  std::size_t completed = 0;         ///< operations of the program that end in or before it
};

/// Takes a chunk; returns false to end the stream behind the operation under way.
using MpsseSink = std::function<bool(MpsseChunk&&)>;

/// Encodes `program` as chunks of at most about 16 KiB out and 64 KiB in, so that a stream of any
/// length needs little memory. Waits are clocks while the chip is not selected; without 0x8f the
/// program must not need any.
void encode_mpsse(std::span<const SpiOp> program, const MpsseWire& wire, const MpsseSink& sink);

/// Spreads a chunk's answers, which `next` hands over in order, and adds what its polls saw.
void decode_mpsse(const MpsseChunk& chunk, std::span<const SpiOp> program,
                  const std::function<void(Bytes)>& next, std::vector<PollResult>& polls);

/// What brings the MPSSE in order: sync (which it answers `mpsse_sync_answer`), then the settings.
[[nodiscard]] Buffer mpsse_sync();
inline constexpr std::uint8_t mpsse_sync_answer[] = {mpsse::bad_command_answer, mpsse::bad_command};
/// Pins 8 to 15, of the boards that use them.
struct MpsseHighPins {
  std::uint8_t value = 0;
  std::uint8_t direction = 0;
};
[[nodiscard]] Buffer mpsse_settings(const MpsseWire& wire,
                                    const std::optional<MpsseHighPins>& high = std::nullopt);
[[nodiscard]] Buffer mpsse_divisor_command(std::uint32_t divisor);
/// All pins inputs: the chip belongs to its board again.
[[nodiscard]] Buffer mpsse_release(const std::optional<MpsseHighPins>& high = std::nullopt);

}  // namespace romwright::flash
