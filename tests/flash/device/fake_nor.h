// SPDX-License-Identifier: GPL-2.0-or-later
// A minimal SPI NOR chip behind a bus with virtual time, for tests of one concept at a time.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <vector>

#include "flash/base/clock.h"
#include "flash/base/error.h"
#include "flash/bus/spi_bus.h"

namespace romwright::flash::test {

using namespace std::chrono_literals;

/// Obeys page program, 4 and 64 KiB and chip erase, status reads and writes, read, ids, 4-byte
/// mode. With `limits_.streams` a poll looks once, after its typical time, and the run goes on
/// whatever it saw.
class FakeNor final : public SpiBus {
 public:
  explicit FakeNor(std::size_t size) : content(size, 0xff) { limits_.clock_hz = 8'000'000; }

  Buffer content;
  SpiLimits limits_;
  std::array<std::uint8_t, 3> status{};  ///< without WIP and WEL
  std::uint8_t locked = 0;               ///< bits of register 1 that do not change
  std::chrono::nanoseconds program_time = 700us;
  std::chrono::nanoseconds erase_time = 45ms;  ///< of 4 KiB
  std::chrono::nanoseconds block_time = 150ms;
  std::chrono::nanoseconds chip_time = 20s;
  std::vector<std::uint8_t> id{0xef, 0x40, 0x17};
  std::vector<std::uint8_t> opcodes;  ///< of every command, in order
  std::vector<std::size_t> runs;      ///< operations of each run
  std::size_t programs = 0;           ///< page programs that the chip executed
  std::function<bool(std::uint8_t)> ignores = [](std::uint8_t) { return false; };
  bool dead = false;  ///< every byte reads 0xff
  bool four_byte_mode = false;
  std::size_t cut_at =
      SIZE_MAX;             ///< the program or erase (counted in `changes`) that a power cut halves
  std::size_t changes = 0;  ///< programs and erases
  bool cut = false;         ///< the power is gone: every run is an error
  VirtualClock time;

  SpiLimits limits() const noexcept override { return limits_; }
  Clock& clock() noexcept override { return time; }

  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override {
    RunResult result;
    runs.push_back(program.size());
    for (const SpiOp& op : program) {
      if (cut) throw DeviceError("the link is gone");
      if (stop.stop_requested()) return result;
      if (const auto* command = std::get_if<SpiCommand>(&op)) {
        cycle(*command);
      } else if (const auto* wait = std::get_if<SpiWait>(&op)) {
        time.advance(wait->time);
      } else {
        const PollResult poll = look(std::get<SpiPoll>(op), result.completed);
        result.polls.push_back(poll);
        if (!poll.passed && !limits_.streams) return result;
      }
      ++result.completed;
    }
    return result;
  }

 private:
  bool busy() const { return time.now() < ready_; }
  std::uint8_t status_now() const {
    if (dead) return 0xff;
    return static_cast<std::uint8_t>(status[0] | (busy() ? 1 : 0) | (enabled_ ? 2 : 0));
  }
  std::chrono::nanoseconds bytes(std::size_t count) const {
    return std::chrono::nanoseconds(8'000'000'000 * count / limits_.clock_hz);
  }

  PollResult look(const SpiPoll& poll, std::size_t op) {
    const auto from = time.now();
    time.advance(poll.typical);
    for (;;) {
      time.advance(bytes(2));
      opcodes.push_back(poll.opcode);
      const std::uint8_t value = status_now();
      const bool passed = (value & poll.mask) == poll.expect;
      const auto elapsed = time.now() - from;
      if (passed || limits_.streams || elapsed >= poll.deadline)
        return {op, value, elapsed, passed};
    }
  }

  void cycle(const SpiCommand& command) {
    opcodes.push_back(command.opcode);
    time.advance(bytes(1U + command.address_bytes + command.dummy_bytes + command.out.size()));
    if (command.opcode == 0x05) {
      for (std::uint8_t& byte : command.in) {
        time.advance(bytes(1));
        byte = status_now();
      }
      return;
    }
    time.advance(bytes(command.in.size()));
    std::fill(command.in.begin(), command.in.end(), std::uint8_t{0xff});
    if (dead || busy() || ignores(command.opcode)) return;
    execute(command);
  }

  void execute(const SpiCommand& command) {
    const std::size_t at = command.address % content.size();
    switch (command.opcode) {
      case 0x06:
      case 0x50:
        enabled_ = true;
        break;
      case 0x04:
        enabled_ = aai_ = false;
        break;
      case 0xb7:
        four_byte_mode = true;
        break;
      case 0xe9:
        four_byte_mode = false;
        break;
      case 0x9f:
        std::copy_n(id.begin(), std::min(id.size(), command.in.size()), command.in.begin());
        break;
      case 0x35:
      case 0x15:
        std::fill(command.in.begin(), command.in.end(), status[command.opcode == 0x35 ? 1 : 2]);
        break;
      case 0x03:
      case 0x0b:
      case 0x13:
        for (std::size_t i = 0; i < command.in.size(); ++i)
          command.in[i] = content[(at + i) % content.size()];
        break;
      default:
        change(command, at);
    }
  }

  void change(const SpiCommand& command, std::size_t at) {
    if (!enabled_) return;
    enabled_ = aai_ || command.opcode == 0xad;
    switch (command.opcode) {
      case 0x01:
        status[0] =
            static_cast<std::uint8_t>((status[0] & locked) | (command.out[0] & 0xfc & ~locked));
        status[1] = command.out.size() > 1 ? command.out[1] : 0;
        ready_ = time.now() + 10ms;
        break;
      case 0x31:
      case 0x11:
        status[command.opcode == 0x31 ? 1 : 2] = command.out[0];
        break;
      case 0x02:
      case 0x12:
        for (std::size_t i = 0, size = whole_or_half(command.out.size()); i < size; ++i)
          content[at / 256 * 256 + (at + i) % 256] &= command.out[i];
        ready_ = time.now() + program_time;
        ++programs;
        break;
      case 0xad:
        if (command.address_bytes != 0) aai_address_ = at;
        aai_ = true;
        for (const std::uint8_t byte : command.out) content[aai_address_++] &= byte;
        ready_ = time.now() + program_time;
        ++programs;
        break;
      case 0x20:
      case 0x21:
        erase(at / 0x1000 * 0x1000, 0x1000, erase_time);
        break;
      case 0xd8:
      case 0xdc:
        erase(at / 0x10000 * 0x10000, 0x10000, block_time);
        break;
      case 0xc7:
        erase(0, content.size(), chip_time);
        break;
      default:
        break;
    }
  }

  std::size_t whole_or_half(std::size_t size) {
    cut = changes++ == cut_at;
    return cut ? size / 2 : size;
  }

  void erase(std::size_t at, std::size_t size, std::chrono::nanoseconds takes) {
    std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(at), whole_or_half(size),
                std::uint8_t{0xff});
    ready_ = time.now() + takes;
  }

  std::chrono::nanoseconds ready_{0};
  bool enabled_ = false;
  bool aai_ = false;
  std::size_t aai_address_ = 0;
};

}  // namespace romwright::flash::test
