// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/flashprog/log.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::cli::flashprog {

void Log::open(const std::string& file) {
  file_.reset(std::fopen(file.c_str(), "we"));
  if (!file_)
    throw UsageError(
        fmt::format("{}: cannot write: {}", file, std::generic_category().message(errno)));
}

void Log::keep(std::string_view text) {
  if (file_) std::fwrite(text.data(), 1, text.size(), file_.get());
  begun_ += text;
  if (const std::size_t end = begun_.rfind('\n'); end != std::string::npos) {
    terminal_.log("flashprog", std::string_view(begun_).substr(0, end));
    begun_.erase(0, end + 1);
  }
}

void Log::say(std::string_view text) {
  terminal_.put(text);
  keep(text);
}

void Log::error(std::string_view line) {
  const std::string text = fmt::format("{}\n", line);
  std::fwrite(text.data(), 1, text.size(), stderr);
  keep(text);
}

void Log::progress(const Progress& progress) {
  if (!progress_ || progress.total == 0) return;
  const std::uint64_t percent = progress.done * 100 / progress.total;
  if (percent == percent_) return;
  percent_ = percent;
  say(fmt::format("[{}: {:2}%]", progress.phase, percent));
}

void Log::note(std::string_view text) {
  if (verbosity_ > 0) say(fmt::format("{}\n", text));
}

void Log::detail(std::string_view text) { note(text); }

}  // namespace romwright::cli::flashprog
