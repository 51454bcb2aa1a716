// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/spi_nor.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/device/fake_flash.h"
#include "tests/flash/device/fake_nor.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using test::FakeNor;
using test::Listener;
using ::testing::Contains;
using ::testing::Not;

constexpr std::uint64_t mib = 1U << 20;
constexpr std::array erases{ChipErase{0x20, 0x1000}, ChipErase{0xd8, 0x10000}};

Chip plain_chip(std::uint64_t size = mib) {
  Chip chip;
  chip.vendor = "Maker";
  chip.name = "M25X";
  chip.size = size;
  chip.erases = erases;
  chip.protection.decode = WpDecode::spi25;
  chip.protection.bp = {{{1, 2}, {1, 3}, {1, 4}}};
  chip.protection.srp = {1, 7};
  chip.protection.srl = {2, 0};
  return chip;
}

struct Fixture {
  explicit Fixture(const Chip& chip = plain_chip()) : nor(chip.size), owned(chip) {}
  SpiNor& flash() {
    if (!device) device.emplace(nor, owned);
    return *device;
  }
  void apply(std::vector<FlashStep> steps) {
    flash().apply(
        steps, [this](std::size_t i) { done.push_back(i); }, run);
  }
  FakeNor nor;
  OwnedChip owned;
  std::optional<SpiNor> device;
  Listener events;
  std::stop_source stop;
  romwright::Run run{stop.get_token(), events};
  std::vector<std::size_t> done;
};

TEST(SpiNor, ReadsInPiecesThatTheControllerCanTake) {
  Fixture fixture;
  fixture.nor.content = romwright::test::pattern(mib, 11);
  fixture.nor.limits_.max_in = 60;
  Buffer read(1000);
  fixture.flash().read(0x12345, read, fixture.run);
  EXPECT_TRUE(std::equal(read.begin(), read.end(), fixture.nor.content.begin() + 0x12345));
  EXPECT_EQ(std::count(fixture.nor.opcodes.begin(), fixture.nor.opcodes.end(), 0x03), 17);
  EXPECT_EQ(fixture.flash().statistics().read_bytes, 1000U);
  EXPECT_GT(fixture.flash().statistics().read.count(), 0);
  try {
    fixture.flash().read(mib - 1, read, fixture.run);
    FAIL();
  } catch (const DeviceError& error) {
    EXPECT_EQ(error.line(), "read 0xfffff+0x3e8: lies outside the chip's 1 MiB");
  }
}

TEST(SpiNor, SplitsProgramsAtPagesAndAtTheControllersLimit) {
  Fixture fixture;
  fixture.nor.limits_.max_out = 100;
  const Buffer data = romwright::test::pattern(600, 3, 5);
  fixture.apply({{Erase{{0x10000, 0x10000}, 1}, {{0x100f0, data}}}});
  EXPECT_TRUE(std::equal(data.begin(), data.end(), fixture.nor.content.begin() + 0x100f0));
  // 16 bytes, twice 256 in three parts, 72 bytes.
  EXPECT_EQ(fixture.nor.programs, 1U + 3 + 3 + 1);
  EXPECT_THAT(fixture.done, ::testing::ElementsAre(0));
  EXPECT_EQ(fixture.flash().statistics().erased_bytes, 0x10000U);
  EXPECT_EQ(fixture.flash().statistics().programmed_bytes, 600U);
  EXPECT_GE(fixture.flash().statistics().erase, fixture.nor.block_time);
}

TEST(SpiNor, StreamsToo) {
  Fixture fixture;
  fixture.nor.limits_.streams = true;
  fixture.nor.content.assign(mib, 0x00);
  const Buffer data = romwright::test::pattern(0x20000, 3);
  std::vector<FlashStep> steps;
  for (std::uint64_t at = 0; at < 0x20000; at += 0x10000)
    steps.push_back({Erase{{at, 0x10000}, 1}, {{at, ConstBytes(data).subspan(at, 0x10000)}}});
  fixture.apply(steps);
  EXPECT_TRUE(std::equal(data.begin(), data.end(), fixture.nor.content.begin()));
  EXPECT_THAT(fixture.done, ::testing::ElementsAre(0, 1));
}

