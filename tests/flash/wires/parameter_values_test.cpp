// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/parameter_values.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using Values = std::map<std::string, std::string>;

const Parameters none{Values{}};

Parameters given(std::string key, std::string value) {
  return Parameters(Values{{std::move(key), std::move(value)}});
}

std::optional<std::uint32_t> clock_of(const std::string& text) {
  return clock_parameter(given("spispeed", text), "spispeed", 1000);
}

template <typename F>
std::string error_of(F body) {
  try {
    body();
  } catch (const UsageError& error) {
    return error.line();
  }
  return "none";
}

TEST(ParameterValues, Clocks) {
  EXPECT_EQ(clock_of("2000"), 2'000'000U);
  EXPECT_EQ(clock_of("16M"), 16'000'000U);
  EXPECT_EQ(clock_of("7.5MHz"), 7'500'000U);
  EXPECT_EQ(clock_of("512k"), 512'000U);
  EXPECT_EQ(clock_of("512kHz"), 512'000U);
  EXPECT_EQ(clock_of("400Hz"), 400U);
  EXPECT_EQ(clock_parameter(none, "spispeed", 1000), std::nullopt);
  for (const char* text :
       {"", "0", "-1", "x", "16G", "16 M", "M", "0.0001Hz", "1001M", "inf", "nan", "1e30"})
    EXPECT_EQ(error_of([&] { clock_of(text); }),
              std::string("spispeed=") + text + " is no SPI clock (such as 16M or 500k)");
}

TEST(ParameterValues, Voltages) {
  EXPECT_EQ(voltage_parameter(given("voltage", "1.8")), 1800);
  EXPECT_EQ(voltage_parameter(given("voltage", "3.3V")), 3300);
  EXPECT_EQ(voltage_parameter(none), std::nullopt);
  for (const char* text : {"", "0.5", "5.1", "1,8", "3.3v", "1800"})
    EXPECT_EQ(error_of([&] { voltage_parameter(given("voltage", text)); }),
              std::string("voltage=") + text + " is no chip's voltage (1.8 or 3.3)");
}

TEST(ParameterValues, Numbers) {
  EXPECT_EQ(number_parameter(given("cs", "12"), "cs", 255), 12U);
  EXPECT_EQ(number_parameter(given("cs", "0xFf"), "cs", 255), 255U);
  EXPECT_EQ(number_parameter(none, "cs", 255), std::nullopt);
  for (const char* text : {"", "0x", "256", "-1", "1 ", "99999999999999999999"})
    EXPECT_EQ(error_of([&] { number_parameter(given("cs", text), "cs", 255); }),
              std::string("cs=") + text + " does not parse (a number from 0 to 255)");
}

TEST(ParameterValues, Flags) {
  EXPECT_TRUE(flag_parameter(given("allow_ram", "yes"), "allow_ram"));
  EXPECT_FALSE(flag_parameter(given("allow_ram", "no"), "allow_ram"));
  EXPECT_FALSE(flag_parameter(none, "allow_ram"));
  EXPECT_EQ(error_of([] { flag_parameter(given("allow_ram", "1"), "allow_ram"); }),
            "allow_ram=1 is not understood (yes or no)");
}

}  // namespace
}  // namespace romwright::flash
