// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/tiano.h"

#include <random>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/tiano_writer.h"

namespace romwright::images {
namespace {

struct Variant {
  TianoVariant variant;
  unsigned bits;
};

class Tiano : public testing::TestWithParam<Variant> {
 protected:
  [[nodiscard]] Buffer round_trip(const Buffer& content, std::size_t block = 5000) const {
    return tiano_decompress(GetParam().variant,
                            test::TianoWriter(GetParam().bits).compress(content, block), 1 << 20);
  }
  [[nodiscard]] std::string refusal(const Buffer& stored, std::uint64_t limit = 1 << 20) const {
    try {
      (void)tiano_decompress(GetParam().variant, stored, limit);
    } catch (const ImageError& error) {
      return error.what();
    }
    return "";
  }
};

Buffer words(std::size_t size) {
  std::mt19937 random(3);
  const std::string_view vocabulary[] = {"firmware ", "volume ", "section\n", "0x", "GUID "};
  Buffer text;
  while (text.size() < size)
    for (const char c : vocabulary[random() % 5]) text.push_back(static_cast<std::uint8_t>(c));
  return text;
}

TEST_P(Tiano, GivesBackWhatWasCompressed) {
  for (const Buffer& content : {Buffer{}, Buffer{7}, Buffer(70000, 0), words(40000),
                                test::pattern(3000, 1), test::pattern(66000, 5, 13)}) {
    EXPECT_EQ(round_trip(content), content);
    EXPECT_EQ(round_trip(content, 100), content);
  }
}

TEST_P(Tiano, RefusesDamage) {
  const Buffer content = words(5000);
  Buffer stored = test::TianoWriter(GetParam().bits).compress(content);
  const std::string name = GetParam().variant == TianoVariant::tiano ? "Tiano" : "EFI 1.1";
  EXPECT_EQ(refusal(stored, 4000), "expands to 5 004 bytes, where at most 4 000 bytes are allowed");
  EXPECT_EQ(refusal({1, 2, 3}), "compression header: 0x0+0x8 lies outside 0x3 bytes");
  Buffer cut(stored.begin(), stored.end() - 1);
  EXPECT_EQ(refusal(cut).substr(0, 17), "compressed data: ");
  store_le(cut, 0, static_cast<std::uint32_t>(cut.size() - 8 - 100));
  EXPECT_EQ(refusal(cut), name + " compression: the data end too early");
  // All bits set: tables with lengths that no code can have.
  std::fill(stored.begin() + 8, stored.end(), std::uint8_t{0xff});
  EXPECT_EQ(refusal(stored), name + " compression: a table has 31 of at most 19 lengths");
}

TEST_P(Tiano, EveryChangedBitIsAnErrorOrOtherContentOfTheSameSize) {
  const Buffer stored = test::TianoWriter(GetParam().bits).compress(words(600));
  std::size_t refused = 0;
  for (std::size_t bit = 64; bit < stored.size() * 8; ++bit) {
    Buffer damaged = stored;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> bit % 8);
    try {
      EXPECT_EQ(tiano_decompress(GetParam().variant, damaged, 1 << 20).size(), tiano_size(stored));
    } catch (const ImageError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 50U);
}

INSTANTIATE_TEST_SUITE_P(Variants, Tiano,
                         testing::Values(Variant{TianoVariant::efi11, 4},
                                         Variant{TianoVariant::tiano, 5}),
                         [](const auto& instance) {
                           return instance.param.bits == 4 ? "Efi11" : "Tiano";
                         });

}  // namespace
}  // namespace romwright::images
