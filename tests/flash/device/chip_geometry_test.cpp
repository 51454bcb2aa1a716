// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/chip_geometry.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "flash/chips/table.h"

namespace romwright::flash {
namespace {

// What the tables say must give every chip a way to be addressed and erased over a free bus.
TEST(ChipGeometry, EveryChipOfTheTablesCanBeWritten) {
  SpiLimits limits;
  limits.clock_hz = 10'000'000;
  for (const Chip* chip : all_chips()) {
    SCOPED_TRACE(chip->name);
    const AddressMode mode = choose_address_mode(*chip, limits);
    EXPECT_TRUE(chip->size <= (1U << 24) || mode != AddressMode::three);
    EXPECT_NE(opcode_in(mode, 0x03), 0);
    EXPECT_NE(opcode_in(mode, 0x02), 0);
    const Geometry geometry = make_geometry(*chip, limits, mode);
    EXPECT_EQ(geometry.size, chip->size);
    EXPECT_FALSE(geometry.erase_types.empty());
    EXPECT_GT(geometry.page_program_time.count(), 0);
    for (const EraseType& type : geometry.erase_types) {
      std::uint64_t covered = 0;
      for (const EraseRun& run : type.runs) covered += std::uint64_t{run.size} * run.count;
      EXPECT_EQ(covered, chip->size) << "opcode " << int{type.opcode};
      EXPECT_GT(type.typical.count(), 0);
      EXPECT_TRUE(!is_four_byte_opcode(type.opcode) || address_bytes(mode) == 4);
    }
  }
}

TEST(ChipGeometry, LongestTimes) {
  using namespace std::chrono_literals;
  EXPECT_EQ(longest_erase(4096, false, 45ms), 600ms);
  EXPECT_EQ(longest_erase(65536, false, 150ms), 4s);
  EXPECT_EQ(longest_erase(262144, false, 0ns), 16s);
  EXPECT_EQ(longest_erase(8U << 20, true, 20s), 160s);
  EXPECT_EQ(longest_erase(8U << 20, true, 0ns), 120s);
  EXPECT_EQ(longest_program(700us), 5600us);
  EXPECT_EQ(longest_program(0us), 5ms);
}

}  // namespace
}  // namespace romwright::flash
