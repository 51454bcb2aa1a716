// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/terminal.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/color.h>
#include <fmt/format.h>

#include "flash/base/bytes.h"
#include "flash/base/wait_readable.h"

namespace romwright::cli {

namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// A terminal that knows how to go back in its line.
bool is_capable_terminal(int file) {
  const char* type = std::getenv("TERM");
  return isatty(file) == 1 && type != nullptr && *type != '\0' && std::string_view(type) != "dumb";
}

std::size_t columns_of(int file) {
  winsize size{};
  return ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string painted(bool coloured, fmt::terminal_color colour, std::string_view text) {
  return coloured ? fmt::format(fmt::fg(colour) | fmt::emphasis::bold, "{}", text)
                  : std::string(text);
}

}  // namespace

Terminal::Terminal()
    : input_is_terminal_(isatty(STDIN_FILENO) == 1),
      shows_bar_(is_capable_terminal(STDERR_FILENO)),
      coloured_output_(is_capable_terminal(STDOUT_FILENO) && !is_set("NO_COLOR")),
      coloured_errors_(shows_bar_ && !is_set("NO_COLOR")) {}

void Terminal::log_to(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  log_.open(path);
}

void Terminal::log(std::string_view kind, std::string_view text) {
  const std::scoped_lock lock(mutex_);
  record(kind, text);
}

void Terminal::record(std::string_view kind, std::string_view text) {
  log_.write(kind, text);
  if (const std::string lost = log_.failure(); !lost.empty()) error_line(fmt::format(" {}", lost));
}

void Terminal::line(std::FILE* stream, std::string_view text) {
  clear_bar();
  send(stream, fmt::format("{}\n", text));
}

void Terminal::send(std::FILE* stream, std::string_view text) {
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
  if (!written && stream == stdout && output_error_ == 0) output_error_ = errno;
}

void Terminal::put(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  send(stdout, text);
}

int Terminal::output_error() {
  const std::scoped_lock lock(mutex_);
  // The parser's own texts wait in a buffer still.
  errno = 0;
  std::cout.flush();
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && output_error_ == 0)
    output_error_ = errno != 0 ? errno : EIO;
  return output_error_;
}

void Terminal::error_line(std::string_view text) {
  line(stderr,
       painted(coloured_errors_, fmt::terminal_color::red, "romwright:") + std::string(text));
}

void Terminal::clear_bar() {
  if (!bar_shown_) return;
  fmt::print(stderr, "\r\033[K");
  bar_shown_ = false;
}

void Terminal::print(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  record("result", text);
  if (!json_) line(stdout, text);
}

void Terminal::print_success(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  record("result", text);
  if (!json_) line(stdout, painted(coloured_output_, fmt::terminal_color::green, text));
}

void Terminal::print_json(const nlohmann::ordered_json& object) {
  const std::scoped_lock lock(mutex_);
  if (!json_) return;
  // A name inside an image may hold any byte: what is not UTF-8 is replaced, never an error.
  const std::string text =
      object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  record("json", text);
  line(stdout, text);
}

void Terminal::error(const Error& error) {
  const std::scoped_lock lock(mutex_);
  const auto show = [&](std::string_view text) {
    record("error", text);
    error_line(fmt::format(" {}", text));
  };
  show(error.line());
  for (const std::string& other : error.others()) show(other);
}

bool Terminal::ask(std::string_view question, const std::stop_token& stop) {
  {
    const std::scoped_lock lock(mutex_);
    record("question", question);
    clear_bar();
    fmt::print(stderr, "{} [y/N] ", question);
    std::fflush(stderr);
  }
  if (!wait_readable(STDIN_FILENO, stop)) throw InterruptedError(SIGINT, "not answered: stopped");
  std::string answer;
  std::getline(std::cin, answer);
  log("answer", answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

void Terminal::progress(const Progress& progress) {
  const std::scoped_lock lock(mutex_);
  if (progress.total == 0) return;
  record("progress", fmt::format("{} {} of {}{}{}", progress.phase, progress.done, progress.total,
                                 progress.items.empty() ? "" : " ", progress.items));
  const auto now = std::chrono::steady_clock::now();
  const Estimate estimate = meter_.update(progress, now);
  if (quiet_) return;
  if (estimate.begun) last_quarter_ = 0;
  if (!shows_bar_) {
    // A plain line at each quarter.
    const unsigned quarter = estimate.percent / 25;
    if (quarter > last_quarter_) line(stderr, fmt::format("{} {} %", progress.phase, quarter * 25));
    last_quarter_ = quarter;
    return;
  }
  if (estimate.finished) return clear_bar();
  if (!estimate.begun && now - last_drawn_ < std::chrono::milliseconds(100)) return;
  last_drawn_ = now;
  draw_bar(progress, estimate);
}

void Terminal::draw_bar(const Progress& progress, const Estimate& estimate) {
  // A character behind the last column would begin a new line on some terminals.
  const std::size_t columns = columns_of(STDERR_FILENO) - 1;
  fmt::print(stderr, "\r\033[K{}", bar_text(progress, estimate, columns));
  std::fflush(stderr);
  bar_shown_ = true;
}

void Terminal::note(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  record("note", text);
  if (!quiet_) line(json_ ? stderr : stdout, text);
}

void Terminal::warning(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  record("warning", text);
  line(stderr, painted(coloured_errors_, fmt::terminal_color::yellow, "romwright: warning:") + " " +
                   std::string(text));
}

void Terminal::detail(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  record("detail", text);
  if (verbose_) line(stderr, text);
}

}  // namespace romwright::cli
