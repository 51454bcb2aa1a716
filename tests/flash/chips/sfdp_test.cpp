// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chips/sfdp.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace romwright::flash {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// An SFDP space: what is not written is 0xff, as on a chip.
class Space {
 public:
  explicit Space(std::uint8_t headers = 1) {
    store_le<std::uint32_t>(bytes, 0, 0x50444653);
    bytes[4] = 6;
    bytes[5] = 1;
    bytes[6] = static_cast<std::uint8_t>(headers - 1);
  }
  void header(unsigned index, std::uint16_t id, std::uint8_t minor, std::uint32_t at,
              const std::vector<std::uint32_t>& dwords) {
    const std::size_t place = 8 + 8 * index;
    bytes[place] = static_cast<std::uint8_t>(id);
    bytes[place + 1] = minor;
    bytes[place + 2] = 1;
    bytes[place + 3] = static_cast<std::uint8_t>(dwords.size());
    store_le<std::uint32_t>(bytes, place + 4, at);
    bytes[place + 7] = static_cast<std::uint8_t>(id >> 8);
    for (std::size_t i = 0; i < dwords.size(); ++i)
      store_le<std::uint32_t>(bytes, at + 4 * i, dwords[i]);
  }
  [[nodiscard]] std::optional<Sfdp> parse() const { return parse(bytes); }
  static std::optional<Sfdp> parse(ConstBytes space) {
    return parse_sfdp([&](std::uint32_t offset, std::size_t size) {
      Buffer read(size, 0xff);
      for (std::size_t i = 0; i < size && offset + i < space.size(); ++i)
        read[i] = space[offset + i];
      return read;
    });
  }

  Buffer bytes = Buffer(256, 0xff);
};

// A chip of 8 MiB as JESD216 of 2011 describes it: 4, 32 and 64 KiB erases, no times.
const std::vector<std::uint32_t> first_edition = {0xfff120e5, 0x03ffffff, 0x6b08eb44,
                                                  0xbb423b08, 0xfffffffe, 0xff00ffff,
                                                  0xffffffff, 0x520f200c, 0x0000d810};

// The same of JESD216B, with times: 4 KiB 45 ms (45 units of 1 ms do not fit in five bits: 3 x 16),
// 32 KiB 128 ms, 64 KiB 160 ms (10 x 16), chip 20 s (5 x 4 s), page 256 bytes in 704 us (11 x 64).
const std::vector<std::uint32_t> jesd216b = [] {
  std::vector<std::uint32_t> dwords = first_edition;
  dwords.resize(16, 0);
  dwords[9] = 0x4U | 0x22U << 4 | 0x27U << 11 | 0x29U << 18;
  dwords[10] = 0x2U << 29 | 4U << 24 | 1U << 13 | 10U << 8 | 8U << 4 | 2U;
  dwords[15] = 0x05U << 24;
  return dwords;
}();

TEST(Sfdp, FirstEdition) {
  Space space;
  space.header(0, 0xff00, 0, 0x30, first_edition);
  const auto sfdp = space.parse();
  ASSERT_TRUE(sfdp);
  EXPECT_EQ(sfdp->major, 1);
  EXPECT_EQ(sfdp->minor, 0);
  EXPECT_EQ(sfdp->dwords, 9U);
  EXPECT_EQ(sfdp->size, 8U << 20);
  EXPECT_EQ(sfdp->page_size, 256U);
  EXPECT_EQ(sfdp->erases, (std::vector<SfdpErase>{{0x20, 4U << 10, milliseconds(0)},
                                                  {0x52, 32U << 10, milliseconds(0)},
                                                  {0xd8, 64U << 10, milliseconds(0)}}));
  EXPECT_EQ(sfdp->page_program, microseconds(0));
  EXPECT_EQ(sfdp->chip_erase, milliseconds(0));
  EXPECT_EQ(sfdp->erase_multiplier, 0U);
  EXPECT_FALSE(sfdp->volatile_status);
  EXPECT_EQ(sfdp->addressing, Sfdp::Addressing::three);
  EXPECT_EQ(sfdp->enter_four, 0);
  EXPECT_FALSE(sfdp->four_byte_table);
}

