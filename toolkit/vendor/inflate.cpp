// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/inflate.h"

#include <algorithm>
#include <array>
#include <new>
#include <zlib.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

/// One pass over a stream.
class Inflation {
 public:
  explicit Inflation(ConstBytes stored) : stored_(stored) {
    constexpr int either_format = 15 + 32;  // zlib's own code for: tell zlib and gzip apart
    if (inflateInit2(&stream_, either_format) != Z_OK) throw std::bad_alloc();
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() { inflateEnd(&stream_); }

  /// Fills `part`, from its start; returns how much, less than all of it only at the end.
  std::size_t next(Bytes part) {
    std::size_t written = 0;
    while (written < part.size() && !ended_) {
      // zlib does not change its input, whatever its type says.
      stream_.next_in = const_cast<Bytef*>(stored_.data() + read_);
      stream_.avail_in = step_of(stored_.size() - read_);
      stream_.next_out = part.data() + written;
      stream_.avail_out = step_of(part.size() - written);
      const uInt in = stream_.avail_in, out = stream_.avail_out;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      read_ += in - stream_.avail_in;
      written += out - stream_.avail_out;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      ended_ = result == Z_STREAM_END;
      if (result != Z_OK && !ended_)
        throw ImageError(fmt::format("deflated data: {} after {:#x} bytes",
                                     read_ == stored_.size() ? "they end" : "they are damaged",
                                     read_));
    }
    return written;
  }

 private:
  static uInt step_of(std::size_t left) {
    return static_cast<uInt>(std::min<std::size_t>(left, 1U << 30));
  }

  ConstBytes stored_;
  z_stream stream_{};
  std::size_t read_ = 0;
  bool ended_ = false;
};

std::uint64_t inflated_size(ConstBytes stored, std::uint64_t limit) {
  Inflation inflation(stored);
  std::array<std::uint8_t, 1 << 16> part;
  std::uint64_t size = 0;
  while (const std::size_t more = inflation.next(part)) {
    size += more;
    if (size > limit)
      throw ImageError(fmt::format("deflated data: expand beyond {}", human_size(limit)));
  }
  return size;
}

}  // namespace

Buffer inflate_stream(ConstBytes stored, std::uint64_t limit) {
  // The stream does not tell its size. Two passes take less memory than a buffer that grows.
  Buffer content(static_cast<std::size_t>(inflated_size(stored, limit)));
  Inflation(stored).next(content);
  return content;
}

}  // namespace romwright::vendor
