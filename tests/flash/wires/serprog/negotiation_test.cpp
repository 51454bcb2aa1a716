// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/negotiation.h"

#include <map>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/wires/serprog/scripted_link.h"

namespace romwright::flash::test {
namespace {

using namespace std::chrono_literals;

/// A device as a table of commands: how many bytes each has, and what it answers. It is silent
/// to everything else, and counts that.
struct TableDevice {
  struct Row {
    std::size_t size = 1;
    Buffer answer;
    std::chrono::nanoseconds takes{0};
  };

  explicit TableDevice(std::map<std::uint8_t, Row> more) : rows(std::move(more)) {
    rows[0x00] = {1, {6}};
    rows[0x01] = rows.contains(0x01) ? rows[0x01] : Row{1, {6, 1, 0}};
    rows[0x10] = {1, {0x15, 6}};
    rows[0x02] = {1, Buffer(33, 0)};
    for (const auto& [opcode, row] : rows)
      rows[0x02].answer[1 + opcode / 8U] =
          static_cast<std::uint8_t>(rows[0x02].answer[1 + opcode / 8U] | 1U << opcode % 8U);
    rows[0x02].answer[0] = 6;
  }
  void take(ConstBytes bytes, Buffer& answers) {
    for (const std::uint8_t byte : bytes) {
      pending.push_back(byte);
      const auto row = rows.find(pending[0]);
      if (row == rows.end()) {
        ++unknown;
        pending.clear();
      } else if (pending.size() == row->second.size) {
        clock.advance(row->second.takes);
        answers.insert(answers.end(), row->second.answer.begin(), row->second.answer.end());
        said.push_back(pending);
        pending.clear();
      }
    }
  }
  SerprogDevice negotiate(std::optional<std::uint8_t> chip_select = std::nullopt) {
    return flash::negotiate(conversation, chip_select);
  }

