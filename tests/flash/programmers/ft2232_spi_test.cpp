// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/programmers/table.h"
#include "flash/wires/mpsse/ftdi_boards.h"

namespace romwright::flash {
namespace {

/// What is refused before any device is looked for.
std::string refusal(const std::string& parameters) {
  try {
    const ProgrammerChoice choice = parse_programmer("ft2232_spi:" + parameters, programmers());
    choice.entry->open(choice.parameters);
  } catch (const UsageError& error) {
    return error.line();
  }
  return "none";
}

TEST(Ft2232Spi, RefusesBoardsThatItDoesNotKnow) {
  EXPECT_EQ(refusal("type=2232X"), "type=2232X is not possible (did you mean '2232h'?)");
}

TEST(Ft2232Spi, RefusesChannelsThatAreNotThere) {
  EXPECT_EQ(refusal("port=C"), "port=C is not possible (FTDI FT2232H has the channels A to B)");
  EXPECT_EQ(refusal("type=232H,port=B"),
            "port=B is not possible (FTDI FT232H has the channel A only)");
  EXPECT_EQ(refusal("type=4232H,port=d"),
            "port=d is not possible (this channel of FTDI FT4232H has no MPSSE: choose A or B)");
  EXPECT_EQ(refusal("type=4232H,port=E"),
            "port=E is not possible (FTDI FT4232H has the channels A to D)");
  EXPECT_EQ(refusal("port=AB"), "port=AB is not possible (FTDI FT2232H has the channels A to B)");
}

TEST(Ft2232Spi, RefusesClocksThatThereAreNot) {
  const std::string even = " is not possible (an even number from 2 to 131072)";
  EXPECT_EQ(refusal("divisor=3"), "divisor=3" + even);
  EXPECT_EQ(refusal("divisor=0"), "divisor=0" + even);
  EXPECT_EQ(refusal("divisor=131074"), "divisor=131074 does not parse (a number from 0 to 131072)");
  EXPECT_EQ(refusal("spispeed=fast"), "spispeed=fast is no SPI clock (such as 16M or 500k)");
  EXPECT_EQ(refusal("divisor=2,spispeed=10M"),
            "spispeed=10M is not possible (the clock is set by divisor= or by spispeed=, not by "
            "both)");
}

TEST(Ft2232Spi, RefusesPinsThatAreTaken) {
  EXPECT_EQ(refusal("csgpiol=4"), "csgpiol=4 does not parse (a number from 0 to 3)");
  EXPECT_EQ(refusal("gpiol1=X"),
            "gpiol1=X is not possible (H: high, L: low, C: another chip select)");
  EXPECT_EQ(refusal("csgpiol=1,gpiol1=H"),
            "gpiol1=H is not possible (GPIOL1 of FTDI FT2232H is in use already)");
  EXPECT_EQ(refusal("type=jtagkey,gpiol0=L"),
            "gpiol0=L is not possible (GPIOL0 of Amontec JTAGkey is in use already)");
  EXPECT_EQ(refusal("voltage=12"), "voltage=12 is no chip's voltage (1.8 or 3.3)");
}

TEST(Ft2232Spi, NamesEveryBoardForTheUdevRules) {
  const ProgrammerEntry* const entry = find_entry(programmers(), "ft2232_spi");
  ASSERT_NE(entry, nullptr);
  ASSERT_EQ(entry->usb_devices.size(), ftdi_boards().size());
  EXPECT_EQ(entry->usb_devices[0].vendor, 0x0403);
  EXPECT_EQ(entry->usb_devices[0].product, 0x6010);
}

}  // namespace
}  // namespace romwright::flash
