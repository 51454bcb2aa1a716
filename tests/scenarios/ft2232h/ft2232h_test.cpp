// SPDX-License-Identifier: GPL-2.0-or-later
// The program with the real libftdi1 above an emulated FTDI device, which stands in for libusb.
#include <chrono>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"

namespace romwright {
namespace {

using testing::HasSubstr;

constexpr std::size_t chip_size = 512U << 10;

Buffer noise(std::uint32_t seed, std::size_t size = chip_size) {
  std::mt19937 random(seed);
  Buffer bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class Ft2232h : public ::testing::Test {
 protected:
  /// A device with a chip of its own, whose content is the file NAME.
  [[nodiscard]] std::string device(const std::string& name, const std::string& more = {}) const {
    return "ftdi:chip=W25Q40.V,image=" + place_.path(name) + (more.empty() ? "" : "," + more);
  }
  [[nodiscard]] std::vector<std::string> environment(const std::string& devices, int haste) const {
    std::vector<std::string> all = place_.environment();
    all.push_back("LD_LIBRARY_PATH=" ROMWRIGHT_EMULATION);
    all.push_back("ROMWRIGHT_EMULATED_USB=" + devices);
    all.push_back("ROMWRIGHT_EMULATED_HASTE=" + std::to_string(haste));
    return all;
  }
  /// In real time, unless the devices may hurry: a stream counts on its own clock.
  [[nodiscard]] test::Result romwright(const std::string& devices,
                                       const std::vector<std::string>& arguments,
                                       int haste = 1) const {
    return test::run(test::Workplace::command(arguments), environment(devices, haste));
  }
  /// What opening fails with.
  [[nodiscard]] std::string refusal(const std::string& devices,
                                    const std::string& parameters) const {
    const test::Result result = romwright(devices, {"probe", "-p", "ft2232_spi:" + parameters});
    EXPECT_NE(result.status, 0);
    return result.err;
  }

  test::Workplace place_;
};

TEST_F(Ft2232h, ReadsAndWrites) {
  const Buffer before = noise(1);
  Buffer after = before;
  for (std::size_t i = 0x12345; i < 0x1a678; ++i) after[i] = static_cast<std::uint8_t>(i);
  place_.write("chip", before);
  place_.write("new", after);
  const std::string devices = device("chip");
  const test::Result probe = romwright(devices, {"probe", "-p", "ft2232_spi"});
  EXPECT_EQ(probe.status, 0) << probe.err;
  EXPECT_THAT(probe.out, HasSubstr("W25Q40.V (id ef4013, 512 KiB)"));
  const test::Result read = romwright(devices, {"read", "-p", "ft2232_spi", place_.path("dump")});
  EXPECT_EQ(read.status, 0) << read.err;
  EXPECT_EQ(place_.read("dump"), before);
  const test::Result write = romwright(devices, {"write", "-p", "ft2232_spi", place_.path("new")});
  EXPECT_EQ(write.status, 0) << write.err;
  EXPECT_THAT(write.out, HasSubstr("VERIFIED"));
  EXPECT_EQ(place_.read("chip"), after);
}

TEST_F(Ft2232h, TheSmallerFifosOfTheOtherChipsDo) {
  Buffer content = noise(2);
  place_.write("chip", content);
  for (const std::string type : {"4232H", "232H"}) {
    SCOPED_TRACE(type);
    const Buffer block = noise(type == "232H" ? 3 : 4, 0x4000);
    std::ranges::copy(block, content.begin() + 0x10000);
    place_.write("new", content);
    const test::Result write = romwright(
        device("chip", "type=" + type),
        {"write", "--verify", "written", "-p", "ft2232_spi:type=" + type, place_.path("new")});
    EXPECT_EQ(write.status, 0) << write.err;
    EXPECT_EQ(place_.read("chip"), content);
  }
}

TEST_F(Ft2232h, TheOldFullSpeedChipWaitsOnTheHost) {
  Buffer content = noise(5);
  place_.write("chip", content);
  std::fill(content.begin() + 0x8000, content.begin() + 0x9000, std::uint8_t{0x5a});
  place_.write("new", content);
  const test::Result write =
      romwright(device("chip", "type=2232D"), {"write", "-p", "ft2232_spi", place_.path("new")});
  EXPECT_EQ(write.status, 0) << write.err;
  EXPECT_EQ(place_.read("chip"), content);
}

TEST_F(Ft2232h, OneOfSeveralIsChosen) {
  place_.write("one", noise(6));
  place_.write("two", noise(7));
  const std::string devices =
      device("one", "serial=FT1") + ";" + device("two", "serial=FT2,name=My board");
  EXPECT_THAT(
      refusal(devices, ""),
      HasSubstr("2 devices FTDI FT2232H (0403:6010) are plugged in: bus=001:002 serial=FT1, "
                "bus=001:003 serial=FT2 (choose one by serial= or bus=)"));
  EXPECT_THAT(refusal(devices, "serial=FT3"),
              HasSubstr("no FTDI FT2232H (0403:6010) is as asked for (there is bus=001:002 "
                        "serial=FT1, bus=001:003 serial=FT2)"));
  EXPECT_THAT(refusal(devices, "bus=one"), HasSubstr("bus=one is no place on USB"));
  for (const char* const choice :
       {"serial=FT2", "bus=1:3", "bus=001/003", "description=My board"}) {
    SCOPED_TRACE(choice);
    const test::Result read = romwright(
        devices, {"read", "-p", std::string("ft2232_spi:") + choice, place_.path("dump")});
    EXPECT_EQ(read.status, 0) << read.err;
    EXPECT_EQ(place_.read("dump"), place_.read("two"));
    std::filesystem::remove(place_.path("dump"));
  }
}

TEST_F(Ft2232h, SaysWhyItCannotBeOpened) {
  EXPECT_THAT(refusal("", ""), HasSubstr("no FTDI FT2232H (0403:6010) is plugged in"));
  EXPECT_THAT(refusal(device("chip", "busy=yes"), ""),
              HasSubstr("FTDI FT2232H on 001:002: in use by another program"));
  EXPECT_THAT(refusal(device("chip", "permission=denied"), ""),
              HasSubstr("FTDI FT2232H on 001:002: no permission to open it (install "
                        "romwright's udev rule"));
  EXPECT_THAT(refusal(device("chip", "type=4232H"), "type=4232H,port=C"),
              HasSubstr("port=C is not possible (this channel of FTDI FT4232H has no MPSSE: choose "
                        "A or B)"));
}

TEST_F(Ft2232h, ADeviceThatStopsAnsweringIsAnError) {
  place_.write("chip", noise(8));
  const auto from = std::chrono::steady_clock::now();
  const test::Result read = romwright(device("chip", "hang_after=300"),
                                      {"read", "-p", "ft2232_spi", place_.path("dump")});
  EXPECT_NE(read.status, 0);
  EXPECT_THAT(read.err, HasSubstr("the FTDI device stands still"));
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(20));
}

TEST_F(Ft2232h, FlashromFindsTheSameDevice) {
  const auto flashrom = test::find_program("flashrom");
  if (!flashrom) GTEST_SKIP() << "flashrom is not installed";
  if (ROMWRIGHT_SANITIZED) GTEST_SKIP() << "flashrom cannot load a library with sanitizers";
  const Buffer before = noise(9);
  Buffer after = before;
  std::fill(after.begin() + 0x1000, after.begin() + 0x3000, std::uint8_t{0xa5});
  place_.write("chip", before);
  place_.write("new", after);
  const std::vector<std::string> base{*flashrom, "-p", "ft2232_spi:type=2232H", "-c", "W25Q40.V"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = base;
    all.insert(all.end(), more.begin(), more.end());
    return test::run(all, environment(device("chip"), 100));
  };
  const test::Result read = with({"-r", place_.path("dump")});
  EXPECT_EQ(read.status, 0) << read.out << read.err;
  EXPECT_EQ(place_.read("dump"), before);
  const test::Result write = with({"-w", place_.path("new")});
  EXPECT_EQ(write.status, 0) << write.out << write.err;
  EXPECT_EQ(place_.read("chip"), after);
}

}  // namespace
}  // namespace romwright
