// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_lzma.h"

#include <algorithm>
#include <lzma.h>
#include <memory>
#include <new>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::size_t header_size = 13;
constexpr std::uint64_t unknown_size = UINT64_MAX;
constexpr std::uint64_t smallest_dictionary = 1 << 12;
constexpr std::uint32_t literal_context_bits = 1;

struct End {
  void operator()(lzma_stream* stream) const noexcept { lzma_end(stream); }
};

std::uint32_t dictionary_for(std::uint64_t size) {
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(size, smallest_dictionary, 64ULL << 20));
}

}  // namespace

Buffer lzma_compress(ConstBytes content) {
  lzma_options_lzma options{};
  if (lzma_lzma_preset(&options, 9 | LZMA_PRESET_EXTREME)) throw std::bad_alloc();
  options.lc = literal_context_bits;
  options.lp = 0;
  options.pb = 0;
  options.nice_len = 273;
  options.depth = 1000;
  options.dict_size = dictionary_for(content.size());
  options.ext_flags = 0;  // no end marker: coreboot's decoder stops at the size
  options.ext_size_low = UINT32_MAX;
  options.ext_size_high = UINT32_MAX;
  const lzma_filter filters[] = {{LZMA_FILTER_LZMA1EXT, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  Buffer stored(header_size + content.size() + content.size() / 2 + 1024);
  stored[0] = static_cast<std::uint8_t>((options.pb * 5 + options.lp) * 9 + options.lc);
  store_le(stored, 1, options.dict_size);
  store_le(stored, 5, std::uint64_t{content.size()});
  std::size_t used = header_size;
  const lzma_ret result = lzma_raw_buffer_encode(filters, nullptr, content.data(), content.size(),
                                                 stored.data(), &used, stored.size());
  if (result == LZMA_MEM_ERROR) throw std::bad_alloc();
  if (result != LZMA_OK)
    throw ImageError(fmt::format("cannot be compressed (liblzma's error {})", int{result}));
  stored.resize(used);
  return stored;
}

Buffer lzma_decompress(ConstBytes stored, std::uint64_t limit) {
  if (stored.size() < header_size) throw ImageError("its LZMA data are too short");
  const std::uint64_t declared = load_le<std::uint64_t>(stored, 5);
  if (declared != unknown_size && declared > limit)
    throw ImageError(fmt::format("expands to {}, where at most {} are allowed",
                                 human_size(declared), human_size(limit)));
  // A dictionary larger than the content is of no use, and may be as large as memory.
  Buffer header(stored.begin(), stored.begin() + header_size);
  const std::uint64_t most = declared == unknown_size ? limit : declared;
  store_le(header, 1, std::min(load_le<std::uint32_t>(stored, 1), dictionary_for(most)));
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_alone_decoder(&stream, UINT64_MAX) != LZMA_OK) throw std::bad_alloc();
  const std::unique_ptr<lzma_stream, End> end(&stream);
  Buffer content;
  stream.next_in = header.data();
  stream.avail_in = header.size();
  bool in_header = true;
  for (lzma_ret result = LZMA_OK; result != LZMA_STREAM_END;) {
    if (stream.avail_in == 0 && in_header) {
      stream.next_in = stored.data() + header_size;
      stream.avail_in = stored.size() - header_size;
      in_header = false;
    }
    if (content.size() > limit)
      throw ImageError(fmt::format("expands beyond {}", human_size(limit)));
    // One byte more than allowed shows that there is more.
    const std::size_t step = static_cast<std::size_t>(std::min<std::uint64_t>(
        limit + 1 - content.size(), std::max<std::uint64_t>(1 << 16, content.size())));
    const std::size_t before = content.size();
    content.resize(before + step);
    stream.next_out = content.data() + before;
    stream.avail_out = step;
    result = lzma_code(&stream, in_header ? LZMA_RUN : LZMA_FINISH);
    content.resize(content.size() - stream.avail_out);
    if (result == LZMA_MEM_ERROR) throw std::bad_alloc();
    const bool stuck = stream.avail_out == step && stream.avail_in == 0 && !in_header;
    if ((result != LZMA_OK && result != LZMA_STREAM_END) || (result == LZMA_OK && stuck))
      throw ImageError(fmt::format("its LZMA data are damaged after {:#x} bytes", content.size()));
  }
  if (content.size() > limit) throw ImageError(fmt::format("expands beyond {}", human_size(limit)));
  if (declared != unknown_size && content.size() != declared)
    throw ImageError(
        fmt::format("its LZMA data end after {:#x} of {:#x} bytes", content.size(), declared));
  return content;
}

}  // namespace romwright::images
