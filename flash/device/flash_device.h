// SPDX-License-Identifier: GPL-2.0-or-later
// The guarded write: read, plan, check, back up, journal, erase and program, verify.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flash/base/clock.h"
#include "flash/bus/flash.h"
#include "flash/device/backup.h"
#include "flash/device/erase_plan.h"
#include "flash/device/journal.h"

namespace romwright::flash {

enum class Verify : std::uint8_t {
  full,     ///< the whole device is read back
  written,  ///< what was written is; the whole device after any anomaly
  none,     ///< nothing is, and so nothing is streamed either
};

struct WriteOptions {
  std::vector<Range> allowed;  ///< what may change; empty: everything
  Verify verify = Verify::full;
  bool read_twice = false;  ///< the whole device, for a backup
  bool unprotect = false;   ///< removable protections may be lifted for the time of the write
  std::optional<OpenJournal> continues;  ///< the write that this one finishes or undoes
};

/// The way on from a write that was not finished.
enum class Recovery : std::uint8_t {
  finish,  ///< to what should have been written
  undo,    ///< back to the backup
};

/// Seconds by the device's clock.
struct PhaseTimes {
  std::chrono::nanoseconds read{0}, erase{0}, program{0}, verify{0};
};

/// What will happen; a value. Move it, do not copy: the steps point into both contents.
struct WritePlan {
  Buffer current;  ///< the device's content now
  Buffer target;   ///< its content afterwards: the image inside `allowed`, `current` elsewhere
  ErasePlan erase;
  WriteOptions options;
  std::vector<Range> unreadable;  ///< left as they are, and not verified
  PhaseTimes spent;               ///< what planning took
  std::uint64_t read_errors = 0;  ///< bytes that differed between two readings
  WritePlan() = default;
  WritePlan(WritePlan&&) = default;
  WritePlan& operator=(WritePlan&&) = default;
  [[nodiscard]] bool identical() const noexcept { return erase.empty(); }
};

/// Where the old content and the journal go, and what is known of the chip.
struct WriteGuard {
  std::filesystem::path backup_folder;
  std::filesystem::path journal_folder;
  BackupFacts facts;
  std::string image;  ///< the name of what is written, for the journal
  /// What follows once all is verified, while the journal still stands; the journal names it.
  std::string conclusion = {};
  std::function<void()> conclude = {};
};

struct WriteReport {
  bool identical = false;
  std::uint64_t erased_bytes = 0, programmed_bytes = 0, verified_bytes = 0;
  PhaseTimes times;
  std::uint64_t retries = 0;      ///< operations that the device had to run again
  std::uint64_t link_errors = 0;  ///< bytes that were right when they were read again
  std::uint64_t rewritten_blocks = 0;
  bool verified_full = false;    ///< false: only what was written, or nothing
  std::optional<Backup> backup;  ///< absent where nothing had to be written
  std::string target_sha512;     ///< of the whole content afterwards; empty where nothing was
};

class FlashDevice {
 public:
  /// `clock` is the device's: all times are measured with it.
  FlashDevice(Flash& flash, Clock& clock) : flash_(flash), clock_(clock) {}

  /// Reads the whole device; twice and compared where `twice` (what differs is read until two
  /// readings agree; DeviceError where they do not). With `ranges`, those alone: the rest looks
  /// erased.
  Buffer read(bool twice, Run& run, std::span<const Range> ranges = {});
  /// Reads what the machine lets be read; the rest looks erased.
  Buffer read_open(Run& run);

  /// Reads the device and plans how it becomes `image`, whose size must be the device's. Blocks
  /// that will be erased are read twice and compared; of more than 2 MiB, all that is programmed
  /// back, and every other 64 KiB of the rest, unless those differ. Nothing is changed. Throws
  /// RefusedError for a wrong size, ranges outside the device, or blocks that cannot be read or
  /// written; ProtectedError for protected blocks, all of them named.
  WritePlan plan(Buffer image, WriteOptions options, Run& run);

  /// The same for a write that was not finished: its journal says what is wanted. Blocks that may
  /// have been in the middle of an erase or program are erased again. Throws ImageError too, where
  /// the files that the journal names are missing or changed.
  WritePlan plan_recovery(const OpenJournal& journal, Recovery recovery, WriteOptions options,
                          Run& run);

  /// Carries `plan` out: backup and journal on disk first, then erase, program, verify; on a
  /// mismatch as flash-engine.md says (docs/flash-engine.md). InterruptedError on a stop, behind a
  /// whole step. Errors before the first change are what they are; afterwards ChangedError, whose
  /// hint names the journal.
  WriteReport write(const WritePlan& plan, const WriteGuard& guard, Run& run);

  /// Compares `ranges` (all when empty) of the device with `image`; a difference that vanishes when
  /// it is read again is the link's, and counted. Returns the number of bytes that were compared;
  /// VerifyError for the first difference, others of its kind behind it.
  std::uint64_t verify(ConstBytes image, std::span<const Range> ranges, Run& run);

  /// Bytes that were right only when read again, so far.
  [[nodiscard]] std::uint64_t link_errors() const noexcept { return link_errors_; }

 private:
  WritePlan make_plan(Buffer image, WriteOptions options, ConstBytes before, Run& run);
  void settle(WritePlan& plan, std::span<const Range> suspect, std::span<const Range> closed,
              Run& run);
  Journal open_journal(const WritePlan& plan, const WriteGuard& guard, WriteReport& report);
  void apply(const WritePlan& plan, Journal& journal, Run& run);
  void verify_and_repair(const WritePlan& plan, Journal& journal, WriteReport& report, Run& run);

  Flash& flash_;
  Clock& clock_;
  std::uint64_t link_errors_ = 0;
};

}  // namespace romwright::flash
