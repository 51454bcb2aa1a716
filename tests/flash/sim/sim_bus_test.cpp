// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/sim_bus.h"

#include <array>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/sim/chips.h"

namespace romwright::flash::test {
namespace {

// At 8 MHz a byte takes a microsecond.
constexpr std::uint32_t hz = 8'000'000;

TEST(SimBus, ExactTimesOnTheIdealLink) {
  SimChip sim("W25Q16.V");
  SimBus bus(sim.model, sim.clock, ideal_link, hz);
  EXPECT_EQ(bus.limits().clock_hz, hz);
  EXPECT_FALSE(bus.limits().streams);
  Buffer in(100);
  const std::array<SpiOp, 1> read = {
      SpiCommand{.opcode = 0x03, .address_bytes = 3, .address = 0x1234, .in = in}};
  EXPECT_EQ(bus.run(read, {}).completed, 1U);
  EXPECT_EQ(sim.clock.now(), 104us);
  const std::array<SpiOp, 1> wait = {SpiWait{5ms}};
  bus.run(wait, {});
  EXPECT_EQ(sim.clock.now(), 5104us);

  const Buffer data(256, 0);
  const std::array<SpiOp, 3> program = {
      SpiCommand{.opcode = 0x06},
      SpiCommand{.opcode = 0x02, .address_bytes = 3, .out = data},
      SpiPoll{.typical = 700us, .deadline = 10ms},
  };
  const auto before = sim.clock.now();
  const RunResult result = bus.run(program, {});
  EXPECT_EQ(result.completed, 3U);
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_EQ(result.polls[0].op, 2U);
  EXPECT_TRUE(result.polls[0].passed);
  EXPECT_EQ(result.polls[0].elapsed, 702us);
  EXPECT_EQ(sim.clock.now() - before, 1us + 260us + 702us);
  EXPECT_TRUE(all_equal(ConstBytes(sim.content).first(256), 0));
}

TEST(SimBus, PollsUntilTheChipIsReady) {
  SimChip sim("W25Q16.V");
  SimBus bus(sim.model, sim.clock, ideal_link, hz);
  const std::array<SpiOp, 3> erase = {SpiCommand{.opcode = 0x06},
                                      SpiCommand{.opcode = 0x20, .address_bytes = 3},
                                      SpiPoll{.typical = 1ms, .deadline = 100ms}};
  const RunResult result = bus.run(erase, {});
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_TRUE(result.polls[0].passed);
  EXPECT_GE(result.polls[0].elapsed, 45ms);
  EXPECT_LE(result.polls[0].elapsed, 45ms + 4us);
}

TEST(SimBus, APollThatMissesItsDeadlineEndsTheRun) {
  SimChip sim("W25Q16.V");
  SimBus bus(sim.model, sim.clock, ideal_link, hz);
  const std::array<SpiOp, 4> erase = {SpiCommand{.opcode = 0x06},
                                      SpiCommand{.opcode = 0x20, .address_bytes = 3},
                                      SpiPoll{.typical = 1ms, .deadline = 10ms}, SpiWait{1s}};
  const RunResult result = bus.run(erase, {});
  EXPECT_EQ(result.completed, 2U);
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_FALSE(result.polls[0].passed);
  EXPECT_EQ(result.polls[0].value & 1, 1);
  EXPECT_LT(sim.clock.now(), 11ms);
}

TEST(SimBus, AStreamLooksOnceAndGoesOn) {
  SimChip sim("W25Q16.V");
  SimBus bus(sim.model, sim.clock, ft2232h_link, hz);
  EXPECT_TRUE(bus.limits().streams);
  const std::array<SpiOp, 4> erase = {SpiCommand{.opcode = 0x06},
                                      SpiCommand{.opcode = 0x20, .address_bytes = 3},
                                      SpiPoll{.typical = 1ms, .deadline = 10ms}, SpiWait{1ms}};
  const RunResult result = bus.run(erase, {});
  EXPECT_EQ(result.completed, 4U);
  EXPECT_FALSE(result.polls.at(0).passed);
  EXPECT_EQ(sim.clock.now(), 125us + 5us + 1002us + 1ms);
}

TEST(SimBus, EachTransferOfSerprogIsARoundTrip) {
  SimChip sim("W25Q16.V");
  SimBus bus(sim.model, sim.clock, serprog_link, hz);
  const std::array<SpiOp, 2> twice = {SpiCommand{.opcode = 0x06}, SpiCommand{.opcode = 0x04}};
  bus.run(twice, {});
  EXPECT_EQ(sim.clock.now(), 2 * (125us + 1us));
}

TEST(SimBus, StopsBetweenOperations) {
  SimChip sim("W25Q16.V");
  SimBus bus(sim.model, sim.clock, ideal_link, hz);
  std::stop_source source;
  source.request_stop();
  const std::array<SpiOp, 1> one = {SpiCommand{.opcode = 0x06}};
  EXPECT_EQ(bus.run(one, source.get_token()).completed, 0U);
  EXPECT_EQ(sim.status(), 0);
}

TEST(SimBus, TheLinkBreaks) {
  SimChip sim("W25Q16.V");
  SimBus bus(sim.model, sim.clock, ideal_link, hz, Faults{.drop_after = 3});
  const std::array<SpiOp, 1> one = {SpiCommand{.opcode = 0x06}};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bus.run(one, {}).completed, 1U);
  try {
    bus.run(one, {});
    FAIL();
  } catch (const DeviceError& error) {
    EXPECT_EQ(error.line(), "the simulated link broke (is the cable plugged in?)");
  }
}

}  // namespace
}  // namespace romwright::flash::test
