// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/controller.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/amd/findings.h"
#include "flash/chipsets/amd/layout.h"

namespace romwright::flash::amd {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr Range everything{0, std::numeric_limits<std::uint32_t>::max()};
constexpr nanoseconds deadline = std::chrono::seconds(3);
constexpr nanoseconds idle_deadline = milliseconds(100);
/// So long, and so often, the register is read without a pause.
constexpr nanoseconds impatient = microseconds(100);
constexpr int impatient_looks = 256;

bool changes_chip(const SpiCommand& command) {
  switch (command.opcode) {
    case 0x06:
    case 0x50:
    case 0x04:
    case 0xab:
    case 0xb9:
    case 0x66:
    case 0x99:
      return false;
    default:
      return command.in.empty();
  }
}

/// What the command changes; empty where its opcode does not tell.
Range touched_by(const SpiCommand& command) {
  if (command.address_bytes != 0 && !command.out.empty())
    return {command.address, command.out.size()};
  std::uint64_t block = 0;
  switch (command.opcode) {
    case 0xc7:
    case 0x60:
    case 0x62:
      return everything;
    case 0x20:
    case 0x21:
    case 0xd7:
      block = 4096;
      break;
    case 0x52:
    case 0x5c:
      block = 32768;
      break;
    case 0xd8:
    case 0xdc:
      block = 65536;
      break;
    default:
      return {};
  }
  return {align_down(command.address, block), block};
}

}  // namespace

std::unique_ptr<Controller> Controller::open(Machine& machine, const Chipset& chipset) {
  std::unique_ptr<Registers> registers = map_registers(machine, chipset);
  const std::uint32_t control = registers->read32(control_register);
  if (control == 0xffffffff)
    throw NoDeviceError(
        fmt::format("{}: no SPI controller answers, its registers read all ones", chipset.name()),
        "an external programmer reaches the chip");
  if (chipset.generation().engine != Engine::spi100 && (control & host_access) != host_access)
    throw NoDeviceError(
        fmt::format("{}: the firmware has closed the flash until reset (SPI_Cntrl0 reads {:#x}: "
                    "SpiAccessMacRomEn and SpiHostAccessRomEn must be 1)",
                    chipset.name(), control),
        "an external programmer reaches the chip");
  if (chipset.generation().engine == Engine::fifo)
    return std::make_unique<FifoController>(machine, chipset, std::move(registers));
  return std::make_unique<IndexedController>(machine, chipset, std::move(registers));
}

Controller::Controller(Machine& machine, const Chipset& chipset,
                       std::unique_ptr<Registers> registers)
    : machine_(machine),
      chipset_(chipset),
      registers_(std::move(registers)),
      source_(boot_source(machine)),
      protects_(machine.pci, chipset.lpc),
      imc_(machine, chipset) {
  if (chipset_.generation().has_busy) chip_select_ = registers_->read8(select_register) & 3U;
  clock_hz_ = clock_now();
  const std::uint32_t control = registers_->read32(control_register);
  refusal_known_ = (control & illegal_access) == 0;
  open_to_host_ = (control & host_access) == host_access;
}

Controller::~Controller() {
  try {
    close();
  } catch (const Error&) {
    // The configuration space is gone, and with it what was set there.
    speed_before_.reset();
  }
}

void Controller::close() {
  if (speed_before_) {
    if (chipset_.generation().engine == Engine::fifo)
      registers_->write8(pointer_register, static_cast<std::uint8_t>(*speed_before_));
    else
      registers_->write16(speed_register, *speed_before_);
  }
  speed_before_.reset();
  if (spi100_before_) registers_->write8(spi100_register, *spi100_before_);
  spi100_before_.reset();
  protects_.restore();
  imc_.resume();
  checked_ = false;
}

// ---- speed

