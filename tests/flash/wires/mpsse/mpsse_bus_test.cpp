// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mpsse/mpsse_bus.h"

#include <array>
#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using testing::ElementsAre;

/// Keeps what is written and answers from a list; fails the test where the answers announced and
/// those read do not match.
class FakeLink final : public StreamLink {
 public:
  explicit FakeLink(VirtualClock& clock) : clock_(clock) { answers = {0xfa, 0xaa}; }

  void write(ConstBytes bytes, std::size_t count, nanoseconds time) override {
    ++writes;
    written.insert(written.end(), bytes.begin(), bytes.end());
    announced += count;
    most_announced = std::max(most_announced, announced);
    clock_.advance(time);
  }
  void read(Bytes into) override {
    ASSERT_LE(into.size(), announced);
    announced -= into.size();
    for (std::uint8_t& byte : into) {
      if (answers.empty()) {
        byte = filler;
        continue;
      }
      byte = answers.front();
      answers.pop_front();
    }
  }
  void flush() override { ++flushes; }

  Buffer take() { return std::exchange(written, {}); }

  std::deque<std::uint8_t> answers;
  std::uint8_t filler = 0;
  Buffer written;
  std::size_t announced = 0, most_announced = 0, writes = 0, flushes = 0;

 private:
  VirtualClock& clock_;
};

class MpsseBusTest : public ::testing::Test {
 protected:
  VirtualClock clock_;
  FakeLink link_{clock_};
};

constexpr MpsseWire old_wire{.base_hz = 12'000'000, .idle_clocks = false};

TEST_F(MpsseBusTest, StartsTheMpsse) {
  const MpsseBus bus(link_, clock_, {});
  EXPECT_THAT(link_.written,
              ElementsAre(0xaa, 0x87, 0x8a, 0x97, 0x8d, 0x85, 0x86, 0, 0, 0x80, 0x08, 0x0b));
  EXPECT_TRUE(bus.limits().streams);
  EXPECT_EQ(bus.limits().clock_hz, 30'000'000U);
}

TEST_F(MpsseBusTest, RefusesWhatIsNoMpsse) {
  link_.answers = {0xaa, 0x00};
  try {
    const MpsseBus bus(link_, clock_, {});
    FAIL();
  } catch (const DeviceError& error) {
    EXPECT_EQ(error.line(),
              "the FTDI device answers aa00 instead of faaa: it is no MPSSE (unplug it and plug it "
              "in again)");
  }
}

TEST_F(MpsseBusTest, AWholeRunIsOneWrite) {
  MpsseBus bus(link_, clock_, {});
  link_.take();
  link_.writes = 0;
  const SpiPoll poll{.typical = 1us, .deadline = 1s};
  const std::array<SpiOp, 4> program{SpiCommand{.opcode = 0x06}, poll, SpiCommand{.opcode = 0x04},
                                     poll};
  link_.answers = {0x03, 0x00};
  const RunResult result = bus.run(program, {});
  EXPECT_EQ(link_.writes, 1U);
  EXPECT_EQ(result.completed, 4U);
  ASSERT_EQ(result.polls.size(), 2U);
  // The first look was too early, and the run went on.
  EXPECT_FALSE(result.polls[0].passed);
  EXPECT_EQ(result.polls[0].op, 1U);
  EXPECT_TRUE(result.polls[1].passed);
  EXPECT_EQ(result.polls[1].op, 3U);
}

TEST_F(MpsseBusTest, ReadsOfAnySizeKeepFewAnswersUnderWay) {
  MpsseBus bus(link_, clock_, {});
  Buffer in(8U << 20);
  link_.filler = 0x5a;
  const SpiOp op = SpiCommand{.opcode = 0x03, .address_bytes = 3, .in = in};
  EXPECT_EQ(bus.run({&op, 1}, {}).completed, 1U);
  EXPECT_TRUE(all_equal(in, 0x5a));
  EXPECT_EQ(link_.announced, 0U);
  EXPECT_LE(link_.most_announced, 256U << 10);
  EXPECT_GE(link_.most_announced, 128U << 10);
}

