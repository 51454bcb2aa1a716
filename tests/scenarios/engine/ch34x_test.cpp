// SPDX-License-Identifier: GPL-2.0-or-later
// The engine over WCH's USB bridges with a simulated chip.
#include <gtest/gtest.h>

#include "flash/wires/ch34x/ch341a.h"
#include "flash/wires/ch34x/ch347.h"
#include "flash/wires/ch34x/ch34x_bus.h"
#include "tests/scenarios/engine/on_bus.h"
#include "tests/support/ch341a_model.h"
#include "tests/support/ch347_model.h"

namespace romwright::flash::scenario {
namespace {

using namespace std::chrono_literals;

/// Each packet goes to `device`; an exchange costs a round trip.
class ModelPipe final : public BulkPipe {
 public:
  using Device = std::function<std::vector<Buffer>(ConstBytes)>;
  ModelPipe(VirtualClock& clock, std::size_t packet, Device device)
      : clock_(clock), packet_(packet), device_(std::move(device)) {}

  void exchange(std::span<const ConstBytes> transfers, PacketSink& sink) override {
    clock_.advance(1ms);
    ++round_trips;
    for (const ConstBytes transfer : transfers)
      for (std::size_t at = 0; at < transfer.size(); at += packet_) {
        ++packets;
        for (const Buffer& answer :
             device_(transfer.subspan(at, std::min(packet_, transfer.size() - at)))) {
          EXPECT_GT(sink.expected(), 0U);
          sink.receive(answer);
        }
      }
    EXPECT_EQ(sink.expected(), 0U);
  }
  std::size_t round_trips = 0, packets = 0;

