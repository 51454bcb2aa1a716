// SPDX-License-Identifier: GPL-2.0-or-later
// A region of an image that is being changed: every access is checked against its limits.
#pragma once

#include <cstdint>
#include <string_view>

#include "flash/base/bytes.h"

namespace romwright::images {

/// The bytes [start, end) of `image`, which must outlive it. Offsets count from `start`. The image
/// may end before the region does: then reading behind it fails, and writing extends it. What is
/// out of the region is an ImageError "WHAT: ... lies outside ...".
class MeWindow {
 public:
  MeWindow(Buffer& image, std::uint64_t start, std::uint64_t end) noexcept
      : image_(&image), start_(start), end_(end) {}

  [[nodiscard]] std::uint64_t start() const noexcept { return start_; }
  /// In the image, not in the region.
  [[nodiscard]] std::uint64_t end() const noexcept { return end_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return end_ - start_; }

  [[nodiscard]] ConstBytes read(std::uint64_t offset, std::uint64_t size,
                                std::string_view what) const;
  /// As much of it as there is before the image ends.
  [[nodiscard]] ConstBytes read_some(std::uint64_t offset, std::uint64_t size,
                                     std::string_view what) const;
  [[nodiscard]] std::uint32_t dword(std::uint64_t offset, std::string_view what) const {
    return load_le<std::uint32_t>(read(offset, 4, what));
  }
  [[nodiscard]] bool has_tag(std::uint64_t offset, std::string_view tag,
                             std::string_view what) const;
  void write(std::uint64_t offset, ConstBytes bytes, std::string_view what);
  void write_dword(std::uint64_t offset, std::uint32_t value, std::string_view what);
  /// 0xff in [from, to); nothing where `from` is not below `to`.
  void fill(std::uint64_t from, std::uint64_t to, std::string_view what);
  /// Moves `size` bytes in blocks of 4 KiB, front to back, each block's old place left as 0xff
  /// before it is written: what overlaps is overwritten as this order says.
  void move(std::uint64_t from, std::uint64_t size, std::uint64_t to, std::string_view what);

 private:
  void require(std::uint64_t offset, std::uint64_t size, std::string_view what) const;
  [[nodiscard]] Bytes writable(std::uint64_t offset, std::uint64_t size, std::string_view what);

  Buffer* image_;
  std::uint64_t start_, end_;
};

}  // namespace romwright::images