std::uint32_t Controller::speed_of(unsigned code) const {
  if (chipset_.generation().engine == Engine::fifo) {
    constexpr std::array<std::uint32_t, 4> speeds{66'000'000, 33'000'000, 22'000'000, 16'500'000};
    return code == 0 && !chipset_.generation().has_busy ? 0 : speeds.at(code & 3U);
  }
  constexpr std::array<std::uint32_t, 6> speeds{66'666'000, 33'333'000,  22'222'000,
                                                16'666'000, 100'000'000, 800'000};
  return code < speeds.size() ? speeds.at(code) : 0;
}

std::uint32_t Controller::clock_now() const {
  switch (chipset_.generation().engine) {
    case Engine::fifo:
      return speed_of((registers_->read8(pointer_register) >> 4) & 3U);
    case Engine::indexed:
      if ((registers_->read8(spi100_register) & use_spi100) == 0) return 0;
      return speed_of(registers_->read16(speed_register) >> 12);
    case Engine::spi100:
      break;
  }
  return speed_of((registers_->read16(speed_register) >> 4) & 15U);
}

std::uint32_t Controller::set_clock_hz(std::uint32_t hz) {
  const Engine engine = chipset_.generation().engine;
  // 800 kHz, code 5, is not worth its while: the slowest of the others is always carried.
  unsigned best = 3;
  for (unsigned code = 0; code < (engine == Engine::fifo ? 4U : 5U); ++code)
    if (speed_of(code) <= hz && speed_of(code) > speed_of(best)) best = code;
  if (speed_of(best) == clock_hz_) return clock_hz_;
  if (engine == Engine::fifo) {
    const std::uint8_t now = registers_->read8(pointer_register) & 0xf8U;
    if (!speed_before_) speed_before_ = now;
    registers_->write8(pointer_register, static_cast<std::uint8_t>((now & ~0x30U) | best << 4));
  } else {
    const std::uint16_t now = registers_->read16(speed_register);
    if (!speed_before_) speed_before_ = now;
    // Commands take the alternate speed; Yangtze's the normal one.
    unsigned value = (now & ~0x00f0U) | best << 4;
    if (engine == Engine::indexed) {
      value = (value & ~0xf000U) | best << 12;
      const std::uint8_t enabled = registers_->read8(spi100_register);
      if ((enabled & use_spi100) == 0) {
        if (!spi100_before_) spi100_before_ = enabled;
        registers_->write8(spi100_register, enabled | use_spi100);
      }
    }
    registers_->write16(speed_register, static_cast<std::uint16_t>(value));
  }
  clock_hz_ = clock_now();
  return clock_hz_;
}

// ---- what may be done

SpiLimits Controller::limits() const noexcept {
  const Generation& generation = chipset_.generation();
  SpiLimits limits;
  limits.max_in = generation.max_in;
  limits.max_out = generation.max_out;
  limits.clock_hz = clock_hz_;
  limits.four_byte_address = generation.engine == Engine::spi100;
  // A chip in four-byte mode is one that the processor cannot start from.
  limits.opcodes.emplace().set();
  limits.opcodes->reset(0xb7);
  limits.opcodes->reset(0xe9);
  return limits;
}

Access Controller::access(Range range) {
  Access all;
  for (const RomProtect& one : protects_.found())
    if (one.no_read && concerns(one, range, chip_size_)) {
      all.readable = false;
      all.reason = fmt::format("{} forbids to read it", one.name);
    }
  return all;
}

std::vector<Protection> Controller::protections() {
  checked_ = false;
  std::vector<Protection> found;
  if (source_ != BootSource::spi && source_ != BootSource::unknown)
    found.push_back({everything, fmt::format("the straps: the machine boots from {}, not from here",
                                             to_string(source_))});
  for (Protection& one : protections_of(protects_, chip_size_, looks_only_))
    found.push_back(std::move(one));
  if (looks_only_) return found;
  if (const auto refusal = imc_.stop()) found.push_back({everything, *refusal});
  return found;
}

void Controller::before_writing(const SpiCommand& command) {
  const Range touched = touched_by(command);
  if (!checked_) {
    if (const auto refusal = imc_.stop())
      throw ProtectedError(touched, fmt::format("protected by {}", *refusal));
    checked_ = true;
  }
  lift_protects(protects_, touched, chip_size_);
}

// ---- commands

void Controller::wait(const std::function<bool()>& done, const std::string& what) {
  const nanoseconds from = clock().now();
  for (int looks = 1;; ++looks) {
    // Taken before the look: a process that is halted behind it looks once more.
    const nanoseconds waited = clock().now() - from;
    if (done()) return;
    if (waited >= deadline) {
      const std::string line =
          fmt::format("{}: {}: the controller does not finish (status {:#x})", chipset_.name(),
                      what, registers_->read32(control_register));
      if (!answered_)
        throw NoDeviceError(line, "no SPI controller, or no chip, is behind these registers");
      throw TimeoutError(line, "switch the machine off and on before the next attempt");
    }
    if (waited >= impatient || looks >= impatient_looks)
      clock().sleep(std::clamp<nanoseconds>(waited / 64, microseconds(20), milliseconds(10)));
  }
}

void Controller::wait_idle() {
  if (!chipset_.generation().has_busy) return;
  const nanoseconds from = clock().now();
  // Whether the command goes through tells what starts it, not this.
  while ((registers_->read32(control_register) & spi_busy) != 0 &&
         clock().now() - from < idle_deadline)
    clock().sleep(microseconds(20));
}

void Controller::check_refused(std::uint8_t opcode) {
  const bool refused = (registers_->read32(control_register) & illegal_access) != 0;
  // What firmware's last command has left says nothing of ours.
  const bool left = refused && !refusal_known_;
  refusal_known_ = refusal_known_ || !refused;
  if (refused && !left)
    throw DeviceError(fmt::format("opcode {:#04x}: the controller refuses it", opcode),
                      "the firmware restricts what may be sent to the flash");
}

void Controller::command(const SpiCommand& command) {
  if (changes_chip(command)) before_writing(command);
  std::array<std::uint8_t, largest_buffer> bytes{};
  const std::size_t head = std::size_t{command.address_bytes} + command.dummy_bytes;
  if (head + command.out.size() > bytes.size())
    throw DeviceError(fmt::format("opcode {:#04x}: {} bytes are more than the controller sends",
                                  command.opcode, head + command.out.size()));
  const auto send = [&](std::uint32_t address, Bytes in) {
    for (unsigned i = 0; i < command.address_bytes; ++i)
      bytes.at(i) = static_cast<std::uint8_t>(address >> (8 * (command.address_bytes - 1U - i)));
    std::ranges::copy(command.out, bytes.begin() + static_cast<std::ptrdiff_t>(head));
    transfer(command.opcode, ConstBytes(bytes).first(head + command.out.size()), in);
  };
  if (command.in.empty()) {
    send(command.address, {});
    return;
  }
  // What is read at an address may be read in parts.
  const std::size_t most = std::min<std::size_t>(
      chipset_.generation().max_in,
      chipset_.generation().engine == Engine::fifo ? fifo_size : largest_buffer - head);
  if (command.in.size() > most && command.address_bytes == 0)
    throw DeviceError(fmt::format("opcode {:#04x}: {} bytes are more than the controller reads",
                                  command.opcode, command.in.size()));
  for (std::size_t at = 0; at < command.in.size(); at += most)
    send(command.address + static_cast<std::uint32_t>(at),
         command.in.subspan(at, std::min(most, command.in.size() - at)));
}

PollResult Controller::poll(const SpiPoll& poll, Nanoseconds since) {
  PollResult result;
  const Nanoseconds first = since + poll.typical - clock().now();
  if (first.count() > 0) clock().sleep(first);
  for (bool first_look = true;; first_look = false) {
    const bool late = clock().now() - since >= poll.deadline;
    transfer(poll.opcode, {}, {&result.value, 1});
    result.elapsed = clock().now() - since;
    result.passed = (result.value & poll.mask) == poll.expect;
    result.at_first_look = result.passed && first_look;
    if (result.passed || late) return result;
    clock().sleep(std::clamp<Nanoseconds>(result.elapsed / 64, microseconds(20), milliseconds(10)));
  }
}

RunResult Controller::run(std::span<const SpiOp> program, std::stop_token stop) {
  RunResult result;
  Nanoseconds last = clock().now();
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (stop.stop_requested()) return result;
    if (const auto* one = std::get_if<SpiCommand>(&program[i])) {
      command(*one);
      last = clock().now();
    } else if (const auto* pause = std::get_if<SpiWait>(&program[i])) {
      clock().sleep(pause->time);
    } else {
      PollResult seen = poll(std::get<SpiPoll>(program[i]), last);
      seen.op = i;
      result.polls.push_back(seen);
      if (!seen.passed) return result;
    }
    ++result.completed;
  }
  return result;
}

}  // namespace romwright::flash::amd
