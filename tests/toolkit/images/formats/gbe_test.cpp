// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/gbe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr Mac old_mac{0x00, 0x1f, 0x16, 0x01, 0x02, 0x03};
constexpr Mac new_mac{0x02, 0x00, 0x5e, 0x10, 0x20, 0x30};

/// 0, 1, 2, ...
RandomByte counting() {
  return [next = std::uint8_t{0}]() mutable { return next++; };
}

void put_part(Buffer& region, std::size_t offset, const Mac& mac, std::uint16_t signature) {
  const Bytes nvm = Bytes(region).subspan(offset, 128);
  std::ranges::fill(nvm, std::uint8_t{0});
  std::ranges::copy(mac, nvm.begin());
  store_le<std::uint16_t>(nvm, 26, 0x1502);
  store_le<std::uint16_t>(nvm, 38, signature);
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < 126; at += 2) sum += load_le<std::uint16_t>(nvm, at);
  store_le<std::uint16_t>(nvm, 126, static_cast<std::uint16_t>(0xbaba - sum));
}

Buffer sample(std::size_t size = 8192) {
  Buffer region(size, 0xff);
  put_part(region, 0, old_mac, 0x8000);
  put_part(region, size / 2, old_mac, 0x8000);
  return region;
}

void expect_usage_error(std::string_view pattern, const std::string& message) {
  try {
    (void)make_mac(pattern, counting());
    ADD_FAILURE() << pattern << " was taken";
  } catch (const UsageError& error) {
    EXPECT_EQ(error.what(), message);
    EXPECT_EQ(error.hint(), "XX:XX:XX:XX:XX:XX, where x or ? is a random nibble");
  }
}

std::vector<std::string> lines(const Problems& problems) {
  std::vector<std::string> result;
  for (const Problem& problem : problems) result.push_back(problem.where + ": " + problem.message);
  return result;
}

TEST(Mac, IsWrittenInLowerCase) { EXPECT_EQ(to_string(old_mac), "00:1f:16:01:02:03"); }

TEST(Mac, FixedPatternsNeedNoRandomness) {
  EXPECT_EQ(make_mac("00:1F:16:01:02:03", {}), old_mac);
  EXPECT_EQ(make_mac("00:1f:16:01:02:03", {}), old_mac);
}

TEST(Mac, RandomNibblesComeFromTheSource) {
  EXPECT_EQ(to_string(make_mac("00:1f:16:xX:?x:1?", counting())), "00:1f:16:01:23:14");
  // The second nibble 1 becomes 2: unicast, locally administered.
  EXPECT_EQ(to_string(make_mac("xx:xx:xx:xx:xx:xx", counting())), "02:23:45:67:89:ab");
  EXPECT_EQ(to_string(make_mac("??:??:??:??:??:??", [] { return std::uint8_t{0xff}; })),
            "fe:ff:ff:ff:ff:ff");
}

TEST(Mac, RefusesWhatIsNoAddressOfAController) {
  expect_usage_error("01:00:00:00:00:01", "MAC '01:00:00:00:00:01': a multicast address");
  expect_usage_error("00:00:00:00:00:00", "MAC '00:00:00:00:00:00': all zero");
  expect_usage_error("00:11:22:33:44", "MAC '00:11:22:33:44': not six pairs of nibbles");
  expect_usage_error("", "MAC '': not six pairs of nibbles");
  expect_usage_error("00-11-22-33-44-55", "MAC '00-11-22-33-44-55': ':' goes between the pairs");
  expect_usage_error("00:11:22:33:44:5g", "MAC '00:11:22:33:44:5g': 'g' is no nibble");
}

