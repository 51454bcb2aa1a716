// SPDX-License-Identifier: GPL-2.0-or-later
// What has come out of containers so far, against what may.
#pragma once

#include <cstdint>
#include <string>

#include "flash/base/error.h"
#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

/// More came out than may: nothing of it is used, however deep it was.
class LimitError : public ImageError {
  using ImageError::ImageError;
};

/// Counts for one step. Every refusal is a LimitError.
class UnpackBudget {
 public:
  /// What comes out of `outermost`, containers in containers included, is held against their size;
  /// without them only each container's content is, against its own.
  explicit UnpackBudget(const ExtractLimits& limits, const ExtractedFiles& outermost = {});

  /// One more file. Throws where there are too many.
  void add_file(const std::string& container);
  /// `size` more bytes of a file that has `file_size` with them, out of a container whose `packed`
  /// bytes have become `unpacked`. Throws where one of them is too much.
  void add_bytes(const std::string& file, std::uint64_t size, std::uint64_t file_size,
                 std::uint64_t packed, std::uint64_t unpacked);
  /// How much of the next file may lie in memory.
  [[nodiscard]] std::uint64_t in_memory() const;
  void keep_in_memory(std::uint64_t size) { in_memory_ += size; }
  [[nodiscard]] const ExtractLimits& limits() const noexcept { return limits_; }

 private:
  ExtractLimits limits_;
  std::uint64_t packed_ = 0;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t in_memory_ = 0;
};

}  // namespace romwright::vendor
