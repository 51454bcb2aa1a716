// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/faults.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/sim/chips.h"

namespace romwright::flash::test {
namespace {

Faults parse(std::map<std::string, std::string> values) {
  return parse_faults(Parameters(std::move(values)));
}

std::string error_of(const std::string& key, const std::string& value) {
  try {
    parse({{key, value}});
  } catch (const UsageError& error) {
    return error.line();
  }
  return "none";
}

TEST(Faults, Parse) {
  const Faults faults = parse({{"stuck", "0x1000:3:1"},
                               {"flip", "77"},
                               {"noise", "1000"},
                               {"ignore_erase", "1"},
                               {"cut_erase", "2"},
                               {"cut_program", "3"},
                               {"cut_at", "0.25"},
                               {"hang", "4"},
                               {"drop", "0x100"},
                               {"slow", "1.5"},
                               {"id", "c22018"},
                               {"silent", "yes"}});
  ASSERT_EQ(faults.stuck.size(), 1U);
  EXPECT_EQ(faults.stuck[0].address, 0x1000U);
  EXPECT_EQ(faults.stuck[0].bit, 3U);
  EXPECT_TRUE(faults.stuck[0].value);
  EXPECT_EQ(faults.flip_address, 77U);
  EXPECT_EQ(faults.flip_every, 1000U);
  EXPECT_EQ(faults.ignore_erase, 1U);
  EXPECT_EQ(faults.cut_erase, 2U);
  EXPECT_EQ(faults.cut_program, 3U);
  EXPECT_EQ(faults.cut_at, 0.25);
  EXPECT_EQ(faults.hang, 4U);
  EXPECT_EQ(faults.drop_after, 0x100U);
  EXPECT_EQ(faults.slow, 1.5);
  EXPECT_EQ(faults.id, (Buffer{0xc2, 0x20, 0x18}));
  EXPECT_TRUE(faults.silent);
  EXPECT_EQ(fault_parameters().size(), 13U);
}

TEST(Faults, SaysWhatDoesNotParse) {
  EXPECT_EQ(error_of("drop", "x"), "programmer sim: drop=x does not parse (a number)");
  EXPECT_EQ(error_of("drop", ""), "programmer sim: drop= does not parse (a number)");
  EXPECT_EQ(error_of("drop", "99999999999999999999"),
            "programmer sim: drop=99999999999999999999 does not parse (a number)");
  EXPECT_EQ(error_of("slow", "-1"), "programmer sim: slow=-1 does not parse (a number)");
  EXPECT_EQ(error_of("slow", "nan"), "programmer sim: slow=nan does not parse (a number)");
  EXPECT_EQ(error_of("cut_at", "1.5"), "programmer sim: cut_at=1.5 does not parse (0.0 to 1.0)");
  EXPECT_EQ(error_of("stuck", "5"), "programmer sim: stuck=5 does not parse (ADDRESS:BIT:VALUE)");
  EXPECT_EQ(error_of("stuck", "5:8:0"),
            "programmer sim: stuck=5:8:0 does not parse (ADDRESS:BIT:VALUE, bit 0 to 7, value 0 or "
            "1)");
  EXPECT_EQ(error_of("silent", "maybe"), "programmer sim: silent=maybe does not parse (yes or no)");
  EXPECT_EQ(error_of("id", "c22"),
            "programmer sim: id=c22 does not parse (pairs of hexadecimal "
            "digits)");
}

TEST(Faults, StuckBitsStay) {
  Faults faults;
  faults.stuck = {{0x10, 0, true}, {0x1010, 7, false}};
  SimChip sim("W25Q16.V", faults, 0);
  EXPECT_EQ(sim.content[0x10], 0x01);
  sim.write({0x20, 0, 0x10, 0});
  EXPECT_EQ(sim.content[0x1010], 0x7f);
  EXPECT_EQ(sim.content[0x1011], 0xff);
  sim.write({0x02, 0, 0, 0x10, 0x00});
  EXPECT_EQ(sim.content[0x10], 0x01);
}

TEST(Faults, WrongReads) {
  Faults faults;
  faults.flip_address = 5;
  faults.flip_every = 10;
  SimChip sim("W25Q16.V", faults, 0);
  EXPECT_EQ(sim.ask({0x03, 0, 0, 4}, 3), (Buffer{0, 1, 0}));
  EXPECT_EQ(sim.ask({0x03, 0, 0, 4}, 3), (Buffer{0, 0, 0}));
  EXPECT_EQ(sim.ask({0x03, 0, 0, 4}, 5), (Buffer{0, 0, 0, 1, 0})) << "the tenth that is read";
  EXPECT_TRUE(all_equal(sim.content, 0));
}

TEST(Faults, PowerCutInAnErase) {
  Faults faults;
  faults.cut_erase = 2;
  faults.cut_at = 0.25;
  SimChip sim("W25Q16.V", faults, 0);
  sim.write({0x20, 0, 0, 0});
  sim.send({0x06});
  EXPECT_THROW(sim.send({0x20, 0, 0x10, 0}), DeviceError);
  EXPECT_TRUE(sim.model.dead());
  EXPECT_THROW(sim.status(), DeviceError);
  const ConstBytes block = ConstBytes(sim.content).subspan(0x1000, 0x1000);
  EXPECT_TRUE(all_equal(block.first(0x400), 0xff));
  EXPECT_EQ(block[0x400], 0x55);
  EXPECT_EQ(block[0x401], 0x00);
  EXPECT_EQ(block[0x403], 0x55);
  EXPECT_EQ(sim.content[0x2000], 0);
  sim.model.power_up();
  EXPECT_EQ(sim.status(), 0);
  sim.write({0x20, 0, 0x10, 0});
  EXPECT_TRUE(all_equal(block, 0xff));
}

TEST(Faults, PowerCutInAProgram) {
  Faults faults;
  faults.cut_program = 1;
  SimChip sim("W25Q16.V", faults);
  sim.send({0x06});
  EXPECT_THROW(sim.send({0x02, 0, 0, 0, 0x11, 0x22, 0x33, 0x44}), DeviceError);
  EXPECT_EQ(Buffer(sim.content.begin(), sim.content.begin() + 5),
            (Buffer{0x11, 0x22, 0x3f, 0xff, 0xff}));
}

TEST(Faults, IgnoredSlowAndHanging) {
  Faults faults;
  faults.ignore_erase = 1;
  faults.slow = 2.0;
  faults.hang = 2;
  SimChip sim("W25Q16.V", faults, 0);
  sim.send({0x06});
  sim.send({0x20, 0, 0, 0});
  EXPECT_EQ(sim.model.busy_until(), 90ms);
  EXPECT_EQ(sim.content[0], 0) << "the erase did nothing";
  sim.wait();
  sim.send({0x06});
  sim.send({0x20, 0, 0, 0});
  EXPECT_EQ(sim.content[0], 0xff);
  sim.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(sim.status() & 1, 1) << "it hangs";
}

TEST(Faults, AnotherIdOrNone) {
  Faults faults;
  faults.id = Buffer{0xc2, 0x20, 0x18};
  EXPECT_EQ(SimChip("W25Q16.V", faults).ask({0x9f}, 4), (Buffer{0xc2, 0x20, 0x18, 0}));
  faults.silent = true;
  EXPECT_EQ(SimChip("W25Q16.V", faults).ask({0x9f}, 3), (Buffer{0xff, 0xff, 0xff}));
}

}  // namespace
}  // namespace romwright::flash::test