TEST_F(MpsseBusTest, StopsBetweenOperations) {
  MpsseBus bus(link_, clock_, {});
  std::stop_source stop;
  stop.request_stop();
  const SpiOp op = SpiCommand{.opcode = 0x06};
  link_.take();
  EXPECT_EQ(bus.run({&op, 1}, stop.get_token()).completed, 0U);
  EXPECT_THAT(link_.written, ElementsAre());
}

TEST_F(MpsseBusTest, TheClockIsTheNextSlowerOne) {
  MpsseBus bus(link_, clock_, {});
  link_.take();
  EXPECT_EQ(bus.set_clock_hz(20'000'000), 15'000'000U);
  EXPECT_EQ(bus.limits().clock_hz, 15'000'000U);
  EXPECT_EQ(bus.set_clock_hz(1), 60'000'000U / 131072);
  EXPECT_THAT(link_.written, ElementsAre(0x86, 0x01, 0x00, 0x86, 0xff, 0xff));
}

TEST_F(MpsseBusTest, SamplesLateWhenAsked) {
  MpsseBus bus(link_, clock_, {});
  link_.take();
  EXPECT_TRUE(bus.set_sampling(SpiSampling::late));
  std::array<std::uint8_t, 1> in{};
  const SpiOp op = SpiCommand{.opcode = 0x05, .in = in};
  bus.run({&op, 1}, {});
  EXPECT_EQ(link_.written.at(7), 0x24);
}

TEST_F(MpsseBusTest, ReleasesThePins) {
  MpsseBus bus(link_, clock_, {}, MpsseHighPins{0x00, 0x70});
  link_.take();
  bus.release();
  EXPECT_THAT(link_.written, ElementsAre(0x80, 0, 0, 0x82, 0, 0));
  EXPECT_EQ(link_.flushes, 1U);
}

TEST_F(MpsseBusTest, OldChipsWaitOnTheHost) {
  MpsseBus bus(link_, clock_, old_wire);
  EXPECT_FALSE(bus.limits().streams);
  EXPECT_EQ(bus.limits().clock_hz, 6'000'000U);
  link_.take();
  const std::array<SpiOp, 3> program{SpiCommand{.opcode = 0x06}, SpiWait{5ms},
                                     SpiCommand{.opcode = 0x04}};
  const nanoseconds from = clock_.now();
  EXPECT_EQ(bus.run(program, {}).completed, 3U);
  EXPECT_GE(clock_.now() - from, 5ms);
  EXPECT_THAT(link_.written, ElementsAre(0x80, 0x00, 0x0b, 0x11, 0, 0, 0x06, 0x80, 0x08, 0x0b,  //
                                         0x80, 0x00, 0x0b, 0x11, 0, 0, 0x04, 0x80, 0x08, 0x0b));
}

TEST_F(MpsseBusTest, OldChipsPollUntilItPassed) {
  MpsseBus bus(link_, clock_, old_wire);
  link_.answers = {0x03, 0x03, 0x00};
  const std::array<SpiOp, 2> program{SpiCommand{.opcode = 0x06},
                                     SpiPoll{.typical = 1ms, .deadline = 1s}};
  const RunResult result = bus.run(program, {});
  EXPECT_EQ(result.completed, 2U);
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_TRUE(result.polls[0].passed);
  EXPECT_EQ(result.polls[0].op, 1U);
  EXPECT_GE(result.polls[0].elapsed, 1ms);
  EXPECT_TRUE(link_.answers.empty());
}

TEST_F(MpsseBusTest, OldChipsGiveUpAtTheDeadline) {
  MpsseBus bus(link_, clock_, old_wire);
  link_.filler = 0x01;
  const std::array<SpiOp, 3> program{SpiCommand{.opcode = 0x06},
                                     SpiPoll{.typical = 1ms, .deadline = 20ms},
                                     SpiCommand{.opcode = 0x06}};
  const RunResult result = bus.run(program, {});
  EXPECT_EQ(result.completed, 1U);
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_FALSE(result.polls[0].passed);
  EXPECT_GE(result.polls[0].elapsed, 20ms);
  EXPECT_LE(result.polls[0].elapsed, 25ms);
}

}  // namespace
}  // namespace romwright::flash