 private:
  VirtualClock& clock_;
  std::size_t packet_;
  Device device_;
};

class Ch34x : public ::testing::Test {
 protected:
  Ch34x() : bench("W25Q80BV"), work(bench.chip.size), model(chip()) {}
  NorModel chip() {
    bench.content = work.old;
    return NorModel(bench.chip, bench.content, clock);
  }
  void check(SpiBus& bus) {
    const WriteReport report = write_over(bus, work.image, bench.guard);
    EXPECT_EQ(bench.content, work.image);
    EXPECT_TRUE(report.verified_full);
    EXPECT_EQ(report.link_errors + report.rewritten_blocks, 0U);
    EXPECT_EQ(model.counts().erases, 2U);
    EXPECT_GE(model.counts().programs, 16U + 2 + 1);
    EXPECT_LE(model.counts().programs, 19U + report.retries);
    EXPECT_LE(model.counts().status_reads, 200U);
  }
  Bench bench;
  SmallWrite work;
  VirtualClock clock;
  NorModel model;
};

TEST_F(Ch34x, Ch341a) {
  test::Ch341aModel device(model, clock);
  ModelPipe pipe(clock, 32, [&](ConstBytes packet) {
    auto answer = device.packet(packet);
    return answer ? std::vector<Buffer>{std::move(*answer)} : std::vector<Buffer>{};
  });
  Ch34xBus bus(pipe, clock, std::make_unique<Ch341aProtocol>());
  EXPECT_TRUE(device.outputs());
  EXPECT_TRUE(bus.limits().streams);
  EXPECT_EQ(bus.limits().clock_hz, 0U);
  EXPECT_EQ(bus.set_clock_hz(1'000'000), 0U);
  check(bus);
  bus.release();
  EXPECT_FALSE(device.outputs());
}

TEST_F(Ch34x, Ch347) {
  test::Ch347Model device(model, clock);
  ModelPipe pipe(clock, 510, [&](ConstBytes packet) { return device.packet(packet); });
  Ch34xBus bus(pipe, clock, std::make_unique<Ch347Protocol>());
  EXPECT_EQ(device.clock_hz(), 7'500'000U);
  EXPECT_EQ(bus.set_clock_hz(40'000'000), 30'000'000U);
  EXPECT_EQ(device.clock_hz(), 30'000'000U);
  check(bus);
}

TEST_F(Ch34x, PagesAreOneExchange) {
  std::fill(bench.content.begin(), bench.content.end(), std::uint8_t{0xff});
  test::Ch341aModel device(model, clock);
  ModelPipe pipe(clock, 32, [&](ConstBytes packet) {
    auto answer = device.packet(packet);
    return answer ? std::vector<Buffer>{std::move(*answer)} : std::vector<Buffer>{};
  });
  Ch34xBus bus(pipe, clock, std::make_unique<Ch341aProtocol>());
  const Buffer page(256, 0x12);
  std::vector<SpiOp> program;
  for (std::uint32_t i = 0; i < 16; ++i) {
    program.emplace_back(SpiCommand{.opcode = 0x06});
    program.emplace_back(
        SpiCommand{.opcode = 0x02, .address_bytes = 3, .address = 0x100 * i, .out = page});
    program.emplace_back(SpiPoll{.typical = 750us, .deadline = 5s});
  }
  const std::size_t before = pipe.round_trips;
  const RunResult result = bus.run(program, {});
  EXPECT_EQ(pipe.round_trips - before, 1U);
  EXPECT_EQ(result.completed, program.size());
  ASSERT_EQ(result.polls.size(), 16U);
  for (const PollResult& poll : result.polls) {
    EXPECT_TRUE(poll.passed);
    EXPECT_EQ(poll.elapsed, 750us);
  }
  EXPECT_TRUE(all_equal(ConstBytes(bench.content).first(0x1000), 0x12));
  EXPECT_EQ(model.counts().ignored, 0U);
}

TEST_F(Ch34x, LongWaitsAreTheHosts) {
  test::Ch341aModel device(model, clock);
  ModelPipe pipe(clock, 32, [&](ConstBytes packet) {
    auto answer = device.packet(packet);
    return answer ? std::vector<Buffer>{std::move(*answer)} : std::vector<Buffer>{};
  });
  Ch34xBus bus(pipe, clock, std::make_unique<Ch341aProtocol>());
  const std::array<SpiOp, 3> program{SpiCommand{.opcode = 0x06},
                                     SpiCommand{.opcode = 0x20, .address_bytes = 3},
                                     SpiPoll{.typical = 400ms, .deadline = 5s}};
  const std::size_t packets = pipe.packets;
  const auto from = clock.now();
  const RunResult result = bus.run(program, {});
  EXPECT_TRUE(result.polls.at(0).passed);
  EXPECT_EQ(result.polls[0].elapsed, 400ms);
  EXPECT_EQ(pipe.packets - packets, 8U);
  EXPECT_LE(clock.now() - from, 403ms);
  EXPECT_TRUE(all_equal(ConstBytes(bench.content).first(0x1000), 0xff));
}

TEST_F(Ch34x, AMissedPollIsToldAndTheRunGoesOn) {
  test::Ch347Model device(model, clock);
  ModelPipe pipe(clock, 510, [&](ConstBytes packet) { return device.packet(packet); });
  Ch34xBus bus(pipe, clock, std::make_unique<Ch347Protocol>());
  std::uint8_t after = 0;
  const std::array<SpiOp, 4> program{
      SpiCommand{.opcode = 0x06}, SpiCommand{.opcode = 0x20, .address_bytes = 3},
      SpiPoll{.typical = 1ms, .deadline = 5s}, SpiCommand{.opcode = 0x05, .in = {&after, 1}}};
  const RunResult result = bus.run(program, {});
  EXPECT_EQ(result.completed, 4U);
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_FALSE(result.polls[0].passed);
  EXPECT_EQ(result.polls[0].value, 3);
  EXPECT_GE(result.polls[0].elapsed, 1ms);
  EXPECT_EQ(after, 3);
}

TEST_F(Ch34x, StopsBetweenOperations) {
  test::Ch347Model device(model, clock);
  ModelPipe pipe(clock, 510, [&](ConstBytes packet) { return device.packet(packet); });
  Ch34xBus bus(pipe, clock, std::make_unique<Ch347Protocol>());
  std::stop_source stop;
  stop.request_stop();
  const SpiOp command = SpiCommand{.opcode = 0x06};
  EXPECT_EQ(bus.run({&command, 1}, stop.get_token()).completed, 0U);
}

}  // namespace
}  // namespace romwright::flash::scenario
