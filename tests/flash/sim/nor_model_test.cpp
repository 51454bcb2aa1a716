// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/nor_model.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/sim/chips.h"

namespace romwright::flash::test {
namespace {

Buffer bytes(std::initializer_list<std::uint8_t> list) { return list; }

TEST(NorModel, Identifies) {
  SimChip sim("W25Q64FV");
  EXPECT_EQ(sim.ask({0x9f}, 4), bytes({0xef, 0x40, 0x17, 0x00}));
  EXPECT_EQ(sim.ask({0x90, 0, 0, 0}, 2), bytes({0xef, 0x16}));
  EXPECT_EQ(sim.ask({0xab, 0, 0, 0}, 1), bytes({0x16}));
  SimChip extended("S25FL256S Small Sectors");
  EXPECT_EQ(extended.ask({0x9f}, 6), bytes({0x01, 0x02, 0x19, 0x4d, 0x01, 0x80}));
}

TEST(NorModel, RefusesContentOfAnotherSize) {
  VirtualClock clock;
  Buffer content(4096);
  EXPECT_THROW(NorModel(chip_named("W25Q64FV"), content, clock), Error);
}

TEST(NorModel, ReadsAndRunsOnPastItsEnd) {
  SimChip sim("W25Q16.V");
  sim.content[0] = 0x11;
  sim.content[0x1fffff] = 0x22;
  EXPECT_EQ(sim.ask({0x03, 0x1f, 0xff, 0xfe}, 4), bytes({0xff, 0x22, 0x11, 0xff}));
  EXPECT_EQ(sim.ask({0x0b, 0x1f, 0xff, 0xff, 0}, 2), bytes({0x22, 0x11}));
}

TEST(NorModel, ProgramsOnlyWithWriteEnable) {
  SimChip sim("W25Q16.V");
  sim.send({0x02, 0, 0, 0, 0x12});
  EXPECT_EQ(sim.content[0], 0xff);
  EXPECT_EQ(sim.model.counts().ignored, 1U);
  sim.send({0x06});
  EXPECT_EQ(sim.status(), 0x02);
  sim.send({0x04});
  EXPECT_EQ(sim.status(), 0x00);
  sim.send({0x02, 0, 0, 0, 0x12});
  EXPECT_EQ(sim.content[0], 0xff);
  sim.write({0x02, 0, 0, 0, 0x12});
  EXPECT_EQ(sim.content[0], 0x12);
  EXPECT_EQ(sim.status(), 0x00) << "write enable is used up";
  sim.send({0x02, 0, 0, 1, 0x34});
  EXPECT_EQ(sim.content[1], 0xff);
  EXPECT_EQ(sim.model.counts().programs, 1U);
}

TEST(NorModel, IsBusyForItsTimes) {
  SimChip sim("W25Q16.V");
  sim.send({0x06});
  sim.send({0x02, 0, 0, 0, 0x12});
  EXPECT_EQ(sim.model.busy_until(), 700us);
  sim.clock.advance(699999ns);
  EXPECT_EQ(sim.status() & 1, 1);
  EXPECT_EQ(sim.ask({0x03, 0, 0, 0}, 1), bytes({0xff})) << "no read while it is busy";
  sim.send({0x06});
  EXPECT_EQ(sim.model.counts().ignored, 2U);
  sim.clock.advance(1ns);
  EXPECT_EQ(sim.status(), 0) << "write enable was not taken";
  EXPECT_EQ(sim.ask({0x03, 0, 0, 0}, 1), bytes({0x12}));

  const auto time_of = [&](std::initializer_list<std::uint8_t> command) {
    sim.send({0x06});
    sim.send(command);
    const auto time = sim.model.busy_until() - sim.clock.now();
    sim.wait();
    return time;
  };
  EXPECT_EQ(time_of({0x20, 0, 0, 0}), 45ms);
  EXPECT_EQ(time_of({0x52, 0, 0, 0}), 120ms);
  EXPECT_EQ(time_of({0xd8, 0, 0, 0}), 150ms);
  EXPECT_EQ(time_of({0xc7}), 5000ms);
  EXPECT_EQ(time_of({0x01, 0x04}), 10ms);
}

TEST(NorModel, ProgramClearsBitsOnly) {
  SimChip sim("W25Q16.V");
  sim.write({0x02, 0, 0, 0, 0xf0});
  sim.write({0x02, 0, 0, 0, 0x3c});
  EXPECT_EQ(sim.content[0], 0x30);
}

TEST(NorModel, ProgramWrapsInItsPage) {
  SimChip sim("W25Q16.V");
  sim.write({0x02, 0, 0x01, 0xfe, 1, 2, 3, 4});
  EXPECT_EQ(sim.content[0x1fe], 1);
  EXPECT_EQ(sim.content[0x1ff], 2);
  EXPECT_EQ(sim.content[0x100], 3);
  EXPECT_EQ(sim.content[0x101], 4);
  EXPECT_EQ(sim.content[0x200], 0xff);
  // More than a page: the last 256 bytes stay.
  Buffer out = {0x02, 0, 0x04, 0x00};
  for (int i = 0; i < 258; ++i) out.push_back(static_cast<std::uint8_t>(i < 256 ? i : 0xa0 + i));
  sim.send({0x06});
  sim.model.cycle(out, {});
  EXPECT_EQ(sim.content[0x400], 0xa0);  // 0xa0 + 256
  EXPECT_EQ(sim.content[0x401], 0xa1);
  EXPECT_EQ(sim.content[0x402], 2);
  EXPECT_EQ(sim.content[0x4ff], 0xff);
  EXPECT_EQ(sim.content[0x4fe], 0xfe);
}

TEST(NorModel, ErasesTheBlockAroundTheAddress) {
  SimChip sim("W25Q16.V", {}, 0);
  const auto erased = [&] {
    const auto first = std::ranges::find(sim.content, 0xff);
    const auto last = std::find(first, sim.content.end(), 0);
    const Range range{static_cast<std::uint64_t>(first - sim.content.begin()),
                      static_cast<std::uint64_t>(last - first)};
    std::ranges::fill(sim.content, 0);
    return range;
  };
  sim.write({0x20, 0x01, 0x23, 0x45});
  EXPECT_EQ(erased(), (Range{0x12000, 0x1000}));
  sim.write({0x52, 0x01, 0xa3, 0x45});
  EXPECT_EQ(erased(), (Range{0x18000, 0x8000}));
  sim.write({0xd8, 0x01, 0xa3, 0x45});
  EXPECT_EQ(erased(), (Range{0x10000, 0x10000}));
  sim.write({0x60});
  EXPECT_EQ(erased(), (Range{0, 0x200000}));
  EXPECT_EQ(sim.model.counts().erases, 4U);
  sim.send({0x20, 0, 0, 0});
  sim.write({0x20, 0, 0});
  sim.write({0x20, 0, 0, 0, 0});
  sim.write({0xc7, 0});
  EXPECT_EQ(sim.model.counts().erases, 4U) << "no write enable, an address too short or too long";
  EXPECT_EQ(erased().size, 0U);
}

TEST(NorModel, ErasesBlocksOfSeveralSizes) {
  const auto chips = all_chips();
  const auto uneven = std::ranges::find_if(chips, [](const Chip* chip) {
    return chip->program == ProgramMethod::page &&
           std::ranges::any_of(chip->erases, [](const ChipErase& erase) {
             return erase.runs.size() >= 2 && erase.runs[0].count >= 2;
           });
  });
  ASSERT_NE(uneven, chips.end());
  const ChipErase& erase = *std::ranges::find_if(
      (*uneven)->erases, [](const ChipErase& one) { return one.runs.size() >= 2; });
  SimChip sim(**uneven, {}, 0);
  std::uint64_t at = 0;
  for (const EraseRun& run : erase.runs) {
    // The last byte of the run's last block.
    at += std::uint64_t{run.size} * run.count;
    const std::uint64_t last = at - 1;
    sim.write({erase.opcode, static_cast<std::uint8_t>(last >> 16),
               static_cast<std::uint8_t>(last >> 8), static_cast<std::uint8_t>(last)});
    EXPECT_TRUE(all_equal(ConstBytes(sim.content).subspan(at - run.size, run.size), 0xff));
    EXPECT_EQ(std::ranges::count(sim.content, 0xff), run.size) << (*uneven)->name;
    std::ranges::fill(sim.content, 0);
  }
  EXPECT_EQ(at, sim.chip.size);
}

TEST(NorModel, ProtectedBlocksStay) {
  SimChip sim("W25Q64FV", {}, 0x0f);
  sim.model.set_registers({0x04, 0, 0, 0});  // the upper 128 KiB
  sim.write({0x20, 0x7e, 0, 0});
  sim.write({0xc7});
  sim.write({0x02, 0x7f, 0xff, 0xff, 0x00});
  EXPECT_TRUE(all_equal(sim.content, 0x0f));
  EXPECT_EQ(sim.model.counts().erases + sim.model.counts().programs, 0U);
  EXPECT_EQ(sim.status(), 0x04) << "not busy, write enable used up";
  sim.write({0x20, 0x7d, 0xf0, 0});
  sim.write({0x02, 0, 0, 0, 0x00});
  EXPECT_EQ(sim.content[0x7df000], 0xff);
  EXPECT_EQ(sim.content[0x7e0000], 0x0f);
  EXPECT_EQ(sim.content[0], 0x00);
}

TEST(NorModel, StatusRegistersLastOrNot) {
  SimChip sim("W25Q128.V");
  sim.send({0x01, 0x1c});
  EXPECT_EQ(sim.status(), 0) << "no write enable";
  sim.write({0x01, 0x1c, 0x02});
  sim.write({0x11, 0x60});
  EXPECT_EQ(sim.status(), 0x1c);
  EXPECT_EQ(sim.ask({0x35}, 1), bytes({0x02}));
  EXPECT_EQ(sim.ask({0x15}, 1), bytes({0x60}));
  // After 0x50 the write is volatile, and takes no time.
  sim.send({0x50});
  sim.send({0x01, 0x00});
  EXPECT_FALSE(sim.model.busy());
  EXPECT_EQ(sim.status(), 0);
  sim.model.power_up();
  EXPECT_EQ(sim.status(), 0x1c);
  EXPECT_EQ(sim.ask({0x35}, 1), bytes({0x02}));
  sim.write({0x31, 0x00});
  sim.model.power_up();
  EXPECT_EQ(sim.ask({0x35}, 1), bytes({0x00}));
}

TEST(NorModel, LockedStatusRegistersStay) {
  SimChip sim("W25Q64FV");
  sim.write({0x01, 0x04, 0x01});  // SRL: until the power is cut
  sim.write({0x01, 0x00, 0x00});
  EXPECT_EQ(sim.status(), 0x04);
  EXPECT_EQ(sim.ask({0x35}, 1), bytes({0x01}));
}

TEST(NorModel, FourByteMode) {
  SimChip sim("W25Q256JV_M");
  sim.content[0x1234567] = 0x42;
  sim.content[0x0234567] = 0x43;
  EXPECT_EQ(sim.ask({0x13, 0x01, 0x23, 0x45, 0x67}, 1), bytes({0x42}));
  EXPECT_EQ(sim.ask({0x03, 0x23, 0x45, 0x67}, 1), bytes({0x43}));
  sim.send({0xb7});
  EXPECT_EQ(sim.ask({0x03, 0x01, 0x23, 0x45, 0x67}, 1), bytes({0x42}));
  sim.write({0x20, 0x01, 0x23, 0x40, 0x00});
  EXPECT_EQ(sim.content[0x1234567], 0xff);
  sim.send({0xe9});
  EXPECT_EQ(sim.ask({0x03, 0x23, 0x45, 0x67}, 1), bytes({0x43}));
  sim.write({0xc5, 0x01});
  EXPECT_EQ(sim.ask({0xc8}, 1), bytes({0x01}));
  sim.write({0x02, 0x23, 0x45, 0x67, 0x24});
  EXPECT_EQ(sim.content[0x1234567], 0x24);
  sim.model.power_up();
  EXPECT_EQ(sim.ask({0x03, 0x23, 0x45, 0x67}, 1), bytes({0x43}));
  sim.write({0x12, 0x01, 0, 0, 0, 0x55});
  EXPECT_EQ(sim.content[0x1000000], 0x55);
}

TEST(NorModel, PowerDownAndReset) {
  SimChip sim("W25Q16.V");
  sim.send({0xb9});
  EXPECT_EQ(sim.ask({0x9f}, 3), bytes({0xff, 0xff, 0xff}));
  sim.send({0xab});
  EXPECT_EQ(sim.ask({0x9f}, 3), bytes({0xef, 0x40, 0x15}));
  sim.send({0x06});
  sim.send({0x99});
  EXPECT_EQ(sim.status(), 0x02) << "a reset needs 0x66 in front";
  sim.send({0x66});
  sim.send({0x99});
  EXPECT_EQ(sim.status(), 0x00);
}

TEST(NorModel, AutoAddressIncrement) {
  const auto chips = all_chips();
  const auto sst = std::ranges::find(chips, ProgramMethod::aai_word, &Chip::program);
  ASSERT_NE(sst, chips.end());
  SimChip sim(**sst);
  sim.send({0x06});
  sim.send({0xad, 0x00, 0x10, 0x00, 1, 2});
  EXPECT_EQ(sim.status() & 0x41, 0x41) << "busy, auto increment";
  sim.wait();
  sim.send({0xad, 3, 4});
  sim.wait();
  sim.send({0x04});
  sim.send({0xad, 5, 6});
  EXPECT_EQ(Buffer(sim.content.begin() + 0x1000, sim.content.begin() + 0x1006),
            bytes({1, 2, 3, 4, 0xff, 0xff}));
  EXPECT_EQ(sim.status() & 0x43, 0);
}

}  // namespace
}  // namespace romwright::flash::test
