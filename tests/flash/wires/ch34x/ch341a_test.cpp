// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/ch34x/ch341a.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using namespace std::chrono_literals;

/// `bytes`, then zeros up to a whole packet.
Buffer padded(Buffer bytes) {
  bytes.resize(32);
  return bytes;
}

Buffer operator+(Buffer a, const Buffer& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Buffer select_packet = padded({0xab, 0xb7, 0xb7, 0xb6, 0x20});

class Ch341a : public ::testing::Test {
 protected:
  std::vector<Buffer> sent() {
    std::vector<Buffer> all;
    for (const ConstBytes part : protocol.transfers().parts())
      all.emplace_back(part.begin(), part.end());
    return all;
  }
  std::string error_of(const Buffer& packet) {
    try {
      protocol.receive(packet);
    } catch (const DeviceError& error) {
      return error.line();
    }
    return "none";
  }
  Ch341aProtocol protocol;
};

TEST_F(Ch341a, StartsAndReleases) {
  protocol.start();
  EXPECT_EQ(sent(), (std::vector<Buffer>{{0xaa, 0x61, 0x00}, {0xab, 0xb7, 0x7f, 0x20}}));
  protocol.clear();
  protocol.release();
  EXPECT_EQ(sent(), (std::vector<Buffer>{{0xab, 0xb7, 0x40, 0x20}}));
  EXPECT_EQ(protocol.expected(), 0U);
}

TEST_F(Ch341a, AShortCommandIsOneTransferWithReversedBits) {
  Buffer id(3);
  protocol.cycle(Buffer{0x9f}, id);
  protocol.finish();
  EXPECT_EQ(sent(), (std::vector<Buffer>{select_packet + Buffer{0xa8, 0xf9, 0xff, 0xff, 0xff},
                                         {0xab, 0xb7, 0x20}}));
  EXPECT_EQ(protocol.expected(), 1U);
  protocol.receive(Buffer{0x00, 0xf7, 0x02, 0x18});
  EXPECT_EQ(id, (Buffer{0xef, 0x40, 0x18}));
  EXPECT_EQ(protocol.expected(), 0U);
}

TEST_F(Ch341a, LongCommandsFillPackets) {
  Buffer in(70);
  protocol.cycle(Buffer{0x03, 0x01, 0x80, 0xff}, in);
  const Buffer filler(31, 0xff);
  const Buffer first = Buffer{0xa8, 0xc0, 0x80, 0x01, 0xff} + Buffer(27, 0xff);
  EXPECT_EQ(sent(), (std::vector<Buffer>{select_packet + first + Buffer{0xa8} + filler +
                                         Buffer{0xa8} + Buffer(12, 0xff)}));
  EXPECT_EQ(protocol.expected(), 3U);
  protocol.receive(Buffer(4, 0) + Buffer(27, 0x80));
  protocol.receive(Buffer(31, 0x40));
  protocol.receive(Buffer(12, 0x20));
  EXPECT_EQ(in, Buffer(27, 0x01) + Buffer(31, 0x02) + Buffer(12, 0x04));
}

TEST_F(Ch341a, DataOutCrossesPackets) {
  Buffer out(40, 0x01);
  Buffer in(2);
  protocol.cycle(out, in);
  EXPECT_EQ(sent().at(0), (select_packet + Buffer{0xa8} + Buffer(31, 0x80) + Buffer{0xa8} +
                           Buffer(9, 0x80) + Buffer{0xff, 0xff}));
  protocol.receive(Buffer(31, 0x55));
  protocol.receive(Buffer(9, 0x55) + Buffer{0x80, 0x40});
  EXPECT_EQ(in, (Buffer{1, 2}));
}

TEST_F(Ch341a, AFullPacketDoesNotEndItsTransfer) {
  protocol.cycle(Buffer(31, 0x00), {});
  protocol.cycle(Buffer{0x04}, {});
  EXPECT_EQ(sent(), (std::vector<Buffer>{select_packet + Buffer{0xa8} + Buffer(31, 0) +
                                         select_packet + Buffer{0xa8, 0x20}}));
}

TEST_F(Ch341a, WaitsAreMicrosecondsOfAPinStream) {
  EXPECT_EQ(protocol.wait(100us), 100us);
  protocol.cycle(Buffer{0x04}, {});
  EXPECT_EQ(sent(), (std::vector<Buffer>{padded({0xab, 0xb7, 0xff, 0xc0 | 37, 0x20}) +
                                         select_packet + Buffer{0xa8, 0x20}}));
  protocol.clear();
  EXPECT_EQ(protocol.wait(1ns), 1us);
  EXPECT_EQ(sent(), (std::vector<Buffer>{padded({0xab, 0xb7, 0xc1, 0x20})}));
  protocol.clear();
  EXPECT_EQ(protocol.wait(0ns), 0us);
  EXPECT_TRUE(sent().empty());
  // 29 steps of 63 us are a whole packet.
  EXPECT_EQ(protocol.wait(1828us), 1828us);
  EXPECT_EQ(sent(), (std::vector<Buffer>{Buffer{0xab, 0xb7} + Buffer(29, 0xff) + Buffer{0x20} +
                                         padded({0xab, 0xb7, 0xc1, 0x20})}));
}

TEST_F(Ch341a, TransfersStaySmall) {
  Buffer in(31 * 300);
  protocol.cycle(Buffer(31), in);
  const std::vector<Buffer> all = sent();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].size(), 4096U);
  EXPECT_EQ(all[1].size(), 4096U);
  EXPECT_EQ(all[2].size(), (302U - 256U) * 32);
  EXPECT_EQ(protocol.expected(), 301U);
}

TEST_F(Ch341a, AnswersThatDoNotFit) {
  EXPECT_EQ(error_of(Buffer(3)), "the CH341A sent 3 bytes unasked");
  protocol.cycle(Buffer{0x06}, {});
  EXPECT_EQ(error_of(Buffer(2)),
            "the CH341A answered 1 bytes with 2 (unplug it and plug it in again)");
  protocol.clear();
  EXPECT_EQ(protocol.expected(), 0U);
}

}  // namespace
}  // namespace romwright::flash
