// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/page_buffer.h"

#include <algorithm>
#include <new>

namespace romwright {

PageBuffer::PageBuffer(ConstBytes content) : size_(content.size()) {
  if (content.empty()) return;
  memory_.reset(static_cast<std::uint8_t*>(
      std::aligned_alloc(page_size, align_up(content.size(), page_size))));
  if (!memory_) throw std::bad_alloc();
  std::ranges::copy(content, memory_.get());
}

}  // namespace romwright
