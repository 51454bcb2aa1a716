// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/spidev/spidev_bus.h"

#include <array>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/fake_spidev.h"

namespace romwright::flash {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using test::FakeSpidev;

struct Cycle {
  Buffer out;
  std::size_t in = 0;
  friend bool operator==(const Cycle&, const Cycle&) = default;
};

class Spidev : public ::testing::Test {
 protected:
  Spidev() {
    kernel.texts["/sys/module/spidev/parameters/bufsiz"] = "4096";
    kernel.folders["/dev"] = {"null", "spidev0.1", "spidev1.0"};
    kernel.devices["/dev/spidev0.0"] = [this](bool) -> OpenedFile {
      return {std::make_unique<FakeSpidev>(wire), 0};
    };
    wire.clock = &clock;
    wire.cycle = [this](ConstBytes out, Bytes in) {
      cycles.push_back({Buffer(out.begin(), out.end()), in.size()});
      for (std::size_t i = 0; i < in.size(); ++i) in[i] = answer(out, i);
    };
  }
  std::unique_ptr<SpidevBus> open(std::uint32_t hz = spidev_default_clock) {
    return std::make_unique<SpidevBus>(kernel, clock, "/dev/spidev0.0", hz);
  }
  template <typename E>
  std::string error_of(const std::function<void()>& body) {
    try {
      body();
    } catch (const E& error) {
      return error.line();
    }
    return "none";
  }

