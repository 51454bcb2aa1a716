// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/programmers/table.h"

namespace romwright::flash {
namespace {

std::string refusal(const std::string& parameters) {
  try {
    const ProgrammerChoice choice = parse_programmer("serprog" + parameters, programmers());
    choice.entry->open(choice.parameters);
  } catch (const Error& error) {
    return error.line();
  }
  return "none";
}

TEST(Serprog, RefusesWhatDoesNotParse) {
  EXPECT_EQ(refusal(""), "no device given (serprog:dev=/dev/ttyACM0 or serprog:ip=HOST:PORT)");
  EXPECT_EQ(refusal(":dev=/dev/null,ip=a:1"), "dev= and ip= are given (one of them)");
  EXPECT_EQ(refusal(":ip=localhost"), "ip=localhost is not possible (ip=HOST:PORT)");
  EXPECT_EQ(refusal(":ip=:80"), "ip=:80 is not possible (ip=HOST:PORT)");
  const std::string ports = " is not possible (dev=/dev/ttyACM0 or dev=/dev/ttyUSB0:115200)";
  EXPECT_EQ(refusal(":dev=/dev/null:fast"), "dev=/dev/null:fast" + ports);
  EXPECT_EQ(refusal(":dev=/dev/null:0"), "dev=/dev/null:0" + ports);
  EXPECT_EQ(refusal(":dev=:9600"), "dev=:9600" + ports);
  EXPECT_EQ(refusal(":dev=/dev/null,spispeed=x"),
            "spispeed=x is no SPI clock (such as 16M or 500k)");
  EXPECT_EQ(refusal(":dev=/dev/null,cs=256"), "cs=256 does not parse (a number from 0 to 255)");
}

TEST(Serprog, SaysThatAFileIsNoPort) {
  EXPECT_EQ(refusal(":dev=/dev/null"), "/dev/null: this is no serial port");
  EXPECT_EQ(refusal(":dev=/dev/null:115200"), "/dev/null: this is no serial port");
}

}  // namespace
}  // namespace romwright::flash
