// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/fwh_model.h"

#include <algorithm>

namespace romwright::flash {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds program_time = microseconds(14);
constexpr nanoseconds sector_time = milliseconds(18), intel_time = milliseconds(750),
                      chip_time = milliseconds(70);
constexpr std::uint32_t command_mask = 0x7fff;  // of the address that a command goes to
constexpr std::uint8_t ready = 0x80, erase_failed = 0x20, program_failed = 0x10, locked = 0x02;

}  // namespace

FwhModel::FwhModel(const FwhSettings& settings, Bytes content, VirtualClock& clock)
    : settings_(settings), content_(content), clock_(clock) {
  if (settings_.lock_size != 0)
    locks.assign(content_.size() / settings_.lock_size, settings_.locks_at_reset);
}

void FwhModel::begin(Nanoseconds time) {
  busy_until_ = settings_.hangs ? Nanoseconds::max() : clock_.now() + time;
}

bool FwhModel::swallows(Range range) {
  bool kept = settings_.pins.overlaps(range);
  for (std::size_t i = 0; i < locks.size(); ++i)
    if ((locks[i] & 1U) != 0 && Range{i * settings_.lock_size, settings_.lock_size}.overlaps(range))
      kept = true;
  if (kept) ++counts_.refused;
  return kept;
}

void FwhModel::erase(Range block) {
  if (swallows(block)) {
    status_ |= erase_failed | locked;
    return;
  }
  ++counts_.erases;
  std::ranges::fill(content_.subspan(block.offset, block.size), std::uint8_t{0xff});
  begin(settings_.family == FwhFamily::intel && block.size > 4096 ? intel_time
        : block.size == content_.size()                           ? chip_time
                                                                  : sector_time);
}

void FwhModel::program(std::uint32_t offset, std::uint8_t value) {
  if (swallows({offset, 1})) {
    status_ |= program_failed | locked;
    return;
  }
  ++counts_.programs;
  const bool weak = settings_.weak_every != 0 && counts_.programs % settings_.weak_every == 0;
  if (!weak) content_[offset] &= value;
  begin(program_time);
}

std::uint8_t FwhModel::read(std::uint32_t offset) {
  if (settings_.family == FwhFamily::jedec && busy()) {
    toggle_ ^= 0x40;
    return static_cast<std::uint8_t>((~content_[offset] & 0x80) | toggle_);
  }
  if (state_ == State::status)
    return static_cast<std::uint8_t>(busy() ? status_ & ~ready : status_ | ready);
  if (state_ == State::id) {
    if (offset % 4 == 0) return settings_.manufacturer;
    if (offset % 4 == 1) return settings_.model;
  }
  for (std::size_t i = 0; i < locks.size(); ++i)
    if ((locks[i] & 4U) != 0 && offset / settings_.lock_size == i) return 0x00;
  return content_[offset];
}

void FwhModel::write(std::uint32_t offset, std::uint8_t value) {
  if (busy()) return;
  if (settings_.family == FwhFamily::intel)
    write_intel(offset, value);
  else
    write_jedec(offset, value);
}

void FwhModel::write_jedec(std::uint32_t offset, std::uint8_t value) {
  const std::uint32_t at = offset & command_mask;
  if (state_ == State::program) {
    state_ = State::array;
    program(offset, value);
    return;
  }
  if (unlocked_ == 0 && at == 0x5555 && value == 0xaa) {
    unlocked_ = 1;
    return;
  }
  if (unlocked_ == 1 && at == 0x2aaa && value == 0x55) {
    unlocked_ = 2;
    return;
  }
  const bool unlocked = unlocked_ == 2;
  const bool armed = erase_armed_;
  unlocked_ = 0;
  erase_armed_ = false;
  if (value == 0xf0 || !unlocked) {
    state_ = State::array;
    return;
  }
  if (armed) {
    if (value == 0x10 && at == 0x5555) erase({0, content_.size()});
    const std::uint32_t size = value == 0x30   ? settings_.sector_size
                               : value == 0x50 ? settings_.block_size
                                               : 0;
    if (size != 0) erase({align_down(offset, size), size});
    return;
  }
  if (at != 0x5555) return;
  if (value == 0x90) state_ = State::id;
  if (value == 0x80) erase_armed_ = true;
  if (value == 0xa0) state_ = State::program;
}

void FwhModel::write_intel(std::uint32_t offset, std::uint8_t value) {
  if (state_ == State::program) {
    state_ = State::status;
    program(offset, value);
    return;
  }
  if (state_ == State::erase_setup) {
    state_ = State::status;
    if (value != 0xd0) return;
    const std::uint32_t size = setup_ == 0x20 ? settings_.block_size : settings_.sector_size;
    erase({align_down(offset, size), size});
    return;
  }
  switch (value) {
    case 0xff:
      state_ = State::array;
      break;
    case 0x90:
      state_ = State::id;
      break;
    case 0x70:
      state_ = State::status;
      break;
    case 0x50:
      status_ = ready;
      break;
    case 0x20:
    case 0x30:
    case 0x32:
      setup_ = value;
      state_ = State::erase_setup;
      break;
    case 0x40:
      state_ = State::program;
      break;
    default:
      break;
  }
}

std::uint8_t FwhModel::read_register(std::uint32_t offset) const {
  if (locks.empty() || offset % settings_.lock_size != 2) return 0xff;
  return locks.at(offset / settings_.lock_size);
}

void FwhModel::write_register(std::uint32_t offset, std::uint8_t value) {
  if (locks.empty() || offset % settings_.lock_size != 2) return;
  std::uint8_t& lock = locks.at(offset / settings_.lock_size);
  // Locked down, it stays until reset.
  if ((lock & 2U) == 0) lock = value & 7U;
}

}  // namespace romwright::flash
