// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/mapped/mapped_flash.h"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::mapped {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::uint64_t top = std::uint64_t{1} << 32;
constexpr std::uint64_t registers_below = 0x400000;
constexpr std::uint32_t lock_register = 2;  // behind the start of a block
constexpr std::uint8_t lock_bits = 7;
constexpr std::size_t read_piece = 64U << 10;  // between two looks at the request to stop
constexpr Range everything{0, top};

nanoseconds typical_erase(const PartErase& erase) {
  switch (erase.method) {
    case EraseMethod::jedec_sector:
    case EraseMethod::jedec_block:
      return milliseconds(25);
    case EraseMethod::jedec_chip:
      return milliseconds(100);
    case EraseMethod::sst_sector:
      return milliseconds(25);
    case EraseMethod::intel_block:
    case EraseMethod::m50_sector:
      break;
  }
  return milliseconds(750);
}

Geometry geometry_of(const Part& part) {
  Geometry geometry;
  geometry.size = part.size;
  // A byte is programmed once after each erase.
  geometry.bits_clear_again = false;
  for (const PartErase& erase : part.erases)
    geometry.erase_types.push_back(
        {0, {erase.runs.begin(), erase.runs.end()}, typical_erase(erase)});
  const nanoseconds byte =
      part.family == Family::jedec ? std::chrono::microseconds(14) : std::chrono::microseconds(12);
  geometry.page_program_time = byte * geometry.page_size;
  geometry.byte_time = nanoseconds(250);
  return geometry;
}

Range touched(const FlashStep& step) {
  Range all = step.erase ? step.erase->range : Range{};
  for (const Write& write : step.programs) {
    const Range range = write.range();
    if (all.empty()) all = range;
    const std::uint64_t end = std::max(all.end(), range.end());
    all.offset = std::min(all.offset, range.offset);
    all.size = end - all.offset;
  }
  return all;
}

}  // namespace

MappedFlash::MappedFlash(Machine& machine, RomGate& gate, const Part& part)
    : gate_(gate), part_(part), bus_(machine, part.size), geometry_(geometry_of(part)) {
  if (part.locks == Locks::none) return;
  lock_window_ = machine.memory.map(top - part.size - registers_below, part.size);
}

std::vector<BlockLock> MappedFlash::locks() {
  std::vector<BlockLock> found;
  if (!lock_window_) return found;
  for (const Range& block : lock_blocks(part_)) {
    const auto at = static_cast<std::uint32_t>(block.offset + lock_register);
    found.push_back({block, lock_window_->read8(at)});
    // The same chip on plain LPC has no such registers.
    if (found.back().value > lock_bits) return {};
  }
  return found;
}

Access MappedFlash::access(Range range) {
  for (const BlockLock& one : locks())
    if (one.read_locked() && one.block.overlaps(range))
      return {false, true, "the chip's block lock register forbids to read it"};
  return {};
}

std::vector<Protection> MappedFlash::protections() {
  std::vector<Protection> found = gate_.protections(part_.size);
  if (const auto refusal = gate_.open()) found.push_back({everything, *refusal});
  // Chips start with every block locked, and software opens them: that protects from nothing.
  for (const BlockLock& one : locks())
    if (one.write_locked() && one.locked_down())
      found.push_back({one.block, "the chip's block lock register, locked until reset"});
  return found;
}

void MappedFlash::read(std::uint64_t offset, Bytes into, Run& run) {
  const Timed timed(bus_.clock(), statistics_.read);
  for (std::size_t at = 0; at < into.size(); at += read_piece) {
    if (run.stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("reading stopped at {:#x}", offset + at));
    const std::size_t size = std::min(into.size() - at, read_piece);
    bus_.read(offset + at, into.subspan(at, size));
    statistics_.read_bytes += size;
  }
}

std::vector<BlockLock> MappedFlash::unlock(std::span<const FlashStep> steps) {
  std::vector<BlockLock> changed;
  for (const BlockLock& one : locks()) {
    if (!one.write_locked()) continue;
    const bool concerned = std::ranges::any_of(
        steps, [&](const FlashStep& step) { return touched(step).overlaps(one.block); });
    if (!concerned) continue;
    const auto at = static_cast<std::uint32_t>(one.block.offset + lock_register);
    lock_window_->write8(at, static_cast<std::uint8_t>(one.value & ~1U));
    changed.push_back(one);
    if ((lock_window_->read8(at) & 1U) == 0) continue;
    lock(changed);
    throw ProtectedError(one.block, "the chip's block lock register does not let itself be opened");
  }
  return changed;
}

void MappedFlash::lock(const std::vector<BlockLock>& before) {
  for (const BlockLock& one : before)
    lock_window_->write8(static_cast<std::uint32_t>(one.block.offset + lock_register), one.value);
}

/// Firmware may have taken the leave to write back.
void MappedFlash::check_gate(std::span<const FlashStep> steps) {
  const auto refusal = gate_.open();
  const auto again = refusal ? refusal : gate_.refusal();
  if (again)
    throw ProtectedError(steps.empty() ? Range{} : touched(steps.front()),
                         fmt::format("protected by {}", *again));
  for (const FlashStep& step : steps) gate_.lift(touched(step), part_.size);
}

void MappedFlash::program(const Write& write) {
  const Timed timed(bus_.clock(), statistics_.program);
  // What stays erased needs no program.
  for (std::size_t i = 0; i < write.data.size(); ++i)
    if (write.data[i] != geometry_.erased_value)
      bus_.program(part_.family, write.offset + i, write.data[i]);
  if (part_.family == Family::intel) bus_.reset(part_.family);
  statistics_.programmed_bytes += write.data.size();
}

void MappedFlash::step(const FlashStep& step) {
  if (step.erase) {
    const Timed timed(bus_.clock(), statistics_.erase);
    bus_.erase(part_.erases[step.erase->type].method, step.erase->range);
    statistics_.erased_bytes += step.erase->range.size;
  }
  for (const Write& write : step.programs) program(write);
}

void MappedFlash::apply(std::span<const FlashStep> steps,
                        const std::function<void(std::size_t)>& done, Run& run) {
  check_gate(steps);
  const std::vector<BlockLock> before = unlock(steps);
  try {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (run.stop.stop_requested())
        throw InterruptedError(SIGINT,
                               fmt::format("stopped behind step {} of {}", i, steps.size()));
      step(steps[i]);
      done(i);
    }
  } catch (...) {
    // A chip that was left in the middle reads as its content again.
    bus_.reset(part_.family);
    lock(before);
    throw;
  }
  lock(before);
}

}  // namespace romwright::flash::mapped
