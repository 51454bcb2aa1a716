// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/error.h"

#include <utility>

#include <fmt/format.h>

namespace romwright {

Error::Error(std::string what, std::string hint) : text_(std::move(what)), hint_(std::move(hint)) {}

void Error::within(std::string_view frame) { text_ = fmt::format("{}: {}", frame, text_); }

std::string Error::line() const {
  return hint_.empty() ? text_ : fmt::format("{} ({})", text_, hint_);
}

ManifestError::ManifestError(Mark mark, std::string_view source_line, std::string what,
                             std::string hint)
    : Error(std::move(what), std::move(hint)), mark_(std::move(mark)), source_line_(source_line) {}

std::string ManifestError::line() const {
  if (mark_.line == 0) return fmt::format("{}: {}", mark_.file, Error::line());
  std::string text =
      fmt::format("{}:{}:{}: {}", mark_.file, mark_.line, mark_.column, Error::line());
  if (source_line_.empty()) return text;
  // Tabs stay tabs below the line, so that the caret stands under its column.
  std::string caret;
  for (int i = 0; i + 1 < mark_.column; ++i) {
    const auto at = static_cast<std::size_t>(i);
    caret += at < source_line_.size() && source_line_[at] == '\t' ? '\t' : ' ';
  }
  return fmt::format("{}\n  {}\n  {}^", text, source_line_, caret);
}

VerifyError::VerifyError(std::uint64_t offset, std::uint8_t expected, std::uint8_t actual,
                         std::string hint)
    : DeviceError(
          fmt::format("offset {:#x}: expected {:#04x}, read {:#04x}", offset, expected, actual),
          std::move(hint)),
      offset_(offset),
      expected_(expected),
      actual_(actual) {}

}  // namespace romwright
