// SPDX-License-Identifier: GPL-2.0-or-later
// The file of --log: everything that happens, a line each, whole and at once.
#pragma once

#include <string>
#include <string_view>

namespace romwright::cli {

/// Each line is `2026-11-23T16:55:01.123Z KIND TEXT` in UTC, added to the end of the file with one
/// write, so that several programs may share a log. A log that cannot be written any more stops
/// nothing: `failed` tells of it once.
class LogFile {
 public:
  LogFile() = default;
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile();

  /// Throws Error "PATH: ..." where the file cannot be opened; its folder must be there.
  void open(const std::string& path);
  [[nodiscard]] bool is_open() const { return file_ >= 0; }
  /// One line of the log for each line of `text`; nothing where no file is open.
  void write(std::string_view kind, std::string_view text);
  /// The reason why a line was lost; empty while none was, and after it was asked.
  [[nodiscard]] std::string failure();

 private:
  int file_ = -1;
  std::string path_;
  std::string failure_;
};

}  // namespace romwright::cli
