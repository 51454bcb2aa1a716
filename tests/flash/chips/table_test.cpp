// SPDX-License-Identifier: GPL-2.0-or-later
// Every row of every vendor's table keeps the same rules.
#include "flash/chips/table.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "flash/chips/write_protect.h"

namespace romwright::flash {
namespace {

std::string full_name(const Chip& chip) {
  return std::string(chip.vendor) + " " + std::string(chip.name);
}

/// Names of the rows that break a rule.
template <typename Rule>
std::vector<std::string> breaking(Rule keeps) {
  std::vector<std::string> names;
  for (const Chip* chip : all_chips())
    if (!keeps(*chip)) names.push_back(full_name(*chip));
  return names;
}

const std::vector<std::string> none;

TEST(ChipTable, HoldsTheChipsThatAreKnown) {
  EXPECT_EQ(all_chips().size(), 561U);
  std::size_t rows = 0;
  for (const ChipVendor* vendor : chip_vendors()) rows += vendor->rows.size();
  EXPECT_EQ(rows, all_chips().size());
}

TEST(ChipTable, SizesArePowersOfTwo) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              return std::has_single_bit(chip.size) && chip.size >= 32 * kib &&
                     chip.size <= 256 * mib;
            }),
            none);
}

TEST(ChipTable, PagesArePowersOfTwoThatDivideTheChip) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              return std::has_single_bit(chip.page_size) && chip.page_size <= 1024 &&
                     chip.size % chip.page_size == 0;
            }),
            none);
}

TEST(ChipTable, ErasesTileTheChip) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              return !chip.erases.empty() &&
                     std::ranges::all_of(chip.erases, [&](const ChipErase& erase) {
                       if (erase.runs.empty())
                         return erase.size != 0 && chip.size % erase.size == 0;
                       std::uint64_t covered = 0;
                       for (const EraseRun& run : erase.runs) {
                         // Blocks lie at multiples of their size, as the chip masks addresses.
                         if (run.size == 0 || run.count == 0 || covered % run.size != 0)
                           return false;
                         covered += std::uint64_t{run.size} * run.count;
                       }
                       return covered == chip.size;
                     });
            }),
            none);
}

TEST(ChipTable, EachEraseOpcodeOnce) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              std::set<std::uint8_t> opcodes;
              return std::ranges::all_of(chip.erases, [&](const ChipErase& erase) {
                return opcodes.insert(erase.opcode).second;
              });
            }),
            none);
}

TEST(ChipTable, ErasesOfFourByteAddressesOnlyInLargeChips) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              return chip.size > 16 * mib || chip.features.four_byte_commands ||
                     std::ranges::none_of(chip.erases, [](const ChipErase& erase) {
                       return erase.opcode == 0x21 || erase.opcode == 0xdc;
                     });
            }),
            none);
}

TEST(ChipTable, ChipsOverSixteenMegabytesCanReachTheirEnd) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              const ChipFeatures& features = chip.features;
              return chip.size <= 16 * mib || features.four_byte_commands ||
                     features.four_byte_enter || features.four_byte_enter_wren ||
                     features.four_byte_ear || features.four_byte_bank || features.four_byte_only;
            }),
            none);
}

TEST(ChipTable, VoltagesAreThoseOfChips) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              return chip.millivolts[0] >= 1600 && chip.millivolts[0] < chip.millivolts[1] &&
                     chip.millivolts[1] <= 3700;
            }),
            none);
}

TEST(ChipTable, ProtectionBitsLieInRegistersAndDoNotOverlap) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              const ChipProtection& protection = chip.protection;
              std::vector<RegisterBit> bits(protection.bp.begin(), protection.bp.end());
              bits.insert(bits.end(), {protection.srp, protection.srl, protection.tb,
                                       protection.sec, protection.cmp, protection.wps});
              std::set<std::pair<int, int>> seen;
              return std::ranges::all_of(bits, [&](RegisterBit bit) {
                return !bit || (bit.reg <= 4 && bit.bit <= 7 && !(bit.reg == 1 && bit.bit < 2) &&
                                seen.insert({bit.reg, bit.bit}).second);
              });
            }),
            none);
}

