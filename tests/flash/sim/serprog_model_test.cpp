// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/serprog_model.h"

#include <gtest/gtest.h>

#include "tests/flash/sim/chips.h"

namespace romwright::flash::test {
namespace {

struct Device {
  explicit Device(SerprogTraits traits = {}) : serprog(sim.model, sim.clock, traits) {}
  Buffer ask(const Buffer& command) {
    serprog.receive(command);
    return serprog.take_answer();
  }
  SimChip sim{"W25Q16.V"};
  SerprogModel serprog;
};

TEST(SerprogModel, Queries) {
  Device device;
  EXPECT_EQ(device.ask({0x00}), (Buffer{0x06}));
  EXPECT_EQ(device.ask({0x10}), (Buffer{0x15, 0x06}));
  EXPECT_EQ(device.ask({0x01}), (Buffer{0x06, 1, 0}));
  const Buffer map = device.ask({0x02});
  ASSERT_EQ(map.size(), 33U);
  EXPECT_EQ(Buffer(map.begin(), map.begin() + 4), (Buffer{0x06, 0xff, 0xc9, 0x3f}));
  EXPECT_TRUE(all_equal(ConstBytes(map).subspan(4), 0));
  const Buffer name = device.ask({0x03});
  ASSERT_EQ(name.size(), 17U);
  EXPECT_EQ(c_string(ConstBytes(name).subspan(1)), "romwright sim");
  EXPECT_EQ(device.ask({0x04}), (Buffer{0x06, 0xff, 0xff}));
  EXPECT_EQ(device.ask({0x05}), (Buffer{0x06, 0x08}));
  EXPECT_EQ(device.ask({0x06}), (Buffer{0x06, 21}));
  EXPECT_EQ(device.ask({0x07}), (Buffer{0x06, 0xff, 0xff}));
  EXPECT_EQ(device.ask({0x08}), (Buffer{0x06, 0x00, 0x00, 0x01}));
  EXPECT_EQ(device.ask({0x11}), (Buffer{0x06, 0xff, 0xff, 0xff}));
  EXPECT_EQ(device.ask({0x09}), (Buffer{0x15})) << "no parallel bus";
  EXPECT_EQ(device.ask({0xee}), (Buffer{0x15}));
}

TEST(SerprogModel, BusAndClock) {
  Device device;
  EXPECT_EQ(device.ask({0x12, 0x08}), (Buffer{0x06}));
  EXPECT_EQ(device.ask({0x12, 0x01}), (Buffer{0x15}));
  EXPECT_EQ(device.ask({0x14, 0x00, 0x12, 0x7a, 0x00}), (Buffer{0x06, 0x00, 0x12, 0x7a, 0x00}));
  EXPECT_EQ(device.ask({0x13, 1, 0, 0, 3, 0, 0, 0x9f}), (Buffer{0x06, 0xef, 0x40, 0x15}));
  EXPECT_EQ(device.sim.clock.now(), 4us) << "four bytes at 8 MHz";
  EXPECT_EQ(device.ask({0x14, 0xff, 0xff, 0xff, 0xff}), (Buffer{0x06, 0x80, 0xc3, 0xc9, 0x01}));
  EXPECT_EQ(device.ask({0x14, 0, 0, 0, 0}), (Buffer{0x15}));
  EXPECT_EQ(device.ask({0x15, 0}), (Buffer{0x06}));
  EXPECT_EQ(device.ask({0x13, 1, 0, 0, 3, 0, 0, 0x9f}), (Buffer{0x06, 0xff, 0xff, 0xff}));
  EXPECT_EQ(device.ask({0x15, 1}), (Buffer{0x06}));
  EXPECT_EQ(device.ask({0x13, 1, 0, 0, 1, 0, 0, 0x9f}), (Buffer{0x06, 0xef}));
}

TEST(SerprogModel, TakesBytesInPiecesOfAnySize) {
  const Buffer commands = {0x00, 0x13, 1, 0, 0, 3, 0, 0, 0x9f, 0x10, 0x13, 0, 0, 0, 0, 0, 0, 0x05};
  const Buffer answers = {0x06, 0x06, 0xef, 0x40, 0x15, 0x15, 0x06, 0x06, 0x06, 0x08};
  for (std::size_t piece = 1; piece <= commands.size(); ++piece) {
    Device device;
    for (std::size_t at = 0; at < commands.size(); at += piece)
      device.serprog.receive(
          ConstBytes(commands).subspan(at, std::min(piece, commands.size() - at)));
    EXPECT_EQ(device.serprog.take_answer(), answers) << piece;
    EXPECT_TRUE(device.serprog.take_answer().empty());
  }
}

TEST(SerprogModel, RefusesWhatIsTooLong) {
  Device device({.max_write = 4, .max_read = 8});
  EXPECT_EQ(device.ask({0x08}), (Buffer{0x06, 4, 0, 0}));
  EXPECT_EQ(device.ask({0x13, 5, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0x00}), (Buffer{0x15, 0x06}));
  EXPECT_EQ(device.ask({0x13, 1, 0, 0, 9, 0, 0, 0x9f, 0x00}), (Buffer{0x15, 0x06}));
  EXPECT_EQ(device.sim.clock.now(), 0ns);
}

TEST(SerprogModel, DelaysRunOnExecute) {
  Device device({.operation_buffer = 10});
  EXPECT_EQ(device.ask({0x0b}), (Buffer{0x06}));
  EXPECT_EQ(device.ask({0x0e, 0xe8, 0x03, 0, 0}), (Buffer{0x06}));
  EXPECT_EQ(device.ask({0x0e, 0xd0, 0x07, 0, 0}), (Buffer{0x06}));
  EXPECT_EQ(device.ask({0x0e, 1, 0, 0, 0}), (Buffer{0x15})) << "the buffer is full";
  EXPECT_EQ(device.sim.clock.now(), 0ns);
  EXPECT_EQ(device.ask({0x0f}), (Buffer{0x06}));
  EXPECT_EQ(device.sim.clock.now(), 3ms);
  EXPECT_EQ(device.ask({0x0f}), (Buffer{0x06}));
  EXPECT_EQ(device.sim.clock.now(), 3ms);
  device.ask({0x0e, 1, 0, 0, 0});
  device.ask({0x0b});
  device.ask({0x0f});
  EXPECT_EQ(device.sim.clock.now(), 3ms) << "cleared";
}

TEST(SerprogModel, APoorDeviceIsSilent) {
  Device device({.delays = false, .settable_clock = false, .silent = true});
  for (const std::uint8_t unknown : Buffer{0x07, 0x0b, 0x0e, 0x0f, 0x14, 0xee})
    EXPECT_EQ(device.ask({unknown}), (Buffer{})) << int{unknown};
  const Buffer map = device.ask({0x02});
  EXPECT_EQ(Buffer(map.begin() + 1, map.begin() + 4), (Buffer{0x7f, 0x01, 0x2f}));
}

TEST(SerprogModel, LosesWhatItsBufferDoesNotKeep) {
  Device device({.serial_buffer = 16});
  EXPECT_EQ(device.ask({0x04}), (Buffer{0x06, 16, 0}));
  device.serprog.receive(Buffer(16, 0x00));
  EXPECT_EQ(device.serprog.lost_bytes(), 0U);
  device.serprog.receive(Buffer{0x00, 0x00});
  EXPECT_EQ(device.serprog.lost_bytes(), 2U);
  EXPECT_EQ(device.serprog.take_answer(15), Buffer(15, 0x06));
  device.serprog.receive(Buffer(16, 0x00));
  EXPECT_EQ(device.serprog.lost_bytes(), 3U) << "one was still unanswered";
  EXPECT_EQ(device.serprog.take_answer(), Buffer(16, 0x06));
  // One alone is worked on while it arrives, however long.
  Buffer page = {0x13, 4, 1, 0, 0, 0, 0, 0x02, 0, 0, 0};
  page.resize(7 + 260, 0xff);
  device.serprog.receive(page);
  device.serprog.receive(Buffer{0x00});
  EXPECT_EQ(device.serprog.lost_bytes(), 4U);
  EXPECT_EQ(device.serprog.take_answer(), (Buffer{0x06}));
}

TEST(SerprogModel, TheLinkTakesItsTime) {
  Device device({.link_bytes_per_second = 1'000'000});
  device.ask({0x01});
  EXPECT_EQ(device.sim.clock.now(), 4us);
}

TEST(SerprogModel, DiesAfterSoManyCommands) {
  Device device({.dies_after = 2});
  EXPECT_EQ(device.ask({0x00, 0x00, 0x00, 0x10}), (Buffer{0x06, 0x06}));
}

TEST(SerprogModel, TakesOneCommandAtATime) {
  Device device;
  const Buffer commands = {0x00, 0x10, 0x13};
  EXPECT_EQ(device.serprog.receive_command(commands), 1U);
  EXPECT_EQ(device.serprog.answered(), 1U);
  EXPECT_EQ(device.serprog.receive_command(ConstBytes(commands).subspan(1)), 1U);
  EXPECT_EQ(device.serprog.answered(), 3U);
  EXPECT_EQ(device.serprog.receive_command(ConstBytes(commands).subspan(2)), 1U);
}

}  // namespace
}  // namespace romwright::flash::test
