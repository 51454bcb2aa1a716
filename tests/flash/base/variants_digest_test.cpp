// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/variants_digest.h"

#include <gtest/gtest.h>

#include "flash/base/digest.h"

namespace romwright {
namespace {

Buffer sample(std::size_t size, std::uint32_t seed) {
  Buffer bytes(size);
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  return bytes;
}

/// The same, each message put together and hashed by OpenSSL.
std::vector<std::string> one_by_one(ConstBytes before, const std::vector<Buffer>& own,
                                    ConstBytes after) {
  std::vector<std::string> hashes;
  for (const Buffer& mine : own) {
    Buffer whole(before.begin(), before.end());
    whole.insert(whole.end(), mine.begin(), mine.end());
    whole.insert(whole.end(), after.begin(), after.end());
    hashes.push_back(hex_digest(Hash::sha512, whole));
  }
  return hashes;
}

void expect_same(std::size_t before, std::size_t own, std::size_t after, std::size_t count) {
  SCOPED_TRACE(testing::Message() << before << "+" << own << "+" << after << " x " << count);
  const Buffer first = sample(before, 1), last = sample(after, 2);
  std::vector<Buffer> variants;
  for (std::size_t i = 0; i < count; ++i)
    variants.push_back(sample(own, static_cast<std::uint32_t>(10 + i)));
  const std::vector<ConstBytes> views(variants.begin(), variants.end());
  EXPECT_EQ(sha512_of_variants(first, views, last), one_by_one(first, variants, last));
}

TEST(VariantsDigest, IsOpensslsAtEveryEdgeOfABlock) {
  for (const std::size_t before : {0, 1, 127, 128, 129, 4096})
    for (const std::size_t own : {0, 1, 64, 127, 128, 300})
      for (const std::size_t after :
           {0, 111, 112, 127, 128, 129, 239, 240, 241, 255, 256, 257, 1024})
        expect_same(before, own, after, 4);
}

TEST(VariantsDigest, AnyNumber) {
  for (std::size_t count = 0; count <= 11; ++count) expect_same(4096, 8192, 100'000, count);
}

TEST(VariantsDigest, OfDifferentSizes) {
  const Buffer before = sample(500, 1), after = sample(5000, 2);
  const std::vector<Buffer> own{sample(10, 3), sample(300, 4), {}};
  const std::vector<ConstBytes> views(own.begin(), own.end());
  EXPECT_EQ(sha512_of_variants(before, views, after), one_by_one(before, own, after));
}

}  // namespace
}  // namespace romwright
