// SPDX-License-Identifier: GPL-2.0-or-later
// A machine of the 6 series that writes itself, with regions and ranges closed: what the commands
// leave alone, propose and refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/host_descriptor.h"
#include "tests/support/sample_image.h"

namespace romwright {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::size_t size = 0x100000, gbe = 0x1000, me = 0x3000, bios = 0x40000;

class LockedRegions : public ::testing::Test {
 protected:
  /// The chip as it is: descriptor, GbE, ME, BIOS.
  void chip(bool me_readable, bool me_writable) {
    content = test::sample_content(size, 9);
    test::put_descriptor(content, DescriptorVersion::v1, {size},
                         {{0, {0, 0x1000}, true, false},
                          {1, {bios, size - bios}},
                          {2, {me, bios - me}, me_readable, me_writable},
                          {3, {gbe, 0x2000}}});
    place.write("chip", content);
  }
  [[nodiscard]] std::string machine(const std::string& more = "") const {
    return "sim_intel:chip=W25Q80BV,image=" + place.path("chip") + more;
  }
  /// Writes what the chip holds, but for those bytes.
  [[nodiscard]] test::Result write(const std::vector<std::size_t>& changed,
                                   const std::string& more = "",
                                   std::vector<std::string> options = {}) {
    image = content;
    for (const std::size_t at : changed) image[at] ^= 0xff;
    place.write("image", image);
    options.insert(options.begin(), {"write", place.path("image"), "-p", machine(more)});
    return place(options);
  }
  void expect_untouched() const {
    EXPECT_TRUE(place.read("chip") == content);
    EXPECT_FALSE(place.has("state/romwright/journals"));
  }

  test::Workplace place;
  Buffer content, image;
};

TEST_F(LockedRegions, TheBiosLockIsNoObstacleToTheGbe) {
  chip(true, true);
  for (const std::string lock : {"smm", "taken_back"}) {
    const auto gbe_only = write({gbe}, ",bios_lock=" + lock);
    EXPECT_EQ(gbe_only.status, 0) << gbe_only.err;
    EXPECT_THAT(gbe_only.out, HasSubstr("VERIFIED SIMULATED"));
    EXPECT_TRUE(place.read("chip") == image);
    content = image;
    const auto too_much = write({gbe, bios + 0x800}, ",bios_lock=" + lock);
    EXPECT_EQ(too_much.status, 6);
    EXPECT_THAT(too_much.err,
                AllOf(HasSubstr("0x40000+0x1000: protected by"), HasSubstr("BIOS_CNTL")));
    EXPECT_TRUE(place.read("chip") == content);
  }
}

TEST_F(LockedRegions, WhatIsLockedAndIdenticalIsNoObstacle) {
  chip(true, false);
  const std::string locked = ",locked=yes,protect=0x80000+0x10000";
  EXPECT_EQ(write({bios, 0x70fff, 0x90000}, locked).status, 0);
  EXPECT_TRUE(place.read("chip") == image);
  content = image;
  const auto refused = write({bios, 0x80000}, locked);
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err, HasSubstr("0x80000+0x1000: protected by PR0, locked until reset"));
  EXPECT_TRUE(place.read("chip") == content);
}

TEST_F(LockedRegions, AMeThatMayNotBeWrittenIsRefusedAndTheWayRoundProposed) {
  chip(true, false);
  const auto refused = write({me + 0x1000, bios});
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("0x4000+0x1000: region me may not be written"),
                    HasSubstr("(--ifd --region gbe --region bios leaves alone what is closed)")));
  expect_untouched();
  const auto limited =
      write({me + 0x1000, bios}, "", {"--ifd", "--region", "gbe", "--region", "bios"});
  EXPECT_EQ(limited.status, 0) << limited.err;
  image[me + 0x1000] ^= 0xff;
  EXPECT_TRUE(place.read("chip") == image);
}

TEST_F(LockedRegions, AMeThatMayNotBeReadIsLeftAloneAndReported) {
  chip(false, false);
  const auto refused = write({bios});
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("region me (0x3000+0x3d000): may not be read or written from here"),
                    HasSubstr("0x3000+0x3d000: cannot be read: region me may not be read"),
                    HasSubstr("(--ifd --region gbe --region bios leaves alone what is closed)")));
  expect_untouched();
  const auto limited = write({bios}, "", {"--ifd", "--region", "gbe", "--region", "bios"});
  EXPECT_EQ(limited.status, 0) << limited.err;
  EXPECT_THAT(limited.out, HasSubstr("VERIFIED"));
  EXPECT_TRUE(place.read("chip") == image);
}

