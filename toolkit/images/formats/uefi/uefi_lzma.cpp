// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_lzma.h"

#include <algorithm>
#include <lzma.h>
#include <memory>
#include <new>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::size_t header_size = 13;  // properties, size of the dictionary, size
constexpr std::uint32_t smallest_dictionary = 1 << 12;

struct End {
  void operator()(lzma_stream* stream) const noexcept { lzma_end(stream); }
};

lzma_options_lzma options_of(ConstBytes header, std::uint64_t size) {
  const unsigned properties = header[0];
  lzma_options_lzma options{};
  options.lc = properties % 9;
  options.lp = properties / 9 % 5;
  options.pb = properties / 45;
  if (properties >= 9 * 5 * 5 || options.lc + options.lp > LZMA_LCLP_MAX)
    throw ImageError(fmt::format("LZMA: the properties are {:#x}", properties));
  // A dictionary larger than the content is of no use, and may be as large as memory.
  const auto enough =
      static_cast<std::uint32_t>(std::clamp<std::uint64_t>(size, smallest_dictionary, UINT32_MAX));
  options.dict_size =
      std::min(std::max(load_le<std::uint32_t>(header, 1), smallest_dictionary), enough);
  options.ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM;
  options.ext_size_low = static_cast<std::uint32_t>(size);
  options.ext_size_high = static_cast<std::uint32_t>(size >> 32);
  return options;
}

}  // namespace

std::uint64_t uefi_lzma_size(ConstBytes stored) {
  return load_le<std::uint64_t>(slice(stored, {0, header_size}, "LZMA header"), 5);
}

Buffer uefi_lzma_decompress(LzmaFilter filter, ConstBytes stored, std::uint64_t limit) {
  const std::uint64_t size = uefi_lzma_size(stored);
  if (size > limit)
    throw ImageError(fmt::format("LZMA: expands to {}, where at most {} are allowed",
                                 human_size(size), human_size(limit)));
  lzma_options_lzma options = options_of(stored.first(header_size), size);
  lzma_filter filters[3] = {};
  std::size_t used = 0;
  if (filter == LzmaFilter::x86) filters[used++] = {LZMA_FILTER_X86, nullptr};
  filters[used++] = {LZMA_FILTER_LZMA1EXT, &options};
  filters[used] = {LZMA_VLI_UNKNOWN, nullptr};

  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_raw_decoder(&stream, filters) != LZMA_OK) throw std::bad_alloc();
  const std::unique_ptr<lzma_stream, End> end(&stream);
  const ConstBytes data = stored.subspan(header_size);
  stream.next_in = data.data();
  stream.avail_in = data.size();
  Buffer content(static_cast<std::size_t>(size));
  stream.next_out = content.data();
  stream.avail_out = content.size();
  // An end marker behind the content is not looked for.
  while (stream.avail_out != 0) {
    const std::size_t left = stream.avail_out;
    const lzma_ret result = lzma_code(&stream, LZMA_FINISH);
    if (result == LZMA_MEM_ERROR) throw std::bad_alloc();
    if (result != LZMA_OK || stream.avail_out == left) break;
  }
  if (stream.avail_out != 0)
    throw ImageError(fmt::format("LZMA: the data end or are damaged after {:#x} of {:#x} bytes",
                                 content.size() - stream.avail_out, size));
  return content;
}

}  // namespace romwright::images
