// SPDX-License-Identifier: GPL-2.0-or-later
// What `romwright flashprog` says: as flashprog does, and into a log file where one is named.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "flash/base/event.h"
#include "toolkit/cli/terminal.h"

namespace romwright::cli::flashprog {

/// Results and progress go to standard output, errors and warnings to standard error.
class Log final : public EventSink {
 public:
  /// What is said also goes to the log of `terminal`, in whole lines.
  Log(int verbosity, bool progress, Terminal& terminal)
      : verbosity_(verbosity), progress_(progress), terminal_(terminal) {}
  /// Throws UsageError where the file cannot be written.
  void open(const std::string& file);

  /// Without a line end of its own.
  void say(std::string_view text);
  /// A line.
  void error(std::string_view line);

  void progress(const Progress& progress) override;
  void note(std::string_view text) override;
  void warning(std::string_view text) override { error(text); }
  void detail(std::string_view text) override;

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  void keep(std::string_view text);

  int verbosity_;
  bool progress_;
  Terminal& terminal_;
  std::string begun_;  ///< a line for the terminal's log that has no end yet
  std::uint64_t percent_ = 0;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace romwright::cli::flashprog