  test::FakeKernel kernel;
  test::SpidevWire wire;
  VirtualClock clock;
  std::vector<Cycle> cycles;
  std::function<std::uint8_t(ConstBytes, std::size_t)> answer = [](ConstBytes, std::size_t i) {
    return static_cast<std::uint8_t>(i);
  };
};

TEST_F(Spidev, IsSetUpOnce) {
  const auto bus = open(16'000'000);
  EXPECT_EQ(kernel.opened, (std::vector<std::string>{"rw /dev/spidev0.0"}));
  EXPECT_EQ(wire.settings, (std::vector<std::string>{"mode 0", "bits 8", "speed 16000000"}));
  const SpiLimits limits = bus->limits();
  EXPECT_FALSE(limits.streams);
  EXPECT_EQ(limits.clock_hz, 16'000'000U);
  EXPECT_EQ(limits.max_in, 4090U);
  EXPECT_EQ(limits.max_out, 4090U);
}

TEST_F(Spidev, BufferSizeFallsBackToThePage) {
  kernel.texts.clear();
  EXPECT_EQ(open()->capacity(), 4096U);
  for (const char* text : {"", "x", "-1", "0", "65536x", "99999999999999999999"}) {
    kernel.texts["/sys/module/spidev/parameters/bufsiz"] = text;
    EXPECT_EQ(open()->capacity(), 4096U) << text;
  }
  kernel.texts["/sys/module/spidev/parameters/bufsiz"] = "65536";
  EXPECT_EQ(open()->capacity(), 65536U);
}

TEST_F(Spidev, WriteEnableAndProgramAreOneMessage) {
  const auto bus = open();
  const Buffer page(256, 0x5a);
  const std::array<SpiOp, 2> program{
      SpiCommand{.opcode = 0x06},
      SpiCommand{.opcode = 0x02, .address_bytes = 3, .address = 0x12345, .out = page}};
  EXPECT_EQ(bus->run(program, {}).completed, 2U);
  EXPECT_EQ(wire.messages, (std::vector<std::vector<int>>{{1, 260}}));
  Buffer second{0x02, 0x01, 0x23, 0x45};
  second.insert(second.end(), page.begin(), page.end());
  EXPECT_EQ(cycles, (std::vector<Cycle>{{{0x06}, 0}, {second, 0}}));
}

TEST_F(Spidev, ReadsAreTwoTransfersWithDummyBytesSent) {
  const auto bus = open();
  Buffer in(300);
  const SpiOp read = SpiCommand{
      .opcode = 0x0c, .address_bytes = 4, .dummy_bytes = 1, .address = 0x1234567, .in = in};
  EXPECT_EQ(bus->run({&read, 1}, {}).completed, 1U);
  EXPECT_EQ(wire.messages, (std::vector<std::vector<int>>{{6, -300}}));
  EXPECT_EQ(cycles, (std::vector<Cycle>{{{0x0c, 0x01, 0x23, 0x45, 0x67, 0x00}, 300}}));
  EXPECT_EQ(in[299], 299 & 0xff);
}

TEST_F(Spidev, MessagesStayWithinTheBuffer) {
  const auto bus = open();
  Buffer in(4090);
  const SpiOp longest = SpiCommand{.opcode = 0x03, .address_bytes = 3, .in = in};
  const std::array<SpiOp, 4> program{SpiCommand{.opcode = 0x06}, longest,
                                     SpiCommand{.opcode = 0x04}, longest};
  EXPECT_EQ(bus->run(program, {}).completed, 4U);
  EXPECT_EQ(wire.messages, (std::vector<std::vector<int>>{{1, 4, -4090, 1}, {4, -4090}}));
  Buffer more(4093);
  const SpiOp too_long = SpiCommand{.opcode = 0x03, .address_bytes = 3, .in = more};
  EXPECT_EQ(error_of<DeviceError>([&] {
              bus->run({&too_long, 1}, {});
            }),
            "/dev/spidev0.0: a command of 4093 bytes exceeds spidev's buffer of 4096");
}

TEST_F(Spidev, ManySmallCommandsAreSplitWhereTheKernelAlignsThem) {
  const auto bus = open();
  const std::vector<SpiOp> program(40, SpiCommand{.opcode = 0x06});
  EXPECT_EQ(bus->run(program, {}).completed, 40U);
  // 4096 bytes are 32 cache lines of 128.
  ASSERT_EQ(wire.messages.size(), 2U);
  EXPECT_EQ(wire.messages[0].size(), 32U);
  EXPECT_EQ(cycles.size(), 40U);
}

TEST_F(Spidev, PollsSleepAndThenLookAtGrowingIntervals) {
  const auto bus = open();
  const nanoseconds ready = 45ms;
  answer = [&](ConstBytes, std::size_t) -> std::uint8_t { return clock.now() < ready ? 3 : 0; };
  const std::array<SpiOp, 2> program{SpiCommand{.opcode = 0x06},
                                     SpiPoll{.typical = 40ms, .deadline = 5s}};
  const RunResult result = bus->run(program, {});
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_TRUE(result.polls[0].passed);
  EXPECT_EQ(result.polls[0].op, 1U);
  EXPECT_EQ(result.polls[0].value, 0);
  EXPECT_GE(result.polls[0].elapsed, 45ms - 4us);
  EXPECT_LE(result.polls[0].elapsed, 46ms);
  EXPECT_EQ(result.completed, 2U);
  EXPECT_EQ(cycles[1], (Cycle{{0x05}, 1}));
  EXPECT_LE(cycles.size(), 20U);
}

TEST_F(Spidev, APollThatMissesItsDeadlineEndsTheRun) {
  const auto bus = open();
  answer = [](ConstBytes, std::size_t) -> std::uint8_t { return 1; };
  const std::array<SpiOp, 3> program{SpiCommand{.opcode = 0x06}, SpiPoll{.deadline = 2s},
                                     SpiCommand{.opcode = 0x04}};
  const RunResult result = bus->run(program, {});
  EXPECT_EQ(result.completed, 1U);
  ASSERT_EQ(result.polls.size(), 1U);
  EXPECT_FALSE(result.polls[0].passed);
  EXPECT_GE(result.polls[0].elapsed, 2s);
  EXPECT_LE(result.polls[0].elapsed, 2s + 1ms);
  EXPECT_LE(cycles.size(), 300U);
}

TEST_F(Spidev, WaitsComeBehindWhatWasQueued) {
  const auto bus = open();
  std::vector<nanoseconds> times;
  wire.cycle = [&](ConstBytes, Bytes) { times.push_back(clock.now()); };
  const std::array<SpiOp, 3> program{SpiCommand{.opcode = 0x66}, SpiWait{30us},
                                     SpiCommand{.opcode = 0x99}};
  EXPECT_EQ(bus->run(program, {}).completed, 3U);
  EXPECT_EQ(times.at(1) - times.at(0), 30us + 4us);
}

TEST_F(Spidev, StopsBetweenMessages) {
  const auto bus = open();
  std::stop_source stop;
  wire.cycle = [&](ConstBytes, Bytes) { stop.request_stop(); };
  Buffer in(4000);
  const std::vector<SpiOp> program(3, SpiCommand{.opcode = 0x03, .address_bytes = 3, .in = in});
  EXPECT_EQ(bus->run(program, stop.get_token()).completed, 1U);
  EXPECT_EQ(wire.messages.size(), 1U);
}

TEST_F(Spidev, TheClockChangesLater) {
  const auto bus = open();
  EXPECT_EQ(bus->set_clock_hz(500'000), 500'000U);
  EXPECT_EQ(bus->limits().clock_hz, 500'000U);
  wire.fail = EINVAL;
  EXPECT_EQ(bus->set_clock_hz(50'000'000), 500'000U);
}

TEST_F(Spidev, SaysWhatIsWrong) {
  EXPECT_EQ(error_of<NoDeviceError>([&] { SpidevBus(kernel, clock, "/dev/spidev9.9"); }),
            "/dev/spidev9.9: there is no such device (there is /dev/spidev0.1, /dev/spidev1.0)");
  wire.fail = ENOTTY;
  EXPECT_EQ(error_of<NoDeviceError>([&] { open(); }), "/dev/spidev0.0: is no spidev device");
  wire.fail = EINVAL;
  EXPECT_EQ(error_of<DeviceError>([&] { open(); }),
            "/dev/spidev0.0: its controller cannot do SPI mode 0: Invalid argument");
  const auto bus = open();
  const SpiOp command = SpiCommand{.opcode = 0x06};
  const auto fail = [&](int error) {
    wire.fail = error;
    bus->run({&command, 1}, {});
  };
  EXPECT_EQ(error_of<TimeoutError>([&] { fail(ETIMEDOUT); }),
            "/dev/spidev0.0: the controller does not finish a transfer");
  EXPECT_EQ(error_of<DeviceError>([&] { fail(EMSGSIZE); }),
            "/dev/spidev0.0: a transfer failed: Message too long "
            "(more than spidev's buffer of 4096 bytes)");
  EXPECT_EQ(error_of<DeviceError>([&] { fail(EIO); }),
            "/dev/spidev0.0: a transfer failed: Input/output error");
}

}  // namespace
}  // namespace romwright::flash