TEST(Sfdp, Jesd216bWithTimes) {
  Space space;
  space.header(0, 0xff00, 6, 0x30, jesd216b);
  const auto sfdp = space.parse();
  ASSERT_TRUE(sfdp);
  EXPECT_EQ(sfdp->minor, 6);
  EXPECT_EQ(sfdp->dwords, 16U);
  EXPECT_EQ(sfdp->size, 8U << 20);
  EXPECT_EQ(sfdp->page_size, 256U);
  EXPECT_EQ(sfdp->erases, (std::vector<SfdpErase>{{0x20, 4U << 10, milliseconds(48)},
                                                  {0x52, 32U << 10, milliseconds(128)},
                                                  {0xd8, 64U << 10, milliseconds(160)}}));
  EXPECT_EQ(sfdp->erase_multiplier, 4U);
  EXPECT_EQ(sfdp->page_program, microseconds(704));
  EXPECT_EQ(sfdp->chip_erase, milliseconds(20000));
  EXPECT_EQ(sfdp->enter_four, 0x05);
}

TEST(Sfdp, LargeChipWithFourByteInstructions) {
  std::vector<std::uint32_t> dwords = jesd216b;
  dwords[0] = 0xfff320e5;  // three or four address bytes
  dwords[1] = 0x80000020;  // 2^32 bits
  // The 64 KiB erase stands in front of the 4 KiB one, and type 2 is empty.
  dwords[7] = 0x0000d810;
  dwords[8] = 0x0000200c;
  Space space(2);
  space.header(0, 0xff00, 6, 0x30, dwords);
  // Read, fast read, page program, erase types 1 and 3.
  space.header(1, 0xff84, 0, 0x80, {1U | 2U | 1U << 6 | 1U << 9 | 1U << 10 | 1U << 11, 0xff21ffdc});
  const auto sfdp = space.parse();
  ASSERT_TRUE(sfdp);
  EXPECT_EQ(sfdp->size, 512U << 20);
  EXPECT_EQ(sfdp->addressing, Sfdp::Addressing::three_or_four);
  EXPECT_TRUE(sfdp->four_byte_table);
  EXPECT_TRUE(sfdp->four_byte_read);
  EXPECT_TRUE(sfdp->four_byte_program);
  EXPECT_EQ(sfdp->four_byte_erases, (std::vector<SfdpErase>{{0xdc, 64U << 10, milliseconds(48)},
                                                            {0x21, 4U << 10, milliseconds(160)}}));
}

TEST(Sfdp, EraseOfTheFirstDwordAlone) {
  std::vector<std::uint32_t> dwords(first_edition.begin(), first_edition.begin() + 4);
  Space space;
  space.header(0, 0xff00, 0, 0x30, dwords);
  const auto sfdp = space.parse();
  ASSERT_TRUE(sfdp);
  EXPECT_EQ(sfdp->dwords, 4U);
  EXPECT_EQ(sfdp->erases, (std::vector<SfdpErase>{{0x20, 4096, milliseconds(0)}}));
}

TEST(Sfdp, NewestBasicTableWins) {
  Space space(2);
  space.header(0, 0xff00, 0, 0x30, first_edition);
  space.header(1, 0xff00, 6, 0x60, jesd216b);
  const auto sfdp = space.parse();
  ASSERT_TRUE(sfdp);
  EXPECT_EQ(sfdp->minor, 6);
  EXPECT_EQ(sfdp->chip_erase, milliseconds(20000));
}

TEST(Sfdp, SaysThatStatusIsVolatile) {
  std::vector<std::uint32_t> dwords = first_edition;
  dwords[0] |= 8;
  Space space;
  space.header(0, 0xff00, 0, 0x30, dwords);
  EXPECT_TRUE(space.parse()->volatile_status);
  EXPECT_TRUE(chip_from_sfdp(*space.parse()).chip.features.wrsr_ewsr);
}

TEST(Sfdp, MakesAChip) {
  Space space;
  space.header(0, 0xff00, 6, 0x30, jesd216b);
  const SfdpChip made = chip_from_sfdp(*space.parse());
  EXPECT_EQ(made.chip.name, "SFDP");
  EXPECT_EQ(made.chip.size, 8U << 20);
  EXPECT_EQ(made.chip.page_size, 256U);
  EXPECT_EQ(made.chip.times.page_program, microseconds(704));
  EXPECT_EQ(made.chip.times.erase_4k, milliseconds(48));
  EXPECT_EQ(made.chip.times.erase_32k, milliseconds(128));
  EXPECT_EQ(made.chip.times.erase_64k, milliseconds(160));
  EXPECT_EQ(made.chip.times.chip_erase, milliseconds(20000));
  EXPECT_TRUE(made.chip.features.four_byte_enter);
  EXPECT_TRUE(made.chip.features.four_byte_ear);
  EXPECT_FALSE(made.chip.features.four_byte_commands);
  ASSERT_EQ(made.chip.erases.size(), 4U);
  EXPECT_EQ(made.chip.erases[0].opcode, 0x20);
  EXPECT_EQ(made.chip.erases[3].opcode, 0xc7);
  EXPECT_EQ(made.chip.erases[3].size, 8U << 20);
}

