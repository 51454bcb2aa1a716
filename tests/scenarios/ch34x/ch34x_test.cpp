// SPDX-License-Identifier: GPL-2.0-or-later
// The program above emulated CH341A and CH347 bridges, which stand in for libusb.
#include <chrono>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"

namespace romwright {
namespace {

using testing::HasSubstr;
using testing::Not;

Buffer noise(std::uint32_t seed) {
  std::mt19937 random(seed);
  Buffer bytes(256U << 10);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class Ch34x : public ::testing::Test {
 protected:
  /// A device with a chip of its own, whose content is the file NAME.
  [[nodiscard]] std::string device(const std::string& kind, const std::string& name,
                                   const std::string& more = {}) const {
    return kind + ":chip=W25X20,image=" + place_.path(name) + (more.empty() ? "" : "," + more);
  }
  [[nodiscard]] test::Result romwright(const std::string& devices,
                                       const std::vector<std::string>& arguments) const {
    std::vector<std::string> environment = place_.environment();
    environment.push_back("LD_LIBRARY_PATH=" ROMWRIGHT_EMULATION);
    environment.push_back("ROMWRIGHT_EMULATED_USB=" + devices);
    environment.push_back("ROMWRIGHT_EMULATED_HASTE=100");
    return test::run(test::Workplace::command(arguments), environment);
  }
  /// What opening fails with.
  [[nodiscard]] std::string refusal(const std::string& devices,
                                    const std::string& programmer) const {
    const test::Result result = romwright(devices, {"probe", "-p", programmer});
    EXPECT_NE(result.status, 0);
    return result.err;
  }
  void reads_and_writes(const std::string& kind, const std::string& programmer) {
    const Buffer before = noise(1);
    Buffer after = before;
    for (std::size_t i = 0x12345; i < 0x17654; ++i) after[i] = static_cast<std::uint8_t>(i);
    place_.write("chip", before);
    place_.write("new", after);
    const std::string devices = device(kind, "chip");
    const test::Result read = romwright(devices, {"read", "-p", programmer, place_.path("dump")});
    EXPECT_EQ(read.status, 0) << read.err;
    EXPECT_EQ(place_.read("dump"), before);
    const test::Result write = romwright(devices, {"write", "-p", programmer, place_.path("new")});
    EXPECT_EQ(write.status, 0) << write.err;
    EXPECT_THAT(write.out, HasSubstr("VERIFIED"));
    EXPECT_EQ(place_.read("chip"), after);
  }

  test::Workplace place_;
};

TEST_F(Ch34x, Ch341aReadsAndWrites) { reads_and_writes("ch341a", "ch341a_spi:voltage=3.3"); }

TEST_F(Ch34x, Ch347ReadsAndWrites) { reads_and_writes("ch347", "ch347_spi:spispeed=30M"); }

TEST_F(Ch34x, ItsVoltageIsWarnedOfUntilItIsDeclared) {
  place_.write("chip", noise(2));
  const std::string devices = device("ch341a", "chip");
  const test::Result silent = romwright(devices, {"probe", "-p", "ch341a_spi:voltage=3.3"});
  EXPECT_EQ(silent.status, 0) << silent.err;
  EXPECT_THAT(silent.out, HasSubstr("W25X20"));
  EXPECT_THAT(silent.err, Not(HasSubstr("5 V")));
  const test::Result warned = romwright(devices, {"probe", "-p", "ch341a_spi"});
  EXPECT_EQ(warned.status, 0);
  EXPECT_THAT(warned.err, HasSubstr("many CH341A boards put 5 V on the pins of a 3.3 V chip"));
}

TEST_F(Ch34x, OneOfSeveralIsChosen) {
  place_.write("one", noise(3));
  place_.write("two", noise(4));
  const std::string devices =
      device("ch347", "one", "serial=A1") + ";" + device("ch347", "two", "serial=B2");
  EXPECT_THAT(refusal(devices, "ch347_spi"),
              HasSubstr("2 devices CH347T (1a86:55db, 1a86:55de) are plugged in: bus=001:002 "
                        "serial=A1, bus=001:003 serial=B2 (choose one by serial= or bus=)"));
  EXPECT_THAT(refusal(devices, "ch347_spi:serial=C3"),
              HasSubstr("no CH347T (1a86:55db, 1a86:55de) is as asked for (there is bus=001:002 "
                        "serial=A1, bus=001:003 serial=B2)"));
  EXPECT_THAT(refusal(devices, "ch347_spi:bus=x"), HasSubstr("bus=x is no place on USB"));
  for (const char* const choice : {"serial=B2", "bus=1:3"}) {
    SCOPED_TRACE(choice);
    const test::Result read =
        romwright(devices, {"read", "-p", std::string("ch347_spi:") + choice, place_.path("dump")});
    EXPECT_EQ(read.status, 0) << read.err;
    EXPECT_EQ(place_.read("dump"), place_.read("two"));
    std::filesystem::remove(place_.path("dump"));
  }
}

TEST_F(Ch34x, SaysWhyItCannotBeOpened) {
  EXPECT_THAT(refusal("", "ch341a_spi"), HasSubstr("no CH341A (1a86:5512) is plugged in"));
  EXPECT_THAT(refusal(device("ch341a", "chip", "busy=yes"), "ch341a_spi"),
              HasSubstr("CH341A on 001:002: in use by another program"));
  EXPECT_THAT(refusal(device("ch341a", "chip", "permission=denied"), "ch341a_spi"),
              HasSubstr("CH341A on 001:002: no permission to open it (install romwright's udev "
                        "rule and plug it in again, or run as root)"));
}

TEST_F(Ch34x, ADeviceThatStopsAnsweringIsAnError) {
  place_.write("chip", noise(5));
  const auto from = std::chrono::steady_clock::now();
  const test::Result read = romwright(device("ch341a", "chip", "hang_after=20000"),
                                      {"read", "-p", "ch341a_spi", place_.path("dump")});
  EXPECT_NE(read.status, 0);
  EXPECT_THAT(read.err, HasSubstr("CH341A on 001:002: it does not answer"));
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(10));
}

}  // namespace
}  // namespace romwright
