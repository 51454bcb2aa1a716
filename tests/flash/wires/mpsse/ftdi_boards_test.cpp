// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mpsse/ftdi_boards.h"

#include <set>

#include <gtest/gtest.h>

namespace romwright::flash {
namespace {

TEST(FtdiBoards, AreFoundInEitherCase) {
  EXPECT_EQ(ftdi_boards().front().type, "2232h");
  ASSERT_NE(find_ftdi_board("2232H"), nullptr);
  EXPECT_EQ(find_ftdi_board("2232H"), &ftdi_boards().front());
  EXPECT_EQ(find_ftdi_board("KT-Link")->product, 0xbbe2);
  EXPECT_EQ(find_ftdi_board("2232"), nullptr);
  EXPECT_EQ(find_ftdi_board(""), nullptr);
}

TEST(FtdiBoards, ArePossible) {
  std::set<std::string_view> types;
  for (const FtdiBoard& board : ftdi_boards()) {
    EXPECT_TRUE(types.insert(board.type).second) << board.type;
    EXPECT_TRUE(board.channels == 1 || board.channels == 2 || board.channels == 4) << board.type;
    // Clock, data out and chip select are driven, data in is not.
    EXPECT_EQ(board.direction & 0x0f, 0x0b) << board.type;
    EXPECT_EQ(board.select & 0x0f, 0x08) << board.type;
    EXPECT_EQ((board.select | board.high) & ~board.direction, 0) << board.type;
    EXPECT_EQ(board.select & board.high, 0) << board.type;
    EXPECT_TRUE(board.divisor >= 2 && board.divisor % 2 == 0) << board.type;
  }
}

TEST(FtdiBoards, PinsThatAreSpecial) {
  const MpssePins plain{.selected = 0x00, .idle = 0x08, .direction = 0x0b};
  EXPECT_EQ(find_ftdi_board("232h")->pins(), plain);
  // The buffer opens with the chip select.
  EXPECT_EQ(find_ftdi_board("jtagkey")->pins(), (MpssePins{0x00, 0x18, 0x1b}));
  EXPECT_EQ(find_ftdi_board("arm-usb-ocd")->pins(), (MpssePins{0x00, 0x08, 0x1b}));
  EXPECT_EQ(find_ftdi_board("flyswatter")->pins(), (MpssePins{0x00, 0x08, 0xcb}));
  EXPECT_EQ(find_ftdi_board("kt-link")->pins(), (MpssePins{0x20, 0x28, 0x2b}));
  EXPECT_EQ(find_ftdi_board("kt-link")->high_pins->direction, 0x70);
  EXPECT_EQ(find_ftdi_board("google-servo-v2")->divisor, 6U);
}

TEST(FtdiBoards, SparePinsGetAUse) {
  const auto pins = [](const std::map<std::string, std::string>& values) {
    return with_gpiols(ftdi_boards().front(), Parameters(values)).pins();
  };
  EXPECT_EQ(pins({}), (MpssePins{0x00, 0x08, 0x0b}));
  EXPECT_EQ(pins({{"csgpiol", "0"}}), (MpssePins{0x00, 0x18, 0x1b}));
  EXPECT_EQ(pins({{"gpiol1", "H"}}), (MpssePins{0x20, 0x28, 0x2b}));
  EXPECT_EQ(pins({{"gpiol2", "l"}}), (MpssePins{0x00, 0x08, 0x4b}));
  EXPECT_EQ(pins({{"gpiol3", "C"}, {"gpiol0", "h"}}), (MpssePins{0x10, 0x98, 0x9b}));
}

}  // namespace
}  // namespace romwright::flash