TEST(SpiNor, StopsBehindAWholeStep) {
  Fixture fixture;
  fixture.nor.content.assign(mib, 0x00);
  const Buffer data(0x1000, 0x55);
  std::vector<FlashStep> steps;
  for (std::uint64_t at = 0; at < 0x4000; at += 0x1000)
    steps.push_back({Erase{{at, 0x1000}, 0}, {{at, data}}});
  try {
    fixture.flash().apply(
        steps,
        [&](std::size_t i) {
          fixture.done.push_back(i);
          if (i == 1) fixture.stop.request_stop();
        },
        fixture.run);
    FAIL();
  } catch (const InterruptedError& error) {
    EXPECT_EQ(error.line(), "stopped behind step 2 of 4");
    EXPECT_EQ(error.signal(), SIGINT);
  }
  EXPECT_TRUE(all_equal(ConstBytes(fixture.nor.content).first(0x2000), 0x55));
  EXPECT_TRUE(all_equal(ConstBytes(fixture.nor.content).subspan(0x2000), 0x00));
  Buffer read(16);
  EXPECT_THROW(fixture.flash().read(0, read, fixture.run), InterruptedError);
}

TEST(SpiNor, LiftsAndRestoresTheProtection) {
  Fixture fixture;
  fixture.nor.status[0] = 0x1c;
  ASSERT_EQ(fixture.flash().protections().size(), 1U);
  const Protection protection = fixture.flash().protections()[0];
  EXPECT_EQ(protection.range, (Range{0, mib}));
  EXPECT_EQ(protection.by, "the status register (BP=7)");
  EXPECT_TRUE(protection.removable);
  std::uint8_t during = 0xff;
  const Buffer data(256, 0x12);
  const FlashStep step{Erase{{0, 0x1000}, 0}, {{0, data}}};
  fixture.flash().apply(
      {&step, 1}, [&](std::size_t) { during = fixture.nor.status[0]; }, fixture.run);
  EXPECT_EQ(during, 0x00);
  EXPECT_EQ(fixture.nor.status[0], 0x1c);
  EXPECT_TRUE(all_equal(ConstBytes(fixture.nor.content).first(256), 0x12));
}

TEST(SpiNor, RestoresTheProtectionWhenItFails) {
  Fixture fixture;
  fixture.nor.status[0] = 0x1c;
  fixture.nor.ignores = [](std::uint8_t opcode) { return opcode == 0x20; };
  const FlashStep step{Erase{{0, 0x1000}, 0}, {}};
  EXPECT_THROW(fixture.apply({step}), DeviceError);
  EXPECT_EQ(fixture.nor.status[0], 0x1c);
}

TEST(SpiNor, ALockedProtectionIsRefusedBeforeAnything) {
  Fixture fixture;
  fixture.nor.status = {0x1c, 0x01, 0};
  EXPECT_FALSE(fixture.flash().protections()[0].removable);
  const FlashStep step{Erase{{0, 0x1000}, 0}, {}};
  try {
    fixture.apply({step});
    FAIL();
  } catch (const ProtectedError& error) {
    EXPECT_EQ(error.line(),
              "0x0+0x100000: protected by the status register (BP=7), which is locked (cut the "
              "chip's power once)");
  }
  fixture.nor.status = {0x9c, 0x00, 0};
  fixture.nor.locked = 0xfc;  // the WP# pin
  try {
    fixture.apply({step});
    FAIL();
  } catch (const ProtectedError& error) {
    EXPECT_EQ(error.line(),
              "0x0+0x100000: protected by the status register (BP=7), which does not take a change "
              "(the WP# pin may be low)");
  }
  EXPECT_THAT(fixture.nor.opcodes, Not(Contains(0x20)));
}

TEST(SpiNor, ProtectsARange) {
  Fixture fixture;
  fixture.flash().write_protect()->protect({0xf0000, 0x10000});
  EXPECT_EQ(fixture.flash().write_protect()->status().range, (Range{0xf0000, 0x10000}));
  fixture.flash().write_protect()->protect({});
  EXPECT_TRUE(fixture.flash().protections().empty());
}

