// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/xz_encoder.h"

#include <lzma.h>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

namespace romwright::images {
namespace {

Buffer noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Buffer bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

Buffer compress(ConstBytes bytes, std::uint64_t window, std::size_t piece) {
  Buffer out;
  XzEncoder xz(window, [&](ConstBytes part) { out.insert(out.end(), part.begin(), part.end()); });
  for (; bytes.size() > piece; bytes = bytes.subspan(piece)) xz.write(bytes.first(piece));
  xz.write(bytes);
  xz.write({});
  xz.finish();
  return out;
}

/// By liblzma's own decoder, with no more memory than `memory`; the whole stream is one .xz.
Buffer decompress(ConstBytes xz, std::size_t size, std::uint64_t memory) {
  Buffer out(size);
  std::size_t in_at = 0;
  std::size_t out_at = 0;
  const lzma_ret result = lzma_stream_buffer_decode(&memory, 0, nullptr, xz.data(), &in_at,
                                                    xz.size(), out.data(), &out_at, out.size());
  if (result != LZMA_OK || in_at != xz.size() || out_at != size)
    throw std::runtime_error("does not decompress");
  return out;
}

TEST(XzEncoder, DecompressesToTheSame) {
  constexpr std::uint64_t mib = std::uint64_t{1} << 20;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{300000}}) {
    const Buffer bytes = noise(size, 1);
    EXPECT_EQ(decompress(compress(bytes, mib, 1000), size, 16 * mib), bytes);
  }
}

TEST(XzEncoder, DoesNotDependOnThePieces) {
  const Buffer bytes = noise(100000, 2);
  EXPECT_EQ(compress(bytes, 1 << 20, 1), compress(bytes, 1 << 20, 100000));
}

TEST(XzEncoder, FindsWhatLiesWithinItsWindow) {
  constexpr std::size_t size = 1 << 20;
  Buffer twice = noise(size, 3);
  const Buffer once = twice;
  twice.insert(twice.end(), once.begin(), once.end());
  EXPECT_LT(compress(twice, size + 4096, 1 << 16).size(), size + size / 100);
  EXPECT_GT(compress(twice, size / 2, 1 << 16).size(), 2 * size);
}

TEST(XzEncoder, KeepsTheWindowWithinBounds) {
  const Buffer bytes = noise(1000, 4);
  // 128 MiB for the window and little more is enough to decompress the largest.
  EXPECT_EQ(decompress(compress(bytes, UINT64_MAX, 1000), 1000, std::uint64_t{130} << 20), bytes);
  EXPECT_EQ(decompress(compress(bytes, 0, 1000), 1000, std::uint64_t{1} << 20), bytes);
}

}  // namespace
}  // namespace romwright::images
