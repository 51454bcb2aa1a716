// SPDX-License-Identifier: GPL-2.0-or-later
// The only place that prints: results, JSON, notes, warnings, progress, errors.
#pragma once

#include <chrono>
#include <cstdio>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "flash/base/error.h"
#include "flash/base/event.h"
#include "toolkit/cli/log_file.h"
#include "toolkit/cli/progress_meter.h"

namespace romwright::cli {

/// Results go to standard output; warnings, errors and progress to standard error. With JSON on,
/// the one object is alone on standard output, and everything else goes to standard error. Colours
/// and the progress bar are for terminals: not where TERM is `dumb`, and no colour where NO_COLOR
/// is set (no-color.org).
class Terminal final : public EventSink {
 public:
  Terminal();

  void use_json() { json_ = true; }
  void use_quiet() { quiet_ = true; }
  void use_verbose() { verbose_ = true; }
  [[nodiscard]] bool json() const { return json_; }
  /// True when somebody sits there and can be asked.
  [[nodiscard]] bool interactive() const { return input_is_terminal_; }

  /// From here on everything also goes to the file, shown or not. Throws as LogFile::open.
  void log_to(const std::string& path);
  [[nodiscard]] bool logs() const { return log_.is_open(); }
  /// For the log alone.
  void log(std::string_view kind, std::string_view text);

  /// A line of the result; not shown with --json, whose object says the same.
  void print(std::string_view line);
  /// The same, of a good end.
  void print_success(std::string_view line);
  /// A piece of a result in another program's format, as it is; not logged.
  void put(std::string_view text);
  /// The one JSON object of --json; ignored without it.
  void print_json(const nlohmann::ordered_json& object);
  /// Why a part of the results could not be written, as errno has it; 0 where all were. That
  /// nobody reads them any more (EPIPE) stops no work.
  [[nodiscard]] int output_error();
  /// `romwright: LINE` for the error and every other problem that it carries.
  void error(const Error& error);
  /// Asks on the terminal; the answer is yes only for y or yes. Throws InterruptedError on a stop.
  [[nodiscard]] bool ask(std::string_view question, const std::stop_token& stop);

  void progress(const Progress& progress) override;
  void note(std::string_view text) override;
  void warning(std::string_view text) override;
  void detail(std::string_view text) override;

 private:
  void line(std::FILE* stream, std::string_view text);
  void send(std::FILE* stream, std::string_view text);
  void error_line(std::string_view text);
  void record(std::string_view kind, std::string_view text);
  void clear_bar();
  void draw_bar(const Progress& progress, const Estimate& estimate);

  std::mutex mutex_;
  bool json_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  bool input_is_terminal_;
  bool shows_bar_;
  bool coloured_output_;
  bool coloured_errors_;
  bool bar_shown_ = false;
  int output_error_ = 0;
  LogFile log_;
  ProgressMeter meter_;
  unsigned last_quarter_ = 0;
  std::chrono::steady_clock::time_point last_drawn_{};
};

}  // namespace romwright::cli
