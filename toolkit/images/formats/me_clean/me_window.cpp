// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/me_window.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

void MeWindow::require(std::uint64_t offset, std::uint64_t size, std::string_view what) const {
  if (!Range{0, this->size()}.contains(Range{offset, size}))
    throw ImageError(fmt::format("{}: {} lies outside the region of {:#x} bytes", what,
                                 to_string(Range{offset, size}), this->size()));
}

ConstBytes MeWindow::read(std::uint64_t offset, std::uint64_t size, std::string_view what) const {
  require(offset, size, what);
  return slice(ConstBytes(*image_), {start_ + offset, size}, what);
}

ConstBytes MeWindow::read_some(std::uint64_t offset, std::uint64_t size,
                               std::string_view what) const {
  require(offset, size, what);
  const Range there = Range{start_ + offset, size}.intersect({0, image_->size()});
  return there.empty() ? ConstBytes{} : slice(ConstBytes(*image_), there, what);
}

bool MeWindow::has_tag(std::uint64_t offset, std::string_view tag, std::string_view what) const {
  return std::ranges::equal(read(offset, tag.size(), what), as_bytes(tag));
}

Bytes MeWindow::writable(std::uint64_t offset, std::uint64_t size, std::string_view what) {
  require(offset, size, what);
  const std::uint64_t end = start_ + offset + size;
  if (size != 0 && end > image_->size()) image_->resize(end);
  return size == 0 ? Bytes{} : slice(Bytes(*image_), {start_ + offset, size}, what);
}

void MeWindow::write(std::uint64_t offset, ConstBytes bytes, std::string_view what) {
  std::ranges::copy(bytes, writable(offset, bytes.size(), what).begin());
}

void MeWindow::write_dword(std::uint64_t offset, std::uint32_t value, std::string_view what) {
  store_le(writable(offset, 4, what), 0, value);
}

void MeWindow::fill(std::uint64_t from, std::uint64_t to, std::string_view what) {
  require(to, 0, what);
  if (from < to) std::ranges::fill(writable(from, to - from, what), std::uint8_t{0xff});
}

void MeWindow::move(std::uint64_t from, std::uint64_t size, std::uint64_t to,
                    std::string_view what) {
  constexpr std::uint64_t block_size = 0x1000;
  require(from, size, what);
  require(to, size, what);
  Buffer block;
  for (std::uint64_t at = 0; at < size; at += block_size) {
    const ConstBytes bytes = read_some(from + at, std::min(block_size, size - at), what);
    block.assign(bytes.begin(), bytes.end());
    if (block.empty()) return;
    std::ranges::fill(writable(from + at, block.size(), what), std::uint8_t{0xff});
    write(to + at, block, what);
  }
}

}  // namespace romwright::images
