// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/serprog_bus.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/wires/serprog/scripted_link.h"

namespace romwright::flash::test {
namespace {

using namespace std::chrono_literals;

/// A device that takes commands of these sizes, has `hz` on its wire, and answers `status` to every
/// byte that is read.
class WireDevice {
 public:
  explicit WireDevice(SerprogDevice facts, std::uint32_t hz = 0) : hz_(hz) {
    conversation.set_window(facts.window);
    conversation.synchronize();
    if (hz != 0) facts.commands = commands({Serprog::set_clock, Serprog::set_pins});
    bus.emplace(conversation, std::move(facts));
    if (hz != 0) bus->set_clock_hz(hz);
    link.written.clear();
  }
  static SerprogCommands commands(std::initializer_list<Serprog> list) {
    Buffer map(32, 0);
    for (const Serprog one : list) {
      const auto bit = static_cast<std::size_t>(one);
      map[bit / 8] = static_cast<std::uint8_t>(map[bit / 8] | 1U << bit % 8);
    }
    return SerprogCommands(map);
  }
  RunResult run(const std::vector<SpiOp>& program, std::stop_token stop = {}) {
    return bus->run(program, stop);
  }

 private:
  void take(ConstBytes bytes, Buffer& answers) {
    for (const std::uint8_t byte : bytes) {
      pending_.push_back(byte);
      if (pending_.size() < size()) continue;
      answer(answers);
      pending_.clear();
    }
  }
  [[nodiscard]] std::size_t size() const {
    switch (pending_[0]) {
      case 0x13:
        return pending_.size() < 7 ? 7 : 7 + std::size_t{pending_[1]} + pending_[2] * 256U;
      case 0x0e:
      case 0x14:
        return 5;
      case 0x15:
        return 2;
      default:
        return 1;
    }
  }
  void answer(Buffer& answers) {
    if (pending_[0] == 0x10) answers.push_back(serprog_nak);
    answers.push_back(refuses == pending_[0] ? serprog_nak : serprog_ack);
    if (pending_[0] == 0x14)
      for (unsigned i = 0; i < 4; ++i) answers.push_back(static_cast<std::uint8_t>(hz_ >> (8 * i)));
    if (pending_[0] != 0x13) return;
    const std::size_t read = pending_[4] + pending_[5] * 256U + pending_[6] * 65536U;
    answers.insert(answers.end(), read, status);
    if (hz_ != 0) clock.advance(std::chrono::nanoseconds(8'000'000'000 / hz_) * (read + 1));
  }

  std::uint32_t hz_;
  Buffer pending_;

 public:
  std::uint8_t status = 0x00;
  int refuses = -1;
  VirtualClock clock;
  ScriptedLink link{clock, [this](ConstBytes bytes, Buffer& answers) { take(bytes, answers); }};
  SerprogConversation conversation{link, clock};
  std::optional<SerprogBus> bus;
};

const SpiCommand write_enable{.opcode = 0x06};
const Buffer page_data = {1, 2};
const SpiCommand page{.opcode = 0x02, .address_bytes = 3, .address = 0x10, .out = page_data};

TEST(SerprogBus, WaitsOnTheDevice) {
  WireDevice device({.window = std::nullopt, .delays = true});
  device.status = 0x02;
  const RunResult result =
      device.run({write_enable, page, SpiPoll{.typical = 700'001ns}, SpiWait{3us}});
  EXPECT_EQ(device.link.written,
            (Buffer{0x13, 1,    0, 0, 0, 0,    0, 0x06,                    // write enable
                    0x13, 6,    0, 0, 0, 0,    0, 0x02, 0, 0, 0x10, 1, 2,  // program
                    0x0e, 0xbd, 2, 0, 0, 0x0f,                             // 701 us
                    0x13, 1,    0, 0, 1, 0,    0, 0x05,                    // its status
                    0x0e, 3,    0, 0, 0, 0x0f}));
  EXPECT_EQ(result.completed, 4U);
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_EQ(result.polls[0].op, 2U);
  EXPECT_EQ(result.polls[0].value, 0x02);
  EXPECT_EQ(result.polls[0].elapsed, 700'001ns);
  EXPECT_TRUE(result.polls[0].passed);
}

TEST(SerprogBus, APollThatHasNotPassedDoesNotEndTheRun) {
  WireDevice device({.window = std::nullopt, .delays = true});
  device.status = 0x03;
  const RunResult result = device.run({page, SpiPoll{}, page, SpiPoll{}});
  EXPECT_EQ(result.completed, 4U);
  ASSERT_EQ(result.polls.size(), 2U);
  EXPECT_FALSE(result.polls[0].passed);
  EXPECT_FALSE(result.polls[1].passed);
}

TEST(SerprogBus, WithoutDelaysTheStatusIsReadForThatLong) {
  WireDevice device({.window = std::nullopt}, 8'000'000);
  device.run({page, SpiPoll{.typical = 1us}});  // calibrates
  device.link.written.clear();
  const std::chrono::nanoseconds from = device.clock.now();
  const RunResult result = device.run({page, SpiPoll{.typical = 700us}});
  EXPECT_EQ(device.link.written, (Buffer{0x13, 6, 0, 0, 0,    0, 0, 0x02, 0, 0, 0x10, 1, 2,  //
                                         0x13, 1, 0, 0, 0xbd, 2, 0, 0x05}));
  EXPECT_EQ(result.polls.at(0).elapsed, 700us);
  EXPECT_GE(device.clock.now() - from, 700us);
  EXPECT_LT(device.clock.now() - from, 710us);
}

TEST(SerprogBus, LongReadingsAreSplit) {
  WireDevice device({.window = std::nullopt, .longest_read = 400}, 8'000'000);
  device.run({page, SpiPoll{.typical = 1us}});
  device.link.written.clear();
  device.run({SpiPoll{.typical = 700us}});
  EXPECT_EQ(device.link.written, (Buffer{0x13, 1, 0, 0, 0x90, 1, 0, 0x05,  //
                                         0x13, 1, 0, 0, 0x2d, 1, 0, 0x05}));
}

TEST(SerprogBus, LongWaitsAreTheHosts) {
  WireDevice device({.window = std::nullopt}, 8'000'000);
  device.run({page, SpiPoll{.typical = 1us}});
  device.link.written.clear();
  const std::chrono::nanoseconds from = device.clock.now();
  device.run({page, SpiPoll{.typical = 150ms}, SpiWait{30us}});
  EXPECT_EQ(device.link.written, (Buffer{0x13, 6, 0, 0, 0, 0, 0, 0x02, 0, 0, 0x10, 1, 2,  //
                                         0x13, 1, 0, 0, 1, 0, 0, 0x05}));
  EXPECT_GE(device.clock.now() - from, 150ms + 30us);
  EXPECT_LT(device.clock.now() - from, 151ms);
}

TEST(SerprogBus, AWaitAndThePollBehindItAreOne) {
  WireDevice device({.window = std::nullopt, .delays = true});
  device.run({page, SpiWait{25us}, SpiPoll{.typical = 10us}, SpiPoll{.typical = 40us}});
  EXPECT_EQ(Buffer(device.link.written.begin() + 13, device.link.written.end()),
            (Buffer{0x0e, 25, 0, 0, 0, 0x0f, 0x13, 1, 0, 0, 1, 0, 0, 0x05,  //
                    0x0e, 15, 0, 0, 0, 0x0f, 0x13, 1, 0, 0, 1, 0, 0, 0x05}));
}

TEST(SerprogBus, ASmallBufferIsPolledByTheHost) {
  WireDevice device({.window = 16, .delays = true});
  EXPECT_FALSE(device.bus->limits().streams);
  const std::chrono::nanoseconds from = device.clock.now();
  const std::vector<SpiOp> program = {page, SpiWait{30us}, SpiPoll{.typical = 700us}, write_enable};
  const RunResult result = device.run(program);
  EXPECT_EQ(result.completed, 4U);
  EXPECT_EQ(result.polls.at(0).op, 2U);
  EXPECT_EQ(device.clock.now() - from, 700us);
  EXPECT_EQ(device.link.written, (Buffer{0x13, 6, 0, 0, 0, 0, 0, 0x02, 0, 0, 0x10, 1, 2,  //
                                         0x13, 1, 0, 0, 1, 0, 0, 0x05,                    //
                                         0x13, 1, 0, 0, 0, 0, 0, 0x06}));
  device.status = 1;
  const RunResult busy = device.run({page, SpiPoll{.deadline = 10ms}, page});
  EXPECT_EQ(busy.completed, 1U);
  EXPECT_FALSE(busy.polls.at(0).passed);
  EXPECT_GE(busy.polls.at(0).elapsed, 10ms);
}

TEST(SerprogBus, SaysWhatItTakes) {
  WireDevice device({.window = 300, .longest_write = 261, .longest_read = 300}, 1'000'000);
  const SpiLimits limits = device.bus->limits();
  EXPECT_EQ(limits.max_out, 256U);
  EXPECT_EQ(limits.max_in, 300U);
  EXPECT_TRUE(limits.streams);
  EXPECT_EQ(limits.clock_hz, 1'000'000U);
  Buffer in(301);
  EXPECT_EQ(line_of<DeviceError>(
                [&] { device.run({SpiCommand{.opcode = 0x03, .address_bytes = 3, .in = in}}); }),
            "link: 4 bytes out and 301 in are more than the serprog device takes at once");
  EXPECT_TRUE(device.link.written.empty());
}

TEST(SerprogBus, SetsTheClock) {
  WireDevice device({}, 12'000'000);
  EXPECT_EQ(device.bus->set_clock_hz(16'000'000), 12'000'000U);
  EXPECT_EQ(device.link.written, (Buffer{0x14, 0x00, 0x24, 0xf4, 0x00}));
  device.refuses = 0x14;
  EXPECT_EQ(line_of<DeviceError>([&] { device.bus->set_clock_hz(1); }),
            "link: the serprog device refuses S_SPI_FREQ 1");
  WireDevice fixed({});
  EXPECT_EQ(fixed.bus->set_clock_hz(16'000'000), 0U);
  EXPECT_TRUE(fixed.link.written.empty());
}

TEST(SerprogBus, FindsItsWayBackAfterAFailure) {
  WireDevice device({.window = std::nullopt, .delays = true});
  device.refuses = 0x13;
  EXPECT_THROW(device.run({page, page, page}), DeviceError);
  device.refuses = -1;
  device.link.written.clear();
  EXPECT_EQ(device.run({write_enable}).completed, 1U);
  EXPECT_EQ(Buffer(device.link.written.end() - 8, device.link.written.end()),
            (Buffer{0x13, 1, 0, 0, 0, 0, 0, 0x06}));
}

TEST(SerprogBus, StopsBetweenOperations) {
  WireDevice device({.window = std::nullopt, .delays = true});
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(device.run({page, page}, source.get_token()).completed, 0U);
  EXPECT_TRUE(device.link.written.empty());
}

TEST(SerprogBus, ReleasesThePins) {
  WireDevice device({}, 1'000'000);
  device.bus->release();
  EXPECT_EQ(device.link.written, (Buffer{0x15, 0}));
}

}  // namespace
}  // namespace romwright::flash::test
