// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/xz_encoder.h"

#include <algorithm>
#include <lzma.h>
#include <new>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::size_t out_size = 1U << 18;

/// Measured on prepared releases (tests/bench/archive_bench.cpp): hash chains that are followed
/// a few steps lose less than 1 % to the binary trees of `xz -9e`, whose time goes into matches
/// that the window finds anyway.
lzma_options_lzma options_for(std::uint64_t window) {
  constexpr std::uint64_t largest_window = std::uint64_t{128} << 20;
  lzma_options_lzma options{};
  if (lzma_lzma_preset(&options, LZMA_PRESET_DEFAULT) != 0) throw Error("xz: no default settings");
  options.dict_size = static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(window, LZMA_DICT_SIZE_MIN, largest_window));
  options.mode = LZMA_MODE_NORMAL;
  options.mf = LZMA_MF_HC3;
  options.nice_len = 64;
  options.depth = 8;
  return options;
}

void require(lzma_ret result) {
  if (result == LZMA_OK || result == LZMA_STREAM_END) return;
  if (result == LZMA_MEM_ERROR) throw std::bad_alloc();
  throw Error(fmt::format("xz: compression failed ({})", static_cast<int>(result)));
}

}  // namespace

struct XzEncoder::Stream {
  lzma_stream lzma = LZMA_STREAM_INIT;
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { lzma_end(&lzma); }
};

XzEncoder::XzEncoder(std::uint64_t window, Sink sink)
    : sink_(std::move(sink)), stream_(std::make_unique<Stream>()), out_(out_size) {
  lzma_options_lzma options = options_for(window);
  const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  require(lzma_stream_encoder(&stream_->lzma, filters, LZMA_CHECK_CRC64));
}

XzEncoder::~XzEncoder() = default;

void XzEncoder::run(ConstBytes bytes, bool last) {
  lzma_stream& lzma = stream_->lzma;
  lzma.next_in = bytes.data();
  lzma.avail_in = bytes.size();
  lzma_ret result = LZMA_OK;
  while (last ? result != LZMA_STREAM_END : lzma.avail_in > 0) {
    lzma.next_out = out_.data();
    lzma.avail_out = out_.size();
    result = lzma_code(&lzma, last ? LZMA_FINISH : LZMA_RUN);
    require(result);
    sink_(ConstBytes(out_).first(out_.size() - lzma.avail_out));
  }
}

void XzEncoder::write(ConstBytes bytes) { run(bytes, false); }

void XzEncoder::finish() { run({}, true); }

}  // namespace romwright::images
