// SPDX-License-Identifier: GPL-2.0-or-later
// A flash device as a writer needs it, whatever lies below: chip, several chips, controller,
// kernel.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/event.h"
#include "flash/base/range.h"
#include "flash/bus/access.h"

namespace romwright::flash {

/// One way to erase: `count` blocks of `size` bytes from the chip's start on, in runs. A uniform
/// eraser has one run that covers the chip.
struct EraseRun {
  std::uint32_t size = 0;
  std::uint32_t count = 0;
  friend bool operator==(const EraseRun&, const EraseRun&) = default;
};
struct EraseType {
  std::uint8_t opcode = 0;  ///< 0 where the device below chooses
  std::vector<EraseRun> runs;
  std::chrono::nanoseconds typical{0};  ///< of one block; of the largest where they differ
  std::uint64_t start = 0;  ///< where the first run lies: not 0 in the later ones of several chips
};

/// Shape and speed of a device.
struct Geometry {
  std::uint64_t size = 0;
  std::uint32_t page_size = 256;  ///< largest program that does not wrap
  std::uint8_t erased_value = 0xff;
  bool bits_clear_again = true;  ///< a programmed byte may be programmed again, clearing more bits
  std::vector<EraseType> erase_types;
  std::chrono::nanoseconds page_program_time{0};  ///< typical, without the bus
  std::chrono::nanoseconds byte_time{0};          ///< on the bus, of one byte
};

/// One block that is erased; `type` is the index in Geometry::erase_types.
struct Erase {
  Range range;
  std::size_t type = 0;
  friend bool operator==(const Erase&, const Erase&) = default;
};

/// Bytes to program at `offset`; may span pages, the device splits them. `data` outlives the step.
struct Write {
  std::uint64_t offset = 0;
  ConstBytes data;
  [[nodiscard]] Range range() const noexcept { return {offset, data.size()}; }
};

/// Each step is a safe point: everything that its erase destroys and that shall stay is among its
/// programs.
struct FlashStep {
  std::optional<Erase> erase;
  std::vector<Write> programs;
};

/// Counts of what a device did, and the time each took by its clock.
struct FlashStatistics {
  std::uint64_t read_bytes = 0, erased_bytes = 0, programmed_bytes = 0;
  std::chrono::nanoseconds read{0}, erase{0}, program{0};
  std::uint64_t retries = 0;
};

/// The write protection that a chip keeps in itself.
struct WriteProtectStatus {
  Range range;          ///< what is protected; empty for nothing
  std::string setting;  ///< the bits, as messages show them: "BP=3 TB=1"
  std::string mode;     ///< "disabled", "hardware", "power_cycle", "permanent": who may change it
  friend bool operator==(const WriteProtectStatus&, const WriteProtectStatus&) = default;
};

class WriteProtect {
 public:
  WriteProtect() = default;
  WriteProtect(const WriteProtect&) = delete;
  WriteProtect& operator=(const WriteProtect&) = delete;
  virtual ~WriteProtect() = default;
  [[nodiscard]] virtual WriteProtectStatus status() = 0;
  /// Every range that the chip can protect now, by size; RefusedError where that is not known.
  [[nodiscard]] virtual std::vector<Range> ranges() = 0;
  /// Protects `range`, or nothing when it is empty, for good. Throws RefusedError where the chip
  /// cannot protect that range, ProtectedError where the setting is locked.
  virtual void protect(Range range) = 0;
  /// Locks the setting as long as the WP# pin is low, or unlocks it. Throws as `protect` does.
  virtual void lock(bool locked) = 0;
};

class Flash {
 public:
  Flash() = default;
  Flash(const Flash&) = delete;
  Flash& operator=(const Flash&) = delete;
  virtual ~Flash() = default;
  [[nodiscard]] virtual const Geometry& geometry() const noexcept = 0;
  [[nodiscard]] virtual Access access(Range range) = 0;
  [[nodiscard]] virtual std::vector<Protection> protections() = 0;
  /// The chip's own protection, where it can be set from here.
  [[nodiscard]] virtual WriteProtect* write_protect() noexcept { return nullptr; }
  /// Reads `into.size()` bytes. Throws InterruptedError on a requested stop, DeviceError otherwise.
  virtual void read(std::uint64_t offset, Bytes into, Run& run) = 0;
  /// Erases and programs, in order; may stream them. `done(i)` is called when step i is finished
  /// and known to be. On a requested stop it ends behind a whole step with InterruptedError.
  virtual void apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
                     Run& run) = 0;
  /// Whether operations may be queued behind answers that were not read yet, where the device can;
  /// it is so from the start. What is not verified afterwards is not queued.
  virtual void set_streaming(bool /*streams*/) {}
  /// Halves the clock of the link, after something was read wrong on the way; the clock now, in
  /// hertz, or nothing where it stays.
  virtual std::optional<std::uint32_t> slow_down() { return std::nullopt; }
  [[nodiscard]] virtual FlashStatistics statistics() const = 0;
};

}  // namespace romwright::flash
