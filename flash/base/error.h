// SPDX-License-Identifier: GPL-2.0-or-later
// The one hierarchy of errors: where, what, and a hint of the way on.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/range.h"

namespace romwright {

/// An error is one line, `WHERE: WHAT (HINT)`. Frames are added on the way up by `within`, the
/// outermost first. Further problems that the same pass found travel along in `others`.
class Error : public std::exception {
 public:
  explicit Error(std::string what, std::string hint = {});

  /// Puts `frame` in front: `me.bin: too large` within "region me" reads `region me: me.bin: too
  /// large`.
  void within(std::string_view frame);
  /// Adds the finished line of another problem found in the same pass.
  void also(std::string line) { others_.push_back(std::move(line)); }
  /// Adds `other`, and what came along with it.
  void also(const Error& other) {
    also(other.line());
    for (const std::string& line : other.others_) also(line);
  }

  /// `WHERE: WHAT`, without the hint.
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }
  /// `WHERE: WHAT (HINT)`: what is shown to the user behind `romwright: `.
  [[nodiscard]] virtual std::string line() const;
  [[nodiscard]] const std::vector<std::string>& others() const noexcept { return others_; }

 private:
  std::string text_;
  std::string hint_;
  std::vector<std::string> others_;
};

/// An option, programmer or parameter that does not exist or does not parse.
class UsageError : public Error {
  using Error::Error;
};

/// A place in a text file; lines and columns count from 1, 0 is unknown.
struct Mark {
  std::string file;
  int line = 0;
  int column = 0;
};

/// A manifest that is not as the schema says. `line()` has FILE:LINE:COLUMN, the source line and a
/// caret below its column.
class ManifestError : public Error {
 public:
  ManifestError(Mark mark, std::string_view source_line, std::string what, std::string hint = {});
  [[nodiscard]] const Mark& mark() const noexcept { return mark_; }
  [[nodiscard]] std::string line() const override;

 private:
  Mark mark_;
  std::string source_line_;
};

/// An image or tarball that is damaged, contradictory, or not what its hash says.
class ImageError : public Error {
  using Error::Error;
};

/// A vendor file that is missing, cannot be had, or is not the one its recipe pins.
class VendorError : public Error {
  using Error::Error;
};

/// A write that was refused before anything was changed: size, layout, protection, wrong board.
class RefusedError : public Error {
  using Error::Error;
};

/// Stopped by a signal; `signal` is its number. Whatever was under way is at a safe point.
class InterruptedError : public Error {
 public:
  InterruptedError(int signal, std::string what, std::string hint = {})
      : Error(std::move(what), std::move(hint)), signal_(signal) {}
  [[nodiscard]] int signal() const noexcept { return signal_; }

 private:
  int signal_;
};

/// A programmer or chip that failed.
class DeviceError : public Error {
  using Error::Error;
};

/// No programmer, no chip, no permission.
class NoDeviceError : public DeviceError {
  using DeviceError::DeviceError;
};

/// A chip or programmer did not answer within its deadline.
class TimeoutError : public DeviceError {
  using DeviceError::DeviceError;
};

/// Something in `range` may not be written; found before the first erase.
class ProtectedError : public DeviceError {
 public:
  ProtectedError(Range range, std::string what, std::string hint = {})
      : DeviceError(std::move(what), std::move(hint)), range_(range) {}
  [[nodiscard]] const Range& range() const noexcept { return range_; }

 private:
  Range range_;
};

/// A byte that reads differently from what it should be.
class VerifyError : public DeviceError {
 public:
  VerifyError(std::uint64_t offset, std::uint8_t expected, std::uint8_t actual,
              std::string hint = {});
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
  [[nodiscard]] std::uint8_t expected() const noexcept { return expected_; }
  [[nodiscard]] std::uint8_t actual() const noexcept { return actual_; }

 private:
  std::uint64_t offset_;
  std::uint8_t expected_;
  std::uint8_t actual_;
};

/// A write that failed after something was changed: the journal tells how to go on.
class ChangedError : public DeviceError {
  using DeviceError::DeviceError;
};

/// Runs `body`; an Error that leaves it gets `frame` in front.
template <typename Body>
decltype(auto) within(std::string_view frame, Body&& body) {
  try {
    return body();
  } catch (Error& error) {
    error.within(frame);
    throw;
  }
}

/// Throws the first of `errors` with all others behind it; returns when there is none.
template <typename E>
void throw_all(const std::vector<E>& errors) {
  if (errors.empty()) return;
  E first = errors.front();
  for (std::size_t i = 1; i < errors.size(); ++i) first.also(errors[i]);
  throw first;
}

}  // namespace romwright
