// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/ch34x/ch347.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using namespace std::chrono_literals;
using Sent = std::vector<Buffer>;

const Buffer low{0xc1, 10, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0};
const Buffer high{0xc1, 10, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

class Ch347 : public ::testing::Test {
 protected:
  Sent sent() {
    Sent all;
    for (const ConstBytes part : protocol.transfers().parts())
      all.emplace_back(part.begin(), part.end());
    return all;
  }
  /// Behind its start.
  void begin() {
    protocol.start();
    protocol.receive(Buffer{0xc0, 1, 0, 0});
    protocol.transfers().clear();
  }
  std::string error_of(const Buffer& packet) {
    try {
      protocol.receive(packet);
    } catch (const DeviceError& error) {
      return error.line();
    }
    return "none";
  }
  Ch347Protocol protocol;
};

TEST_F(Ch347, Starts) {
  protocol.start();
  Buffer configuration(29, 0);
  configuration[0] = 0xc0;
  configuration[1] = 26;
  configuration[5] = 4;
  configuration[6] = 1;
  configuration[14] = 2;
  configuration[15] = 3 << 3;
  configuration[19] = 7;
  EXPECT_EQ(sent(), (Sent{configuration, high}));
  EXPECT_EQ(protocol.expected(), 1U);
  protocol.receive(Buffer(29, 1));
  EXPECT_EQ(protocol.expected(), 0U);
}

TEST_F(Ch347, Clocks) {
  EXPECT_EQ(protocol.clock_hz(), 7'500'000U);
  EXPECT_EQ(protocol.set_clock_hz(100'000'000), 60'000'000U);
  EXPECT_EQ(protocol.set_clock_hz(60'000'000), 60'000'000U);
  EXPECT_EQ(protocol.set_clock_hz(29'999'999), 15'000'000U);
  EXPECT_EQ(protocol.set_clock_hz(468'750), 468'750U);
  EXPECT_EQ(protocol.set_clock_hz(1), 468'750U);
}

TEST_F(Ch347, CommandsAreFramesOneATransfer) {
  begin();
  Buffer in(600);
  protocol.cycle(Buffer{0x03, 1, 2, 3}, in);
  protocol.finish();
  EXPECT_EQ(sent(), (Sent{low, {0xc4, 4, 0, 0x03, 1, 2, 3}, {0xc3, 4, 0, 0x58, 2, 0, 0}, high}));
  EXPECT_EQ(protocol.expected(), 3U);
  protocol.receive(Buffer{0xc4, 1, 0, 0});
  Buffer first(510, 0x11);
  first[0] = 0xc3;
  first[1] = 507 & 0xff;
  first[2] = 507 >> 8;
  protocol.receive(first);
  EXPECT_EQ(protocol.expected(), 1U);
  Buffer rest(3 + 93, 0x22);
  rest[0] = 0xc3;
  rest[1] = 93;
  rest[2] = 0;
  protocol.receive(rest);
  EXPECT_EQ(protocol.expected(), 0U);
  EXPECT_EQ(in[506], 0x11);
  EXPECT_EQ(in[507], 0x22);
  EXPECT_EQ(in[599], 0x22);
}

TEST_F(Ch347, FramesMayComeTornAndJoined) {
  begin();
  Buffer in(4);
  protocol.cycle(Buffer{0x9f}, in);
  EXPECT_EQ(protocol.expected(), 2U);
  protocol.receive(Buffer{0xc4, 1, 0, 0, 0xc3, 1, 0, 0xef, 0xc3, 3});
  EXPECT_EQ(protocol.expected(), 1U);
  protocol.receive(Buffer{0, 0x40, 0x18, 0x00});
  EXPECT_EQ(protocol.expected(), 0U);
  EXPECT_EQ(in, (Buffer{0xef, 0x40, 0x18, 0x00}));
}

TEST_F(Ch347, LongDataOutIsSplit) {
  begin();
  protocol.cycle(Buffer(508, 7), {});
  const Sent all = sent();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].size(), 510U);
  EXPECT_EQ(all[2], (Buffer{0xc4, 1, 0, 7}));
  EXPECT_EQ(protocol.expected(), 2U);
}

TEST_F(Ch347, ChipSelectRisesOnce) {
  begin();
  protocol.cycle(Buffer{0x06}, {});
  protocol.cycle(Buffer{0x04}, {});
  protocol.finish();
  protocol.finish();
  EXPECT_EQ(sent(), (Sent{low, {0xc4, 1, 0, 0x06}, high, low, {0xc4, 1, 0, 0x04}, high}));
}

TEST_F(Ch347, WaitsAreClocksWithChipSelectHigh) {
  begin();
  protocol.cycle(Buffer{0x06}, {});
  // 7.5 MHz: 1066.67 ns a byte.
  EXPECT_EQ(protocol.wait(3us), 3200ns);
  EXPECT_EQ(sent(), (Sent{low, {0xc4, 1, 0, 0x06}, high, {0xc4, 3, 0, 0xff, 0xff, 0xff}}));
  EXPECT_EQ(protocol.wait(0ns), 0ns);
  EXPECT_EQ(sent().size(), 4U);
}

TEST_F(Ch347, AnswersThatDoNotFit) {
  begin();
  EXPECT_EQ(error_of(Buffer{0xc3, 1, 0, 9}),
            "the CH347 sent 1 bytes for command 0xc3 unasked (unplug it and plug it in again)");
  protocol.clear();
  Buffer in(2);
  protocol.cycle(Buffer{0x05}, in);
  EXPECT_EQ(error_of(Buffer{0xc3, 1, 0, 9}),
            "the CH347 sent 1 bytes for command 0xc3 unasked (unplug it and plug it in again)");
  protocol.clear();
  protocol.cycle(Buffer{0x05}, in);
  protocol.receive(Buffer{0xc4, 1, 0, 0});
  EXPECT_EQ(error_of(Buffer{0xc3, 3, 0, 9, 9, 9}),
            "the CH347 sent 3 bytes for command 0xc3 unasked (unplug it and plug it in again)");
}

}  // namespace
}  // namespace romwright::flash
