// SPDX-License-Identifier: GPL-2.0-or-later
// The only place that prints: results, JSON, notes, warnings, progress, errors.
#pragma once

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "flash/base/error.h"
#include "flash/base/event.h"

namespace romwright::cli {

/// Results go to standard output; warnings, errors and progress to standard error. With JSON on,
/// the one object is alone on standard output, and everything else goes to standard error.
class Terminal final : public EventSink {
 public:
  Terminal();

  void use_json() { json_ = true; }
  void use_quiet() { quiet_ = true; }
  void use_verbose() { verbose_ = true; }
  [[nodiscard]] bool json() const { return json_; }
  /// True when somebody sits there and can be asked.
  [[nodiscard]] bool interactive() const { return input_is_terminal_; }

  /// A line of the result; not shown with --json, whose object says the same.
  void print(std::string_view line);
  /// The one JSON object of --json; ignored without it.
  void print_json(const nlohmann::ordered_json& object);
  /// `romwright: LINE` for the error and every other problem that it carries.
  void error(const Error& error);
  /// Asks on the terminal; the answer is yes only for y or yes.
  [[nodiscard]] bool ask(std::string_view question);

  void progress(const Progress& progress) override;
  void note(std::string_view text) override;
  void warning(std::string_view text) override;
  void detail(std::string_view text) override;

 private:
  void line(std::FILE* stream, std::string_view text);
  void clear_bar();

  std::mutex mutex_;
  bool json_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  bool input_is_terminal_;
  bool errors_are_terminal_;
  bool bar_shown_ = false;
  std::string phase_;
  std::uint64_t last_percent_ = 0;
  std::chrono::steady_clock::time_point phase_start_{};
  std::chrono::steady_clock::time_point last_drawn_{};
};

}  // namespace romwright::cli
