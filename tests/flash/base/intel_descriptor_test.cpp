// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/intel_descriptor.h"

#include <gtest/gtest.h>

namespace romwright {
namespace {

TEST(IntelDescriptor, DecodesInclusiveLimitsAsHalfOpenRanges) {
  EXPECT_EQ(decode_region(0x00000000, 0), (Range{0, 0x1000}));
  EXPECT_EQ(decode_region(0x0bff001b, 1), (Range{0x1b000, 0xbe5000}));
  EXPECT_EQ(decode_region(0x00020001, 3), (Range{0x1000, 0x2000}));
  EXPECT_EQ(decode_region(0x00010001, 3), (Range{0x1000, 0x1000}));
  EXPECT_EQ(decode_region(0x7ffe0000, 1), (Range{0, 0x7fff000})) << "15 bits each";
  EXPECT_EQ(decode_region(0x80020001, 3), (Range{0x1000, 0x2000})) << "bit 31 is reserved";
}

TEST(IntelDescriptor, EveryUnusedEncoding) {
  for (const std::uint32_t unused :
       {0x00001fffU, 0x00000fffU, 0x00007fffU, 0x0000ffffU, 0x7fff7fffU, 0xffffffffU, 0x00010002U})
    EXPECT_EQ(decode_region(unused, 2), std::nullopt) << std::hex << unused;
  EXPECT_EQ(decode_region(0x00000000, 2), std::nullopt)
      << "only the descriptor may be the first block";
}

TEST(IntelDescriptor, EncodesWhatItDecodes) {
  for (const Range range : {Range{0, 0x1000}, Range{0x1b000, 0xbe5000}, Range{0x7ff0000, 0x1000}})
    EXPECT_EQ(decode_region(encode_region(range), 0), range) << to_string(range);
  EXPECT_EQ(encode_region({0x1b000, 0xbe5000}), 0x0bff001bU);
  EXPECT_EQ(encode_region({}), 0x00007fffU) << "unused";
  EXPECT_EQ(decode_region(encode_region({}), 4), std::nullopt);
}

TEST(IntelDescriptor, AccessOfMasters) {
  // The BIOS of a locked 7 series machine: reads fd, bios, gbe; writes bios, gbe.
  constexpr std::uint32_t v1 = 0x0a0b0000;
  // The same of a 100 series one.
  constexpr std::uint32_t v2 = 0x00a00b00;
  for (unsigned region = 0; region < 8; ++region) {
    const bool reads = region == 0 || region == 1 || region == 3;
    const bool writes = region == 1 || region == 3;
    EXPECT_EQ(master_reads(v1, region, DescriptorVersion::v1), reads) << region;
    EXPECT_EQ(master_writes(v1, region, DescriptorVersion::v1), writes) << region;
    EXPECT_EQ(master_reads(v2, region, DescriptorVersion::v2), reads) << region;
    EXPECT_EQ(master_writes(v2, region, DescriptorVersion::v2), writes) << region;
  }
  EXPECT_TRUE(master_reads(0x00080000, 11, DescriptorVersion::v2));
  EXPECT_TRUE(master_writes(0x80000000, 11, DescriptorVersion::v2));
}

}  // namespace
}  // namespace romwright