TEST_F(LockedRegions, ReadingProposesWhatMayBeRead) {
  chip(false, false);
  const auto refused = place({"read", place.path("dump"), "-p", machine()});
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("0x3000+0x3d000: cannot be read: region me may not be read"),
                    HasSubstr("(--ifd --region fd --region gbe --region bios leaves alone")));
  EXPECT_FALSE(place.has("dump"));
  const auto part =
      place({"read", place.path("dump"), "-p", machine(), "--ifd", "--region", "bios"});
  EXPECT_EQ(part.status, 0) << part.err;
  Buffer expected(size, 0xff);
  std::copy(content.begin() + bios, content.end(), expected.begin() + bios);
  EXPECT_TRUE(place.read("dump") == expected);
}

TEST_F(LockedRegions, TheOverrideStrapOpensThem) {
  chip(false, false);
  EXPECT_EQ(write({me, bios}, ",override=yes").status, 0);
  EXPECT_TRUE(place.read("chip") == image);
}

TEST_F(LockedRegions, BootingFromLpcNothingIsWritten) {
  chip(true, true);
  const auto refused = write({bios}, ",lpc=yes");
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err, HasSubstr("the straps: the machine boots from LPC/FWH"));
  expect_untouched();
}

TEST_F(LockedRegions, ErrorsNowAndThenAreNoErrors) {
  chip(true, true);
  for (const std::string bus : {"hwseq", "swseq"}) {
    EXPECT_EQ(write({gbe, me, bios}, ",fail_every=500,bus=" + bus).status, 0);
    EXPECT_TRUE(place.read("chip") == image);
    content = image;
  }
}

TEST_F(LockedRegions, NoEraseReachesOverTheBorderOfALockedRegion) {
  // The border lies inside a block of 64 KiB, of which one erase would be faster than eleven.
  constexpr std::size_t border = 0x45000;
  content = test::sample_content(size, 9);
  test::put_descriptor(content, DescriptorVersion::v2, {size},
                       {{0, {0, 0x1000}, true, false},
                        {1, {border, size - border}},
                        {2, {me, border - me}, true, false},
                        {3, {gbe, 0x2000}}});
  for (const std::string bus : {"hwseq", "swseq"}) {
    place.write("chip", content);
    std::vector<std::size_t> changed(0x50000 - border);
    for (std::size_t i = 0; i < changed.size(); ++i) changed[i] = border + i;
    const auto written = write(changed, ",chipset=100series,bus=" + bus);
    EXPECT_EQ(written.status, 0) << written.err;
    EXPECT_TRUE(place.read("chip") == image);
  }
}

TEST_F(LockedRegions, TheTimesOfASimulatedMachineAreVirtual) {
  chip(true, true);
  for (const std::string bus : {"hwseq", "swseq"}) {
    image = content;
    image[bios] ^= 0xff;
    place.write("image", image);
    const auto told = place.json({"write", place.path("image"), "-p", machine(",bus=" + bus)});
    // 64 bytes at 20 MHz, and 19 registers of a microsecond, in a cycle.
    constexpr double whole = size / 64 * (68 * 8 / 20e6 + 19e-6);
    EXPECT_GT(told["seconds"]["read"], whole);
    EXPECT_LT(told["seconds"]["read"], 1.6 * whole);
    EXPECT_GT(told["seconds"]["verify"], whole);
    place.write("chip", content);
  }
}

TEST_F(LockedRegions, FlashprogsModeReadsTheDescriptorPastALockedMe) {
  chip(false, false);
  const auto read =
      place({"flashprog", "-p", machine(), "--ifd", "-i", "bios", "-r", place.path("dump")});
  EXPECT_EQ(read.status, 0) << read.err;
  const Buffer dump = place.read("dump");
  EXPECT_TRUE(std::equal(dump.begin() + bios, dump.end(), content.begin() + bios));
}

TEST_F(LockedRegions, DoctorShowsThemAll) {
  chip(true, false);
  const auto told =
      place.json({"doctor", "-p", machine(",bios_lock=smm,locked=yes,protect=0x80000+0x10000")}, 6);
  EXPECT_EQ(told["ready"], false);
  const auto check = [&](const std::string& name, const std::string& status,
                         const std::string& what) {
    for (const auto& one : told["checks"])
      if (one["name"] == name) {
        EXPECT_EQ(one["status"], status) << name;
        EXPECT_THAT(one["what"].get<std::string>(), HasSubstr(what));
        if (status == "problem") {
          EXPECT_NE(one["remedy"], "") << name;
        }
        return;
      }
    ADD_FAILURE() << name;
  };
  check("chipset", "ok", "Intel 6 series");
  check("boots_from", "ok", "the machine boots from SPI");
  check("bios_lock", "warning", "SMM_BWP is set, but BLE is not: it may yield");
  check("configuration_lock", "ok", "FLOCKDN is set");
  check("region_fd", "warning", "may be read, not written (FRAP)");
  check("region_bios", "ok", "may be read and written (FRAP)");
  check("region_me", "warning", "may be read, not written (FRAP)");
  check("region_gbe", "ok", "may be read and written (FRAP)");
  check("protected_range_PR0", "problem", "PR0 forbids to write 0x80000+0x10000");
  expect_untouched();
}

}  // namespace
}  // namespace romwright