  std::map<std::uint8_t, Row> rows;
  Buffer pending;
  std::vector<Buffer> said;
  std::size_t unknown = 0;
  VirtualClock clock;
  ScriptedLink link{clock, [this](ConstBytes bytes, Buffer& answers) { take(bytes, answers); }};
  SerprogConversation conversation{link, clock};
};

const TableDevice::Row spi{8, {6}};

TEST(SerprogNegotiation, ADeviceWithTheLeastIsSentNothingElse) {
  TableDevice device({{0x13, spi}});
  const SerprogDevice found = device.negotiate();
  EXPECT_EQ(device.unknown, 0U);
  EXPECT_EQ(found.name, "");
  EXPECT_EQ(found.window, 16U);
  EXPECT_EQ(found.longest_write, 0xffffffU);
  EXPECT_EQ(found.longest_read, 0xffffffU);
  EXPECT_FALSE(found.delays);
  EXPECT_EQ(device.said, (std::vector<Buffer>{{0x10}, {0x10}, {0x01}, {0x02}}));
  EXPECT_FALSE(device.link.flow_control);
}

TEST(SerprogNegotiation, ADeviceWithEverything) {
  TableDevice device({{0x03, {1, {6, 'p', 'i', 'c', 'o', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}},
                      {0x04, {1, {6, 0xff, 0xff}}},
                      {0x05, {1, {6, 0x09}}},
                      {0x07, {1, {6, 0x2c, 1}}},
                      {0x08, {1, {6, 0x04, 1, 0}}},
                      {0x11, {1, {6, 0, 0, 0}}},
                      {0x12, {2, {6}}},
                      {0x15, {2, {6}}},
                      {0x16, {2, {6}}},
                      {0x0b, {1, {6}}},
                      {0x0e, {5, {6}}},
                      {0x0f, {1, {6}, 2ms}},
                      {0x13, spi}});
  const SerprogDevice found = device.negotiate(2);
  EXPECT_EQ(found.name, "pico");
  EXPECT_FALSE(found.window.has_value());
  EXPECT_TRUE(device.link.flow_control);
  EXPECT_EQ(found.longest_write, 0x104U);
  EXPECT_EQ(found.longest_read, 0xffffffU);
  EXPECT_TRUE(found.delays);
  EXPECT_EQ(device.said, (std::vector<Buffer>{{0x10},
                                              {0x10},
                                              {0x01},
                                              {0x02},
                                              {0x05},
                                              {0x03},
                                              {0x04},
                                              {0x08},
                                              {0x11},
                                              {0x12, 0x08},
                                              {0x16, 2},
                                              {0x15, 1},
                                              {0x07},
                                              {0x0b},
                                              {0x0e, 0xd0, 0x07, 0, 0},
                                              {0x0f}}));
}

TEST(SerprogNegotiation, QueriesThatAreRefusedAreAsIfMissing) {
  const TableDevice::Row refused{1, {0x15}};
  TableDevice device(
      {{0x03, refused}, {0x04, refused}, {0x05, refused}, {0x08, refused}, {0x13, spi}});
  const SerprogDevice found = device.negotiate();
  EXPECT_EQ(found.name, "");
  EXPECT_EQ(found.window, 16U);
  EXPECT_EQ(found.longest_write, 0xffffffU);
}

TEST(SerprogNegotiation, DelaysThatTakeNoTimeOrAreNotAnsweredAreNotUsed) {
  TableDevice idle({{0x0b, {1, {6}}}, {0x0e, {5, {6}}}, {0x0f, {1, {6}}}, {0x13, spi}});
  EXPECT_FALSE(idle.negotiate().delays);
  TableDevice mute({{0x0b, {1, {6}}}, {0x0e, {5, {6}}}, {0x0f, {1, {}, 2ms}}, {0x13, spi}});
  EXPECT_FALSE(mute.negotiate().delays);
  EXPECT_FALSE(mute.conversation.lost());
  TableDevice small(
      {{0x07, {1, {6, 4, 0}}}, {0x0b, {1, {6}}}, {0x0e, {5, {6}}}, {0x0f, {1, {6}}}, {0x13, spi}});
  EXPECT_FALSE(small.negotiate().delays);
}

TEST(SerprogNegotiation, WhatCannotBeUsedIsSaidSo) {
  EXPECT_EQ(line_of<NoDeviceError>([] {
              TableDevice({{0x05, {1, {6, 0x07}}}}).negotiate();
            }),
            "link: the serprog device has no SPI bus (it has parallel, LPC, FWH)");
  EXPECT_EQ(line_of<NoDeviceError>([] { TableDevice({}).negotiate(); }),
            "link: the serprog device has no SPI bus");
  EXPECT_EQ(line_of<NoDeviceError>([] {
              TableDevice({{0x01, {1, {6, 2, 0}}}}).negotiate();
            }),
            "link: the device speaks version 2 of serprog, not 1");
  EXPECT_EQ(line_of<NoDeviceError>([] {
              TableDevice({{0x13, spi}}).negotiate(1);
            }),
            "link: the serprog device has one chip-select line only (leave cs= out)");
  EXPECT_EQ(line_of<NoDeviceError>([] {
              TableDevice({{0x13, spi}, {0x16, {2, {0x15}}}}).negotiate(9);
            }),
            "link: the serprog device has no chip-select line 9");
  EXPECT_EQ(line_of<DeviceError>([] {
              TableDevice({{0x13, spi}, {0x12, {2, {0x15}}}}).negotiate();
            }),
            "link: the serprog device refuses S_BUSTYPE 8");
  // An early pico-serprog has the command, and never answers it.
  EXPECT_EQ(line_of<TimeoutError>([] {
              TableDevice({{0x13, spi}, {0x16, {2, {}}}}).negotiate(0);
            }),
            "link: the serprog device does not answer S_SPI_CS");
}

}  // namespace
}  // namespace romwright::flash::test
