// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/content.h"

#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

#include "flash/base/digest.h"

namespace romwright::vendor {

namespace {

/// How much of a mapped file is read before it is forgotten.
constexpr std::size_t step = 16U << 20;

}  // namespace

Content::Content(Buffer bytes) {
  auto owner = std::make_shared<const Buffer>(std::move(bytes));
  bytes_ = *owner;
  owner_ = std::move(owner);
}

Content Content::part(Range range, std::string_view what) const {
  Content part = *this;
  part.bytes_ = slice(bytes_, range, what);
  return part;
}

void Content::forget(Range range) const noexcept {
  if (!mapped_ || range.offset >= bytes_.size()) return;
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto start = reinterpret_cast<std::uintptr_t>(bytes_.data());
  const std::uint64_t size = std::min<std::uint64_t>(range.size, bytes_.size() - range.offset);
  const std::uint64_t first = align_up(start + range.offset, page);
  const std::uint64_t end = align_down(start + range.offset + size, page);
  // Whole pages within the range only; the file still has what they held.
  if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
}

std::string Content::sha512() const {
  Digest digest(Hash::sha512);
  for (std::size_t at = 0; at < size(); at += step) {
    digest.update(bytes_.subspan(at, std::min(step, size() - at)));
    forget({at, step});
  }
  return to_hex(digest.finish());
}

std::optional<std::size_t> Content::find(ConstBytes needle, std::size_t from) const {
  for (std::size_t at = from; at < size(); at += step) {
    const std::size_t window = std::min(step + needle.size() - 1, size() - at);
    if (const auto found = find_bytes(bytes_.subspan(at, window), needle)) return at + *found;
    forget({at, step});
  }
  return std::nullopt;
}

}  // namespace romwright::vendor
