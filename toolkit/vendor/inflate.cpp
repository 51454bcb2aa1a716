// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/inflate.h"

#include <algorithm>
#include <memory>
#include <new>
#include <zlib.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

struct End {
  void operator()(z_stream* stream) const noexcept { inflateEnd(stream); }
};

uInt step_of(std::size_t left) { return static_cast<uInt>(std::min<std::size_t>(left, 1U << 30)); }

}  // namespace

Buffer inflate_stream(ConstBytes stored, std::uint64_t limit) {
  constexpr int either_format = 15 + 32;  // zlib's own code for: tell zlib and gzip apart
  z_stream stream{};
  if (inflateInit2(&stream, either_format) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, End> end(&stream);
  Buffer content;
  std::size_t read = 0, written = 0;
  for (int result = Z_OK; result != Z_STREAM_END;) {
    if (written == content.size()) {
      if (written > limit)
        throw ImageError(fmt::format("deflated data: expand beyond {}", human_size(limit)));
      // One byte more than allowed shows that there is more.
      content.resize(static_cast<std::size_t>(
          std::min<std::uint64_t>(limit + 1, std::max<std::uint64_t>(1 << 16, 2 * written))));
    }
    // zlib does not change its input, whatever its type says.
    stream.next_in = const_cast<Bytef*>(stored.data() + read);
    stream.avail_in = step_of(stored.size() - read);
    stream.next_out = content.data() + written;
    stream.avail_out = step_of(content.size() - written);
    const uInt in = stream.avail_in, out = stream.avail_out;
    result = inflate(&stream, Z_NO_FLUSH);
    read += in - stream.avail_in;
    written += out - stream.avail_out;
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result != Z_OK && result != Z_STREAM_END)
      throw ImageError(fmt::format("deflated data: {} after {:#x} bytes",
                                   read == stored.size() ? "they end" : "they are damaged", read));
  }
  content.resize(written);
  if (written > limit)
    throw ImageError(fmt::format("deflated data: expand beyond {}", human_size(limit)));
  return content;
}

}  // namespace romwright::vendor
