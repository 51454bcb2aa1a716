// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/mapped/chip_bus.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::mapped {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::uint64_t top = std::uint64_t{1} << 32;
constexpr std::uint32_t unlock_1 = 0x5555, unlock_2 = 0x2aaa;
constexpr std::uint8_t toggle = 0x40;
constexpr int program_attempts = 16;
constexpr nanoseconds byte_deadline = milliseconds(10);
constexpr nanoseconds block_deadline = seconds(10), chip_deadline = seconds(60);
constexpr nanoseconds look_again = milliseconds(1);
constexpr nanoseconds settled = microseconds(20);  // after entering and leaving the id
// The status of an 82802AB.
constexpr std::uint8_t ready = 0x80, erase_failed = 0x20, program_failed = 0x10, no_voltage = 0x08,
                       locked = 0x02;

std::string place(const char* what, std::uint64_t offset) {
  return fmt::format("{} at {:#x}", what, offset);
}

[[noreturn]] void too_long(const char* what, std::uint64_t offset, nanoseconds waited) {
  throw TimeoutError(fmt::format("{}: the chip is still busy after {:.1f} s", place(what, offset),
                                 std::chrono::duration<double>(waited).count()));
}

}  // namespace

ChipBus::ChipBus(Machine& machine, std::uint32_t size)
    : clock_(machine.clock), window_(machine.memory.map(top - size, size)) {}

void ChipBus::command(std::uint8_t value) {
  window_->write8(unlock_1, 0xaa);
  window_->write8(unlock_2, 0x55);
  window_->write8(unlock_1, value);
}

void ChipBus::reset(Family family) {
  if (family == Family::intel) {
    window_->write8(0, 0xff);
  } else {
    command(0xf0);
    window_->write8(0, 0xf0);
  }
  clock_.sleep(settled);
}

std::optional<ChipBus::Id> ChipBus::identify(Family family) {
  const Id before{window_->read8(0), window_->read8(1)};
  if (family == Family::intel)
    window_->write8(0, 0x90);
  else
    command(0x90);
  clock_.sleep(settled);
  const Id id{window_->read8(0), window_->read8(1)};
  reset(family);
  // A chip of the other family may have taken it for a command of its own.
  window_->write8(0, 0xff);
  const bool same = id.manufacturer == before.manufacturer && id.model == before.model;
  if (same) return std::nullopt;
  return id;
}

void ChipBus::read(std::uint64_t offset, Bytes into) {
  std::size_t at = 0;
  while (at < into.size() && (offset + at) % 4 != 0) {
    into[at] = window_->read8(static_cast<std::uint32_t>(offset + at));
    ++at;
  }
  for (; into.size() - at >= 4; at += 4)
    store_le(into, at, window_->read32(static_cast<std::uint32_t>(offset + at)));
  for (; at < into.size(); ++at) into[at] = window_->read8(static_cast<std::uint32_t>(offset + at));
}

/// While it works, bit 6 is another one at each look.
void ChipBus::wait_toggle(std::uint64_t offset, nanoseconds deadline, nanoseconds pause,
                          const char* what) {
  const nanoseconds from = clock_.now();
  const auto at = static_cast<std::uint32_t>(offset);
  for (;;) {
    // Taken before the look: a process that is halted behind it looks once more.
    const nanoseconds waited = clock_.now() - from;
    const std::uint8_t first = window_->read8(at);
    if (((first ^ window_->read8(at)) & toggle) == 0) return;
    if (waited >= deadline) too_long(what, offset, waited);
    clock_.sleep(pause);
  }
}

void ChipBus::wait_status(std::uint64_t offset, nanoseconds deadline, nanoseconds pause,
                          const char* what) {
  const nanoseconds from = clock_.now();
  std::uint8_t status = 0;
  for (;;) {
    const nanoseconds waited = clock_.now() - from;
    status = window_->read8(static_cast<std::uint32_t>(offset));
    if ((status & ready) != 0) break;
    if (waited >= deadline) too_long(what, offset, waited);
    clock_.sleep(pause);
  }
  constexpr std::uint8_t failures = erase_failed | program_failed | no_voltage | locked;
  if ((status & failures) == 0) return;
  window_->write8(static_cast<std::uint32_t>(offset), 0x50);
  const std::string line =
      fmt::format("{}: the chip reports an error (status {:#04x})", place(what, offset), status);
  const char* hint = (status & locked) != 0       ? "the block is locked, or its pins protect it"
                     : (status & no_voltage) != 0 ? "its VPP pin has no voltage"
                                                  : "";
  // An erase that was refused has changed nothing; before a program there may have been one.
  if ((status & erase_failed) != 0 && (status & locked) != 0)
    throw ProtectedError({offset, 1}, line, hint);
  throw DeviceError(line, hint);
}

void ChipBus::program(Family family, std::uint64_t offset, std::uint8_t value) {
  const auto at = static_cast<std::uint32_t>(offset);
  if (family == Family::intel) {
    window_->write8(at, 0x40);
    window_->write8(at, value);
    wait_status(offset, byte_deadline, nanoseconds(0), "program");
    return;
  }
  for (int attempt = 0; attempt < program_attempts; ++attempt) {
    command(0xa0);
    window_->write8(at, value);
    wait_toggle(offset, byte_deadline, nanoseconds(0), "program");
    if (window_->read8(at) == value) return;
  }
  throw DeviceError(fmt::format("{}: the chip does not execute it", place("program", offset)),
                    "its pins TBL# or WP# may protect it");
}

void ChipBus::erase(EraseMethod method, Range block) {
  const auto at = static_cast<std::uint32_t>(block.offset);
  const auto setup = [&] {
    command(0x80);
    window_->write8(unlock_1, 0xaa);
    window_->write8(unlock_2, 0x55);
  };
  switch (method) {
    case EraseMethod::jedec_sector:
    case EraseMethod::jedec_block:
      setup();
      window_->write8(at, method == EraseMethod::jedec_sector ? 0x30 : 0x50);
      wait_toggle(block.offset, block_deadline, look_again, "erase");
      break;
    case EraseMethod::jedec_chip:
      setup();
      window_->write8(unlock_1, 0x10);
      wait_toggle(block.offset, chip_deadline, look_again, "erase");
      break;
    case EraseMethod::intel_block:
    case EraseMethod::sst_sector:
    case EraseMethod::m50_sector: {
      const bool small = method == EraseMethod::m50_sector && block.size == 4096;
      window_->write8(at, 0x50);
      window_->write8(at, method == EraseMethod::sst_sector ? 0x30 : small ? 0x32 : 0x20);
      window_->write8(at, 0xd0);
      wait_status(block.offset, block_deadline, look_again, "erase");
      reset(Family::intel);
      break;
    }
  }
  // Without a blank there is nothing to program on.
  std::uint8_t bytes[2] = {window_->read8(at),
                           window_->read8(static_cast<std::uint32_t>(block.end() - 1))};
  if (!all_equal(bytes, 0xff))
    throw DeviceError(fmt::format("{}: the chip does not execute it", place("erase", block.offset)),
                      "its pins TBL# or WP# may protect it");
}

}  // namespace romwright::flash::mapped
