// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes on their way from a vendor's package to what is inserted: read by many, changed by nobody.
#pragma once

#include <memory>

#include "flash/base/bytes.h"
#include "flash/base/range.h"

namespace romwright::vendor {

/// Immutable bytes with a shared owner: cheap to copy, and a part keeps the whole alive.
class Content {
 public:
  Content() = default;
  explicit Content(Buffer bytes);
  /// `bytes`, as long as `owner` lives: a mapped file.
  Content(std::shared_ptr<const void> owner, ConstBytes bytes) noexcept
      : owner_(std::move(owner)), bytes_(bytes) {}

  [[nodiscard]] ConstBytes bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  /// A part, without a copy. Throws ImageError "WHAT: ..." where it is not within.
  [[nodiscard]] Content part(Range range, std::string_view what) const;

 private:
  std::shared_ptr<const void> owner_;
  ConstBytes bytes_;
};

}  // namespace romwright::vendor