TEST(SpiNor, WritesBothRegistersWhereOneWouldClearTheOther) {
  Chip chip = plain_chip();
  chip.features.sr2_via_wrsr = true;
  chip.features.wrsr_ewsr = true;
  Fixture fixture(chip);
  fixture.nor.status = {0x1c, 0x02, 0};  // QE
  const FlashStep step{Erase{{0, 0x1000}, 0}, {}};
  fixture.apply({step});
  EXPECT_EQ(fixture.nor.status[0], 0x1c);
  EXPECT_EQ(fixture.nor.status[1], 0x02);
  // For the time of a write, the registers' volatile copies are enough.
  EXPECT_THAT(fixture.nor.opcodes, Contains(0x50));
}

TEST(SpiNor, FourByteAddresses) {
  Chip chip = plain_chip(32 * mib);
  chip.protection = {};
  chip.features.four_byte_commands = true;
  chip.features.four_byte_enter = true;
  const Buffer data = romwright::test::pattern(256, 3);
  const auto write = [&](Fixture& fixture) {
    fixture.apply({{Erase{{0x1ff0000, 0x10000}, 1}, {{0x1ff0100, data}}}});
    Buffer read(256);
    fixture.flash().read(0x1ff0100, read, fixture.run);
    EXPECT_EQ(read, data);
  };
  {
    Fixture fixture(chip);
    write(fixture);
    EXPECT_EQ(fixture.flash().address_mode(), AddressMode::dedicated);
    for (const int opcode : {0x13, 0x12, 0xdc}) EXPECT_THAT(fixture.nor.opcodes, Contains(opcode));
    EXPECT_THAT(fixture.nor.opcodes, Not(Contains(0xb7)));
  }
  chip.features.four_byte_commands = false;
  {
    Fixture fixture(chip);
    write(fixture);
    EXPECT_TRUE(fixture.nor.four_byte_mode);
    for (const int opcode : {0x03, 0x02, 0xd8}) EXPECT_THAT(fixture.nor.opcodes, Contains(opcode));
    fixture.device.reset();
    EXPECT_FALSE(fixture.nor.four_byte_mode);
  }
  chip.features.four_byte_enter = false;
  Fixture fixture(chip);
  try {
    fixture.flash();
    FAIL();
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.line(), "Maker M25X: this controller cannot address 32 MiB");
  }
}

TEST(SpiNor, WordProgramming) {
  for (const bool streams : {false, true}) {
    Chip chip = plain_chip();
    chip.program = ProgramMethod::aai_word;
    Fixture fixture(chip);
    fixture.nor.limits_.streams = streams;
    fixture.nor.program_time = std::chrono::microseconds(7);
    const Buffer data = romwright::test::pattern(601, 3);
    fixture.apply({{std::nullopt, {{0x1001, data}}}});
    EXPECT_TRUE(std::equal(data.begin(), data.end(), fixture.nor.content.begin() + 0x1001));
    EXPECT_EQ(std::count(fixture.nor.opcodes.begin(), fixture.nor.opcodes.end(), 0xad), 300);
    EXPECT_EQ(std::count(fixture.nor.opcodes.begin(), fixture.nor.opcodes.end(), 0x02), 1);
  }
}

TEST(SpiNor, ByteProgramming) {
  Chip chip = plain_chip();
  chip.program = ProgramMethod::byte;
  Fixture fixture(chip);
  const Buffer data = romwright::test::pattern(300, 3, 5);
  fixture.apply({{std::nullopt, {{0x1001, data}}}});
  EXPECT_TRUE(std::equal(data.begin(), data.end(), fixture.nor.content.begin() + 0x1001));
}

TEST(SpiNor, GeometryIsWhatTheControllerCanDo) {
  Chip chip = plain_chip();
  chip.times.erase_4k = std::chrono::milliseconds(30);
  SpiLimits limits;
  limits.clock_hz = 8'000'000;
  limits.opcodes.emplace().set(0x20);
  const Geometry geometry = make_geometry(chip, limits, AddressMode::three);
  ASSERT_EQ(geometry.erase_types.size(), 1U);
  EXPECT_EQ(geometry.erase_types[0].opcode, 0x20);
  EXPECT_EQ(geometry.erase_types[0].runs, (std::vector<EraseRun>{{0x1000, 256}}));
  EXPECT_EQ(geometry.erase_types[0].typical, std::chrono::milliseconds(30));
  EXPECT_EQ(geometry.byte_time, std::chrono::microseconds(1));
  EXPECT_EQ(geometry.size, mib);
}

}  // namespace
}  // namespace romwright::flash
