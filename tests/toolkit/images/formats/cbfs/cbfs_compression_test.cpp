// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_compression.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"

namespace romwright::images {
namespace {

class CbfsCompressed : public testing::TestWithParam<CbfsCompression> {
 protected:
  static std::string error_of(ConstBytes stored, std::uint64_t size) {
    try {
      static_cast<void>(cbfs_decompress(GetParam(), stored, size));
    } catch (const ImageError& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST_P(CbfsCompressed, GoesThereAndBack) {
  for (const std::size_t size : {0U, 1U, 100U, 70000U, 300000U}) {
    const Buffer content = test::pattern(size, 3);
    EXPECT_EQ(cbfs_decompress(GetParam(), cbfs_compress(GetParam(), content), size), content)
        << size;
  }
}

TEST_P(CbfsCompressed, RefusesAnotherSizeThanDeclared) {
  const Buffer stored = cbfs_compress(GetParam(), Buffer(5000, 7));
  EXPECT_EQ(error_of(stored, 5001), "holds 0x1388 bytes, where its header declares 0x1389");
  EXPECT_NE(error_of(stored, 4999), "no error");
  EXPECT_EQ(error_of(stored, 5000), "no error");
}

TEST_P(CbfsCompressed, NeverReadsDamagedDataAsContent) {
  const Buffer content = test::pattern(3000, 3);
  const Buffer stored = cbfs_compress(GetParam(), content);
  for (std::size_t size = 0; size < stored.size(); ++size)
    EXPECT_NE(error_of(ConstBytes(stored).first(size), content.size()), "no error") << size;
  // A flipped bit may go unnoticed, as there is no checksum; it never runs away.
  for (std::size_t at = 0; at < stored.size(); ++at) {
    Buffer damaged = stored;
    damaged[at] ^= 0x10;
    try {
      EXPECT_EQ(cbfs_decompress(GetParam(), damaged, content.size()).size(), content.size());
    } catch (const ImageError&) {
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, CbfsCompressed,
                         testing::Values(CbfsCompression::lzma, CbfsCompression::lz4));

TEST(CbfsCompression, LzmaHeaderIsWhatTheDecoderHasRoomFor) {
  const Buffer stored = cbfs_compress(CbfsCompression::lzma, Buffer(60000, 'a'));
  EXPECT_EQ(to_hex(ConstBytes(stored).first(13)), "0160ea000060ea000000000000");
}

TEST(CbfsCompression, Lz4IsAFrameOfIndependentBlocks) {
  const Buffer stored = cbfs_compress(CbfsCompression::lz4, Buffer(60000, 'a'));
  EXPECT_EQ(to_hex(ConstBytes(stored).first(7)), "04224d18604082");
}

TEST(CbfsCompression, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(static_cast<void>(cbfs_compress(CbfsCompression::zstd, Buffer(10))), ImageError);
  try {
    static_cast<void>(cbfs_decompress(static_cast<CbfsCompression>(9), Buffer(10), 10));
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_EQ(error.line(), "compression unknown (9) is not supported (none, LZMA and LZ4 are)");
  }
}

TEST(CbfsCompression, AHostileDictionaryTakesNoMemory) {
  Buffer stored = cbfs_compress(CbfsCompression::lzma, Buffer(1000, 'a'));
  store_le(Bytes(stored), 1, std::uint32_t{0xffffffff});
  EXPECT_EQ(cbfs_decompress(CbfsCompression::lzma, stored, 1000), Buffer(1000, 'a'));
}

}  // namespace
}  // namespace romwright::images
