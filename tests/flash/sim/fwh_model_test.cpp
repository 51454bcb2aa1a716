// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/fwh_model.h"

#include <gtest/gtest.h>

namespace romwright::flash {
namespace {

class Jedec : public ::testing::Test {
 protected:
  void command(std::uint8_t value) {
    chip.write(0x5555, 0xaa);
    chip.write(0x2aaa, 0x55);
    chip.write(0x5555, value);
  }
  void erase(std::uint32_t at, std::uint8_t value) {
    command(0x80);
    chip.write(0x5555, 0xaa);
    chip.write(0x2aaa, 0x55);
    chip.write(at, value);
  }
  void program(std::uint32_t at, std::uint8_t value) {
    command(0xa0);
    chip.write(at, value);
  }

  Buffer content = Buffer(0x20000, 0x12);
  VirtualClock clock;
  FwhSettings settings{.lock_size = 0x10000, .locks_at_reset = 0};
  FwhModel chip{settings, content, clock};
};

TEST_F(Jedec, TellsItsIdBetweenTwoCommands) {
  EXPECT_EQ(chip.read(0), 0x12);
  command(0x90);
  EXPECT_EQ(chip.read(0), 0xbf);
  EXPECT_EQ(chip.read(1), 0x52);
  chip.write(0, 0xf0);
  EXPECT_EQ(chip.read(0), 0x12);
  // Not without the unlock cycles.
  chip.write(0x5555, 0x90);
  EXPECT_EQ(chip.read(0), 0x12);
}

TEST_F(Jedec, TogglesUntilItsTimeIsOver) {
  erase(0x3456, 0x30);
  EXPECT_NE(chip.read(0x3456) & 0x40, chip.read(0x3456) & 0x40);
  EXPECT_EQ(chip.read(0x3456) & 0x80, 0);
  command(0x90);  // takes no notice
  clock.advance(std::chrono::milliseconds(18));
  EXPECT_EQ(chip.read(0x3000), 0xff);
  EXPECT_EQ(chip.read(0x3fff), 0xff);
  EXPECT_EQ(chip.read(0x2fff), 0x12);
  EXPECT_EQ(chip.read(0x4000), 0x12);
}

TEST_F(Jedec, ProgramsClearBitsOnly) {
  program(0x10000, 0xf0);
  clock.advance(std::chrono::microseconds(14));
  EXPECT_EQ(chip.read(0x10000), 0x10);
  EXPECT_EQ(chip.counts().programs, 1U);
}

TEST_F(Jedec, LocksSwallow) {
  chip.write_register(0x10002, 1);
  program(0x10000, 0x00);
  erase(0x10000, 0x50);
  EXPECT_EQ(chip.read(0x10000), 0x12);
  EXPECT_EQ(chip.counts().refused, 2U);
  chip.write_register(0x10002, 0);
  erase(0x10000, 0x50);
  clock.advance(std::chrono::milliseconds(18));
  EXPECT_EQ(chip.read(0x1ffff), 0xff);
  // Locked down, it stays.
  chip.write_register(0x00002, 3);
  chip.write_register(0x00002, 0);
  EXPECT_EQ(chip.read_register(0x00002), 3);
  EXPECT_EQ(chip.read_register(0x00003), 0xff);
}

TEST(Intel, HasAStatusInPlaceOfItsContent) {
  Buffer content(0x20000, 0x12);
  VirtualClock clock;
  FwhModel chip({.family = FwhFamily::intel, .pins = {0x10000, 0x10000}}, content, clock);
  chip.write(0, 0x90);
  EXPECT_EQ(chip.read(0), 0xbf);
  chip.write(0, 0xff);
  chip.write(0x100, 0x20);
  chip.write(0x100, 0xd0);
  EXPECT_EQ(chip.read(0), 0x00);
  clock.advance(std::chrono::milliseconds(750));
  EXPECT_EQ(chip.read(0), 0x80);
  chip.write(0, 0xff);
  EXPECT_EQ(chip.read(0xffff), 0xff);
  EXPECT_EQ(chip.read(0x10000), 0x12);
  chip.write(0x10000, 0x20);
  chip.write(0x10000, 0xd0);
  EXPECT_EQ(chip.read(0), 0xa2);
  chip.write(0, 0x50);
  EXPECT_EQ(chip.read(0), 0x80);
}

}  // namespace
}  // namespace romwright::flash
