// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes that begin on a page of memory, as a disk takes them without a copy.
#pragma once

#include <cstdlib>
#include <memory>

#include "flash/base/bytes.h"

namespace romwright {

inline constexpr std::size_t page_size = 4096;

/// Whether `bytes` are whole pages.
[[nodiscard]] inline bool lies_on_pages(ConstBytes bytes) noexcept {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % page_size == 0 &&
         bytes.size() % page_size == 0;
}

/// A copy of bytes, beginning on a page.
class PageBuffer {
 public:
  PageBuffer() = default;
  /// Throws std::bad_alloc.
  explicit PageBuffer(ConstBytes content);

  [[nodiscard]] ConstBytes bytes() const noexcept { return {memory_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::uint8_t* memory) const noexcept { std::free(memory); }
  };
  std::unique_ptr<std::uint8_t[], Free> memory_;
  std::size_t size_ = 0;
};

}  // namespace romwright