TEST(Sfdp, RefusesNonsense) {
  const auto refused = [](const auto& change) {
    Space space;
    space.header(0, 0xff00, 6, 0x30, jesd216b);
    EXPECT_TRUE(space.parse());
    change(space.bytes);
    return !space.parse();
  };
  const auto dword = [](unsigned number, std::uint32_t value) {
    return [=](Buffer& bytes) { store_le<std::uint32_t>(bytes, 0x30 + 4 * (number - 1), value); };
  };
  EXPECT_TRUE(refused([](Buffer& bytes) { bytes[0] = 'X'; }));
  EXPECT_TRUE(refused([](Buffer& bytes) { std::fill(bytes.begin(), bytes.end(), 0xff); }));
  EXPECT_TRUE(refused([](Buffer& bytes) { std::fill(bytes.begin(), bytes.end(), 0); }));
  EXPECT_TRUE(refused([](Buffer& bytes) { bytes[11] = 3; })) << "three dwords";
  EXPECT_TRUE(refused(dword(2, 0))) << "no size";
  EXPECT_TRUE(refused(dword(2, 0x80000023))) << "4 GiB";
  EXPECT_TRUE(refused(dword(2, 0xffffffff))) << "2^(2^31 - 1) bits";
  EXPECT_TRUE(refused(dword(11, 0xf0))) << "pages of 32 KiB";
  EXPECT_TRUE(refused([](Buffer& bytes) {
    store_le<std::uint32_t>(bytes, 0x30, 0xfff1ffe7);
    std::fill_n(bytes.begin() + 0x30 + 28, 8, 0);
  })) << "no erase";
  EXPECT_TRUE(refused([](Buffer& bytes) { bytes[14] = 0xff; }))
      << "a table behind all that is there";
}

TEST(Sfdp, TruncatedSpaces) {
  Space space;
  space.header(0, 0xff00, 6, 0x30, jesd216b);
  const std::size_t whole = 0x30 + 4 * jesd216b.size();
  for (std::size_t size = 0; size < whole; ++size) {
    const ConstBytes cut = ConstBytes(space.bytes).first(size);
    const auto short_read = parse_sfdp([&](std::uint32_t offset, std::size_t count) {
      if (offset >= cut.size()) return Buffer();
      const ConstBytes part = cut.subspan(offset, std::min(count, cut.size() - offset));
      return Buffer(part.begin(), part.end());
    });
    if (size < 16) {
      EXPECT_FALSE(short_read) << size;
    }
    const auto blank_read = Space::parse(cut);
    if (size < 0x38) {
      EXPECT_FALSE(blank_read) << size;
    }
  }
}

TEST(Sfdp, HostileSpacesAreReadInBounds) {
  std::mt19937 random(5);
  std::size_t accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    Space space(2);
    space.header(0, 0xff00, 6, 0x30, jesd216b);
    space.header(1, 0xff84, 0, 0x80, {0xffffffff, 0xffffffff});
    for (int change = 0; change < 4; ++change)
      space.bytes[random() % 0x90] = static_cast<std::uint8_t>(random());
    std::size_t total = 0;
    const auto sfdp = parse_sfdp([&](std::uint32_t offset, std::size_t size) {
      total += size;
      EXPECT_LT(offset, 1U << 24);
      Buffer read(size, 0xff);
      for (std::size_t at = 0; at < size && offset + at < space.bytes.size(); ++at)
        read[at] = space.bytes[offset + at];
      return read;
    });
    EXPECT_LE(total, 2048U);
    if (!sfdp) continue;
    ++accepted;
    EXPECT_GE(sfdp->size, 4096U);
    EXPECT_LE(sfdp->size, std::uint64_t{1} << 31);
    const SfdpChip made = chip_from_sfdp(*sfdp);
    for (const ChipErase& erase : made.chip.erases) {
      ASSERT_NE(erase.size, 0U);
      EXPECT_EQ(sfdp->size % erase.size, 0U);
    }
  }
  EXPECT_GT(accepted, 1000U);
  EXPECT_LT(accepted, 20000U);
}

}  // namespace
}  // namespace romwright::flash