TEST(Gbe, ReadsThreeSizes) {
  for (const std::size_t size : {8U << 10, 16U << 10, 128U << 10}) {
    const Buffer region = sample(size);
    const GbeView view(region);
    EXPECT_EQ(view.parts()[0].offset, 0U);
    EXPECT_EQ(view.parts()[1].offset, size / 2);
    for (const GbePart& part : view.parts()) {
      EXPECT_TRUE(part.checksum_valid);
      EXPECT_TRUE(part.signature_valid);
      EXPECT_EQ(part.mac, old_mac);
      EXPECT_EQ(part.device_id, 0x1502);
      EXPECT_FALSE(part.blank);
    }
    EXPECT_TRUE(view.check().empty());
  }
}

TEST(Gbe, RefusesOtherSizes) {
  for (const std::size_t size : {0U, 128U, 4096U, 8191U, 8193U, 32U << 10})
    EXPECT_THROW(GbeView{Buffer(size)}, ImageError) << size;
  try {
    GbeView{Buffer(4096)};
    ADD_FAILURE();
  } catch (const ImageError& error) {
    EXPECT_STREQ(error.what(), "GbE: 4 KiB are no two parts of 4, 8 or 64 KiB");
  }
}

TEST(Gbe, TheHardwaresPartIsTheOneWithTheSignature) {
  Buffer region = sample();
  put_part(region, 0, new_mac, 0x4000);
  EXPECT_EQ(GbeView(region).mac(), old_mac);
  put_part(region, 4096, old_mac, 0xc000);
  EXPECT_EQ(GbeView(region).mac(), new_mac);
  EXPECT_THAT(lines(GbeView(region).check()),
              testing::ElementsAre("GbE: the parts have different MACs, 02:00:5e:10:20:30 and "
                                   "00:1f:16:01:02:03"));
}

TEST(Gbe, SetsTheMacAndTheChecksumOfBothParts) {
  Buffer region = sample();
  Buffer expected = region;
  put_part(expected, 0, new_mac, 0x8000);
  put_part(expected, 4096, new_mac, 0x8000);
  EXPECT_TRUE(set_gbe_mac(region, new_mac).empty());
  EXPECT_EQ(region, expected);
}

TEST(Gbe, ReportsAPartThatIsLeftAsItIs) {
  for (const std::size_t bad : {std::size_t{0}, std::size_t{1}}) {
    Buffer region = sample();
    region[bad * 4096 + 60] ^= 1;
    const std::string part = "GbE part " + std::to_string(bad);
    EXPECT_THAT(lines(GbeView(region).check()), testing::ElementsAre(part + ": wrong checksum"));
    EXPECT_EQ(GbeView(region).check()[0].hint, "the other part is sound");
    Buffer expected = region;
    put_part(expected, (1 - bad) * 4096, new_mac, 0x8000);
    EXPECT_THAT(lines(set_gbe_mac(region, new_mac)),
                testing::ElementsAre(part + ": wrong checksum: its MAC was left as it is"));
    EXPECT_EQ(region, expected);
  }
}

TEST(Gbe, RefusesARegionWithoutASoundPart) {
  Buffer region = sample();
  region[60] ^= 1;
  region[4096 + 60] ^= 1;
  const Buffer before = region;
  EXPECT_EQ(GbeView(region).mac(), std::nullopt);
  EXPECT_THAT(lines(GbeView(region).check()),
              testing::ElementsAre("GbE part 0: wrong checksum", "GbE part 1: wrong checksum",
                                   "GbE: no part has a right checksum"));
  try {
    (void)set_gbe_mac(region, new_mac);
    ADD_FAILURE();
  } catch (const ImageError& error) {
    EXPECT_STREQ(error.what(), "GbE: no part has a right checksum: the MAC cannot be set");
    EXPECT_EQ(error.hint(), "put a sound GbE image into the region first");
  }
  EXPECT_EQ(region, before);
}

TEST(Gbe, ABlankRegionIsANote) {
  const Problems problems = GbeView(Buffer(8192, 0xff)).check();
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].severity, Severity::note);
  EXPECT_EQ(problems[0].message, "the region is blank");
}

}  // namespace
}  // namespace romwright::images
