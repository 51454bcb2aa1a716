// SPDX-License-Identifier: GPL-2.0-or-later
// Backups: the content of a chip as it was, with a JSON file beside it that says whose it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::flash {

/// What is known of a chip when its content is kept. Free text but for `date`.
struct BackupFacts {
  std::string chip;        ///< "Winbond W25Q64FV"
  std::string id;          ///< hexadecimal, as the chip answered
  std::string programmer;  ///< how it was reached
  std::string board;       ///< the manifest's name; may be empty
  std::string date;        ///< ISO 8601 in UTC, "2026-01-31T12:00:00Z": lists are sorted by it
};

struct Backup {
  std::filesystem::path content;  ///< the chip's bytes
  std::string sha512;             ///< of the content, lower-case hexadecimal
  std::uint64_t size = 0;
  BackupFacts facts;
};

/// A folder of backups: NAME.rom and NAME.json, NAME made of date, chip and hash.
class BackupStore {
 public:
  explicit BackupStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  /// Both files are synced when this returns. Throws Error "PATH: REASON".
  Backup keep(ConstBytes content, const BackupFacts& facts) const;
  /// All backups, newest first. A JSON file that does not parse is left out and named in
  /// `problems`, where that is given.
  [[nodiscard]] std::vector<Backup> list(std::vector<std::string>* problems = nullptr) const;
  /// The content of `backup`; ImageError when it is no longer what its hash says.
  [[nodiscard]] static Buffer content(const Backup& backup);

 private:
  std::filesystem::path folder_;
};

}  // namespace romwright::flash
