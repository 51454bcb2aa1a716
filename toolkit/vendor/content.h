// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes on their way from a vendor's package to what is inserted: read by many, changed by nobody.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "flash/base/bytes.h"
#include "flash/base/range.h"

namespace romwright::vendor {

/// Immutable bytes with a shared owner: cheap to copy, and a part keeps the whole alive.
class Content {
 public:
  Content() = default;
  explicit Content(Buffer bytes);
  /// `bytes` of a mapped file, as long as `owner` lives.
  Content(std::shared_ptr<const void> owner, ConstBytes bytes) noexcept
      : owner_(std::move(owner)), bytes_(bytes), mapped_(true) {}

  [[nodiscard]] ConstBytes bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  /// A part, without a copy. Throws ImageError "WHAT: ..." where it is not within.
  [[nodiscard]] Content part(Range range, std::string_view what) const;

  /// The part of a mapped file in `range` takes no memory until it is read again. Nothing else
  /// changes.
  void forget(Range range) const noexcept;
  /// As hexadecimal digits; a mapped file takes little memory meanwhile.
  [[nodiscard]] std::string sha512() const;
  /// Where `needle` lies at or after `from`; a mapped file takes little memory meanwhile.
  [[nodiscard]] std::optional<std::size_t> find(ConstBytes needle, std::size_t from = 0) const;

 private:
  std::shared_ptr<const void> owner_;
  ConstBytes bytes_;
  bool mapped_ = false;
};

}  // namespace romwright::vendor
