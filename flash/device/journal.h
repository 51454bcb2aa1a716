// SPDX-License-Identifier: GPL-2.0-or-later
// What is under way on a chip, on disk before the first erase, so that it can be finished or
// undone.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/range.h"
#include "flash/device/durable_file.h"

namespace romwright::flash {

/// A file with a hash, both of which must still agree when it is used.
struct JournalFile {
  std::filesystem::path path;
  std::string sha512;
  friend bool operator==(const JournalFile&, const JournalFile&) = default;
};

/// The file's content. Throws ImageError where it is missing or no longer what its hash says.
Buffer load(const JournalFile& file);

/// Everything that a later `resume` or `rollback` needs.
struct JournalRecord {
  std::string chip, id, programmer, board, date;  ///< as in BackupFacts
  std::uint64_t size = 0;
  JournalFile backup;          ///< the chip's content before
  JournalFile target;          ///< its whole content afterwards, a copy beside the journal
  std::string image;           ///< what the user asked to write, for messages
  std::vector<Range> allowed;  ///< what may change
  std::vector<Range> steps;    ///< the hull of what each step erases and programs, in order
  std::uint64_t erased_bytes = 0, programmed_bytes = 0;
  std::string conclusion;  ///< what happens when all is verified: "top swap is set"; mostly empty
  friend bool operator==(const JournalRecord&, const JournalRecord&) = default;
};

/// A journal as it was found.
struct OpenJournal {
  std::filesystem::path path;
  JournalRecord record;
  std::size_t finished = 0;  ///< steps that are known to be done
  std::vector<Range> again;  ///< blocks that failed their verification and were written again

  /// Ranges that may have been in the middle of an erase or program: the step behind the finished
  /// ones and every later step whose bytes are no longer those of `before`. They are to be erased
  /// again even where they read blank or right.
  [[nodiscard]] std::vector<Range> suspect(ConstBytes current, ConstBytes before) const;
};

/// JSON lines: the record, then progress, appended. Progress is written at every step, and synced
/// at most once a second: what a crash of the machine loses is found by `suspect`.
class Journal {
 public:
  /// Writes the target's copy and the record, synced, into `folder`; `backup` makes the backup
  /// meanwhile. `record.target` and `record.backup` are filled in.
  /// Throws Error "PATH: REASON", and RefusedError, before anything is written, when a journal of
  /// an unfinished write on the same chip (id and programmer) is there.
  /// `replaces` is the journal that this write finishes or undoes: it is removed once the new one
  /// is synced.
  static Journal begin(const std::filesystem::path& folder, JournalRecord record, ConstBytes target,
                       const std::function<JournalFile()>& backup,
                       const std::filesystem::path& replaces = {});

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return file_.path(); }
  /// The target's copy.
  [[nodiscard]] const JournalFile& target() const noexcept { return target_; }
  /// Steps before `finished` are done.
  void progress(std::size_t finished);
  /// `range` is about to be erased and programmed again, out of order.
  void rewriting(Range range);
  /// The write is complete: removes the journal and the target's copy.
  void finish();

  /// The unfinished journals of a folder, newest first. What is no journal is left out and named in
  /// `problems`, where that is given.
  [[nodiscard]] static std::vector<OpenJournal> list(const std::filesystem::path& folder,
                                                     std::vector<std::string>* problems = nullptr);
  /// Removes a journal that needs no finishing, and the target's copy.
  static void discard(const std::filesystem::path& path);
  /// Reads one; ImageError where it is no journal. A torn last line is left out.
  [[nodiscard]] static OpenJournal load(const std::filesystem::path& path);

 private:
  Journal(const std::filesystem::path& path, JournalFile target)
      : file_(path), target_(std::move(target)) {}
  void append(const std::string& line, bool sync);

  AppendedFile file_;
  JournalFile target_;
  std::chrono::steady_clock::time_point synced_{};
};

}  // namespace romwright::flash