TEST(ChipTable, EveryProtectedRangeLiesOnTheChip) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              for (unsigned sr1 = 0; sr1 < 256; sr1 += 4)
                for (const unsigned sr2 : {0x00U, 0x40U, 0x10U}) {
                  const StatusRegisters registers{static_cast<std::uint8_t>(sr1),
                                                  static_cast<std::uint8_t>(sr2), 0, 0};
                  const Range range = decode_protection(chip, registers).range;
                  if (!range.empty() && !Range{0, chip.size}.contains(range)) return false;
                }
              return true;
            }),
            none);
}

TEST(ChipTable, TimesGrowWithTheBlock) {
  EXPECT_EQ(breaking([](const Chip& chip) {
              std::chrono::milliseconds last{0};
              for (const auto time : {chip.times.erase_4k, chip.times.erase_32k,
                                      chip.times.erase_64k, chip.times.chip_erase}) {
                if (time.count() == 0) continue;
                if (time < last) return false;
                last = time;
              }
              return true;
            }),
            none);
}

TEST(ChipTable, NamesAreUniqueInAVendor) {
  std::set<std::string> names;
  EXPECT_EQ(breaking([&](const Chip& chip) { return names.insert(full_name(chip)).second; }), none);
}

TEST(ChipTable, VendorsAreInOrderAndTheirRowsBearNames) {
  std::string_view last;
  for (const ChipVendor* vendor : chip_vendors()) {
    EXPECT_LT(last, vendor->name);
    last = vendor->name;
    EXPECT_FALSE(vendor->rows.empty()) << vendor->name;
  }
  EXPECT_EQ(breaking([](const Chip& chip) { return !chip.vendor.empty() && !chip.name.empty(); }),
            none);
}

TEST(ChipTable, IdsAreSharedByThisMany) {
  // Chips of one id differ in what else they answer; `chip_choice` tells them apart, or asks.
  std::map<std::tuple<std::uint32_t, std::uint32_t>, std::vector<std::string>> by_id;
  for (const Chip* chip : all_chips())
    if (chip->manufacturer != 0 && chip->id_method == IdMethod::rdid)
      by_id[{chip->manufacturer, chip->model}].push_back(full_name(*chip));
  std::size_t shared = 0;
  for (const auto& [id, names] : by_id) shared += names.size() > 1;
  EXPECT_EQ(shared, 70U);
  EXPECT_EQ((by_id[{0xef, 0x4016}]),
            (std::vector<std::string>{"Winbond W25Q32BV/W25Q32CV/W25Q32DV", "Winbond W25Q32FV",
                                      "Winbond W25Q32JV"}));
}

TEST(NamesPart, ListsAndWildcards) {
  EXPECT_TRUE(names_part("W25Q64FV", "w25q64fv"));
  EXPECT_TRUE(names_part("W25Q32BV/W25Q32CV/W25Q32DV", "W25Q32CV"));
  EXPECT_TRUE(names_part("W25Q32BV/W25Q32CV/W25Q32DV", "W25Q32BV/W25Q32CV/W25Q32DV"));
  EXPECT_FALSE(names_part("W25Q32BV/W25Q32CV/W25Q32DV", "W25Q32"));
  EXPECT_FALSE(names_part("W25Q32BV/W25Q32CV/W25Q32DV", "BV/W25Q32CV"));
  EXPECT_FALSE(names_part("W25Q32BV/W25Q32CV", "W25Q32DV"));
  EXPECT_TRUE(names_part("W25Q16.V", "W25Q16BV"));
  EXPECT_TRUE(names_part("W25Q16.V", "W25Q16.V"));
  EXPECT_FALSE(names_part("W25Q16.V", "W25Q16V"));
  EXPECT_FALSE(names_part("W25Q16BV", "W25Q16.V")) << "a '.' stands for any in the name only";
  EXPECT_TRUE(names_part("A/B.C", "BxC"));
  EXPECT_FALSE(names_part("A/B.C", ""));
  EXPECT_FALSE(names_part("A/B", "A/"));
}

TEST(FindChips, ExactNamesComeFirst) {
  const auto found = find_chips("W25Q64FV");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front()->name, "W25Q64BV/W25Q64CV/W25Q64FV");
  EXPECT_EQ(find_chips("mx25l6405d").size(), 1U);
  EXPECT_TRUE(find_chips("MX25L").empty());
  EXPECT_TRUE(find_chips("").empty());
  EXPECT_EQ(breaking([](const Chip& chip) {
              const auto by_name = find_chips(chip.name);
              return std::ranges::find(by_name, &chip) != by_name.end();
            }),
            none);
}

}  // namespace
}  // namespace romwright::flash
