// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/terminal.h"

#include <iostream>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/bytes.h"

namespace romwright::cli {

Terminal::Terminal()
    : input_is_terminal_(isatty(STDIN_FILENO) == 1),
      errors_are_terminal_(isatty(STDERR_FILENO) == 1) {}

void Terminal::line(std::FILE* stream, std::string_view text) {
  clear_bar();
  fmt::print(stream, "{}\n", text);
  std::fflush(stream);
}

void Terminal::clear_bar() {
  if (!bar_shown_) return;
  fmt::print(stderr, "\r\033[K");
  bar_shown_ = false;
}

void Terminal::print(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  if (!json_) line(stdout, text);
}

void Terminal::print_json(const nlohmann::ordered_json& object) {
  const std::scoped_lock lock(mutex_);
  // A name inside an image may hold any byte: what is not UTF-8 is replaced, never an error.
  if (json_)
    line(stdout, object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void Terminal::error(const Error& error) {
  const std::scoped_lock lock(mutex_);
  line(stderr, fmt::format("romwright: {}", error.line()));
  for (const std::string& other : error.others()) line(stderr, fmt::format("romwright: {}", other));
}

bool Terminal::ask(std::string_view question) {
  {
    const std::scoped_lock lock(mutex_);
    clear_bar();
    fmt::print(stderr, "{} [y/N] ", question);
    std::fflush(stderr);
  }
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

void Terminal::progress(const Progress& progress) {
  const std::scoped_lock lock(mutex_);
  if (quiet_ || progress.total == 0) return;
  const auto now = std::chrono::steady_clock::now();
  const std::uint64_t percent = progress.done * 100 / progress.total;
  const bool finished = progress.done >= progress.total;
  if (phase_ != progress.phase || percent < last_percent_) {
    phase_ = progress.phase;
    phase_start_ = now;
    last_percent_ = 0;
  }
  if (!errors_are_terminal_) {
    // A plain line at each quarter.
    if (percent / 25 > last_percent_ / 25)
      line(stderr, fmt::format("{} {} %", progress.phase, percent / 25 * 25));
    last_percent_ = percent;
    return;
  }
  last_percent_ = percent;
  if (!finished && now - last_drawn_ < std::chrono::milliseconds(100)) return;
  last_drawn_ = now;
  if (finished) {
    clear_bar();
    return;
  }
  constexpr std::uint64_t width = 30;
  const std::uint64_t filled = progress.done * width / progress.total;
  const double seconds = std::chrono::duration<double>(now - phase_start_).count();
  const double rate = seconds > 0.2 ? static_cast<double>(progress.done) / seconds / 1024 : 0;
  fmt::print(stderr, "\r\033[K{:<12} [{:<{}}] {:3} %{}", progress.phase, std::string(filled, '#'),
             width, percent, rate > 0 ? fmt::format("  {:.0f} KiB/s", rate) : "");
  std::fflush(stderr);
  bar_shown_ = true;
}

void Terminal::note(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  if (!quiet_) line(json_ ? stderr : stdout, text);
}

void Terminal::warning(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  line(stderr, fmt::format("romwright: warning: {}", text));
}

void Terminal::detail(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  if (verbose_) line(stderr, text);
}

}  // namespace romwright::cli
