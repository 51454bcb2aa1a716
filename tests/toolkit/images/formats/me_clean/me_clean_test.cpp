// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/me_clean.h"

#include <numeric>

#include <gmock/gmock.h>

#include "tests/support/me_firmware_images.h"

namespace romwright::images {
namespace {

using namespace romwright::test;
using testing::ElementsAre;

bool blank(const Buffer& image, std::size_t from, std::size_t to) {
  return all_equal(ConstBytes(image).subspan(from, to - from), 0xff);
}
bool untouched(const Buffer& image, std::size_t from, std::size_t to) {
  return all_equal(ConstBytes(image).subspan(from, to - from), 0x5a);
}
std::uint32_t dword(const Buffer& image, std::size_t at) {
  return load_le<std::uint32_t>(image, at);
}
std::uint8_t sum(const Buffer& image, std::size_t from, std::size_t to) {
  return static_cast<std::uint8_t>(std::accumulate(image.begin() + static_cast<long>(from),
                                                   image.begin() + static_cast<long>(to), 0U));
}
std::string refusal(Buffer image, const MeCleanOptions& options = {}) {
  try {
    (void)clean_me(std::move(image), options);
    return "no error";
  } catch (const Error& error) {
    return error.line();
  }
}
std::string failure(Buffer image, const MeCleanOptions& options = {}) {
  const MeCleaning cleaning = clean_me(std::move(image), options);
  return cleaning.failure ? cleaning.failure->line() : "no failure";
}
std::vector<std::string> fates(const MeCleaning& cleaning) {
  std::vector<std::string> found;
  for (const auto& one : cleaning.partitions)
    found.push_back(one.name + " " + std::string(to_string(one.fate)));
  for (const auto& one : cleaning.modules)
    found.push_back(one.name + " " + std::string(to_string(one.fate)));
  return found;
}

TEST(MeCleanGen2, PartitionsAndModulesAreRemoved) {
  const MeCleaning cleaning = clean_me(me_gen2_region(), {});
  const Buffer& image = cleaning.image;
  EXPECT_FALSE(cleaning.failure);
  EXPECT_EQ(cleaning.signature_valid, true);
  EXPECT_EQ(cleaning.firmware->generation, 2);
  EXPECT_EQ(cleaning.firmware->variant, "ME");
  EXPECT_THAT(fates(cleaning),
              ElementsAre("EFFS removed", "FTPR kept", "NVRM no data", "NFTP removed", "ROMP kept",
                          "KERNEL removed", "BUP kept", "HOST removed"));
  EXPECT_TRUE(blank(image, 0x2000, 0x3000));
  EXPECT_TRUE(untouched(image, 0x3000, 0x4000));
  EXPECT_TRUE(blank(image, 0xc000, 0xe000));
  EXPECT_TRUE(untouched(image, 0xe000, 0x10000));
  // The table: one entry, the others gone, no EFFS, its checksum right.
  EXPECT_EQ(dword(image, 0x14), 1U);
  EXPECT_EQ(dword(image, 0x38), 0x4000U);
  EXPECT_TRUE(blank(image, 0x50, 0x400));
  EXPECT_EQ(image[0x24], 0);
  EXPECT_EQ(sum(image, 0, 0x30), 0);
  EXPECT_TRUE(untouched(image, 0x5000, 0x5200));
  EXPECT_TRUE(blank(image, 0x5200, 0x5600));
  // BUP has the second chunk, the one after the first 0x400 bytes of memory.
  EXPECT_TRUE(blank(image, 0x7000, 0x7300));
  EXPECT_TRUE(untouched(image, 0x7300, 0x7600));
  EXPECT_TRUE(blank(image, 0x7600, 0x7c00));
  EXPECT_TRUE(untouched(image, 0x7c00, 0xa000));
  EXPECT_EQ(cleaning.minimum_size, 0xc000U);
  EXPECT_EQ(image.size(), 0x10000U);
}

TEST(MeCleanGen2, RelocatedAndTruncated) {
  const MeCleaning cleaning = clean_me(me_gen2_region(), {.relocate = true, .truncate = true});
  const Buffer& image = cleaning.image;
  EXPECT_FALSE(cleaning.failure);
  EXPECT_EQ(cleaning.code_offset, 0x400U);
  EXPECT_EQ(dword(image, 0x38), 0x400U);
  // 0x7600 went to 0x3a00; a started block, and four to spare.
  EXPECT_EQ(image.size(), 0x8000U);
  const std::size_t table = 0x2400;
  EXPECT_EQ(dword(image, table + 0x0c), 0x2440U);
  EXPECT_EQ(dword(image, table + 0x14), 0x3400U);
  EXPECT_EQ(dword(image, table + 0x40), 0x3400U);
  EXPECT_EQ(dword(image, table + 0x4c), 0x3d00U);
  EXPECT_EQ(dword(image, table + 0x50), 0x80000000U);
  EXPECT_TRUE(untouched(image, 0x3700, 0x3a00));
}

TEST(MeCleanGen2, TheTablesAddressesLimitTheRelocation) {
  Buffer region = me_gen2_region();
  region[0x6009] = 0x00;
  region[0x600a] = 0x28;  // 0x2800: the table must not lie below
  // It is part of the memory base, too.
  const MeCleaning cleaning = clean_me(region, {.relocate = true, .keep_modules = true});
  EXPECT_EQ(cleaning.code_offset, 0x7c0U);
  EXPECT_EQ(dword(cleaning.image, 0x27c0 + 0x0c), 0U);
  EXPECT_EQ(cleaning.signature_valid, true);
}

TEST(MeCleanGen2, KeptModulesAndLists) {
  const MeCleaning kept = clean_me(me_gen2_region(), {.truncate = true, .keep_modules = true});
  EXPECT_TRUE(untouched(kept.image, 0x7000, 0xa000));
  EXPECT_EQ(kept.image.size(), 0xf000U);
  const MeCleaning white = clean_me(me_gen2_region(), {.whitelist = {"EFFS"}});
  EXPECT_THAT(fates(white), testing::Contains("EFFS kept"));
  EXPECT_EQ(white.image[0x24], 1);
  EXPECT_EQ(dword(white.image, 0x14), 2U);
  const MeCleaning black = clean_me(me_gen2_region(), {.truncate = true, .blacklist = {"EFFS"}});
  EXPECT_THAT(fates(black), testing::Contains("NFTP kept"));
  EXPECT_EQ(black.image[0x24], 0);
  // Larger than the region was: filled up with zeros.
  EXPECT_EQ(black.image.size(), 0x13000U);
  EXPECT_TRUE(all_equal(ConstBytes(black.image).subspan(0x10000), 0));
}

TEST(MeCleanGen2, IgnitionFirmwareIsWiped) {
  Buffer region = me_gen2_region(6);
  const Bytes sku = Bytes(region).subspan(0x4000 + 0x290 + 5 * 0x60, 12);
  put_text(sku, "$SKU");
  store_le<std::uint32_t>(sku, 8, 0);
  const MeCleaning cleaning = clean_me(region, {});
  EXPECT_TRUE(cleaning.wiped);
  EXPECT_TRUE(blank(cleaning.image, 0, 0x10000));
  EXPECT_FALSE(cleaning.signature_valid);
}

TEST(MeCleanGen2, ATableOfAnyLength) {
  // The count is wrong: what lies behind is read as entries, of which none has data.
  Buffer region = me_gen2_region();
  std::ranges::fill(Bytes(region).subspan(0xb0, 0x1f50), std::uint8_t{0xff});
  store_le<std::uint32_t>(Bytes(region), 0x14, 0x120);
  std::ranges::fill(Bytes(region).subspan(0x2000, 0x2000), std::uint8_t{0xff});
  const MeCleaning cleaning = clean_me(region, {});
  EXPECT_FALSE(cleaning.failure);
  EXPECT_EQ(cleaning.partitions.size(), 0x120U);
  EXPECT_EQ(dword(cleaning.image, 0x14), 1U);
  EXPECT_TRUE(blank(cleaning.image, 0x50, 0x4000));
}

TEST(MeCleanGen2, PartitionsUpToOneThatLeavesTheRegion) {
  Buffer image = me_dump(me_gen2_region());
  store_le<std::uint32_t>(Bytes(image), 0x1000 + 0x9c, 0x5000);  // NFTP, in the image's terms in it
  const MeCleaning cleaning = clean_me(image, {});
  ASSERT_TRUE(cleaning.failure);
  EXPECT_EQ(cleaning.failure->line(),
            "partition NFTP: 0xc000+0x5000 lies outside the region of 0x10000 bytes");
  EXPECT_TRUE(blank(cleaning.image, 0x3000, 0x4000)) << "EFFS, in front of it";
  EXPECT_TRUE(untouched(cleaning.image, 0x1000 + 0xc000, 0x1000 + 0x10000));
  EXPECT_EQ(dword(cleaning.image, 0x1014), 4U);
}

/// Of ME 6, the table's last partition, of open length, at `offset`.
Buffer region_with_open_end(std::uint32_t offset) {
  Buffer region = me_gen2_region(6);
  const Bytes bytes(region);
  put_me_table(bytes, 0x10, {{"FTPR", 0x4000, 0x6000, 0}, {"NVSC", offset, 0xffffffff, 0}}, 0);
  return region;
}

TEST(MeCleanGen2, AnOpenLengthReachesToTheRegionsEnd) {
  const MeCleaning cleaning = clean_me(region_with_open_end(0xf000), {});
  EXPECT_THAT(fates(cleaning), testing::Contains("NVSC removed"));
  EXPECT_TRUE(untouched(cleaning.image, 0xa000, 0xf000));
  EXPECT_TRUE(blank(cleaning.image, 0xf000, 0x10000));
}

TEST(MeCleanGen2, AnOpenLengthBehindTheRegion) {
  // Nothing to fill, but an entry that can be kept; what is kept ends where the region does.
  const Buffer region = region_with_open_end(0xffffffff);
  const MeCleaning removed = clean_me(region, {});
  EXPECT_FALSE(removed.failure);
  EXPECT_EQ(dword(removed.image, 0x14), 1U);
  EXPECT_EQ(removed.minimum_size, 0xc000U);
  const MeCleaning kept = clean_me(region, {.whitelist = {"NVSC"}});
  EXPECT_THAT(fates(kept), testing::Contains("NVSC kept"));
  EXPECT_EQ(dword(kept.image, 0x14), 2U);
  EXPECT_EQ(dword(kept.image, 0x58), 0xffffffffU);
  EXPECT_EQ(kept.minimum_size, 0x15000U);
}

TEST(MeCleanGen3, ModulesByTheirNames) {
  const MeCleaning cleaning = clean_me(me_gen3_region(), {.truncate = true, .whitelist = {"MFS"}});
  EXPECT_FALSE(cleaning.failure);
  EXPECT_THAT(fates(cleaning), ElementsAre("FTPR kept", "MFS kept", "FTPR.man kept", "rbe kept",
                                           "fooo removed", "fooo.met kept", "bup kept"));
  EXPECT_TRUE(blank(cleaning.image, 0x5800, 0x6000));
  EXPECT_TRUE(untouched(cleaning.image, 0x6000, 0x8000));
  EXPECT_EQ(sum(cleaning.image, 0x10, 0x30), 0);
  EXPECT_EQ(cleaning.image.size(), 0xd000U);
  EXPECT_EQ(clean_me(me_gen3_region(), {.relocate = true}).code_offset, 0x400U);
}

TEST(MeCleanGen1, OnlyAFullImageIsChanged) {
  const MeCleaning bare = clean_me(me_gen1_region(), {});
  EXPECT_EQ(bare.image, me_gen1_region());
  EXPECT_EQ(bare.firmware->generation, 1);
  const MeCleaning full = clean_me(me_dump(me_gen1_region(), true), {});
  EXPECT_FALSE(full.failure);
  EXPECT_TRUE(full.wiped);
  EXPECT_EQ(full.disabled, true);
  EXPECT_EQ(dword(full.image, 0x48), 0x1fffU);
  EXPECT_EQ(dword(full.image, 0x100), 1U);
  EXPECT_EQ(dword(full.image, 0x200), 1U);
  EXPECT_TRUE(blank(full.image, 0x1000, 0x9000));
  // Once more: there is no region any more.
  const MeCleaning again = clean_me(full.image, {});
  EXPECT_FALSE(again.failure);
  EXPECT_EQ(again.image, full.image);
}

TEST(MeCleanGen1, ByTheFirmwareInADescriptorOfLaterMachines) {
  MeCleanOptions options{.truncate = true};
  options.extract_descriptor = true;
  const MeCleaning cleaning = clean_me(me_dump(me_gen1_region()), options);
  EXPECT_FALSE(cleaning.failure);
  EXPECT_TRUE(cleaning.wiped);
  // The BIOS region begins as far behind the ME region's start as that ended.
  EXPECT_EQ(dword(*cleaning.descriptor, 0x44), 0x003f000aU);
  EXPECT_EQ(dword(*cleaning.descriptor, 0x48), 0x1fffU);
}

TEST(MeCleanGen1, ADescriptorThatNamesNoPlaceForItself) {
  Buffer image = me_dump(me_gen1_region(), true);
  store_le<std::uint32_t>(Bytes(image), 0x40, 0x00000002);  // from 0x2000 to 0x1000
  const MeCleaning cleaning = clean_me(image, {});
  ASSERT_TRUE(cleaning.failure);
  EXPECT_EQ(cleaning.failure->line(),
            "flash descriptor: 0x100+0x4 lies outside the region of 0x0 bytes");
  EXPECT_EQ(cleaning.image, image);
}

TEST(MeCleanDump, WithoutARegion) {
  Buffer image = me_dump(me_gen2_region());
  store_le<std::uint32_t>(Bytes(image), 0x48, 0x7fff);
  MeCleanOptions options;
  options.extract_descriptor = options.extract_me = true;
  const MeCleaning cleaning = clean_me(image, options);
  EXPECT_EQ(cleaning.failure->line(), "the flash descriptor says that there is no ME region");
  EXPECT_EQ(cleaning.image, image);
  EXPECT_FALSE(cleaning.descriptor);
  options.check_only = true;
  const MeCleaning check = clean_me(image, options);
  EXPECT_EQ(check.failure->line(), "the flash descriptor says that there is no ME region");
  EXPECT_EQ(check.descriptor, Buffer(image.begin(), image.begin() + 0x1000));
  EXPECT_FALSE(check.me);
}

TEST(MeCleanDump, TheDescriptorAndTheRegionComeOut) {
  MeCleanOptions options{.relocate = true, .truncate = true};
  options.soft_disable = MeSoftDisable::too;
  options.drop_access = options.extract_descriptor = options.extract_me = true;
  const MeCleaning cleaning = clean_me(me_dump(me_gen2_region()), options);
  EXPECT_FALSE(cleaning.failure);
  EXPECT_EQ(cleaning.region, (Range{0x1000, 0x10000}));
  EXPECT_EQ(cleaning.image.size(), 0x40000U);
  EXPECT_EQ(dword(cleaning.image, 0x128), 0x80U);
  EXPECT_EQ(dword(cleaning.image, 0x64), 0x04041234U);
  ASSERT_TRUE(cleaning.me);
  EXPECT_EQ(*cleaning.me, clean_me(me_gen2_region(), {.relocate = true, .truncate = true}).image);
  ASSERT_TRUE(cleaning.descriptor);
  EXPECT_EQ(cleaning.descriptor->size(), 0x1000U);
  EXPECT_EQ(dword(*cleaning.descriptor, 0x44), 0x003f0009U);
  EXPECT_EQ(dword(*cleaning.descriptor, 0x48), 0x00080001U);
  EXPECT_EQ(dword(cleaning.image, 0x48), 0x00100001U);
}

TEST(MeCleanDump, HapAndNothingElse) {
  MeCleanOptions options;
  options.soft_disable = MeSoftDisable::only;
  Buffer expected = me_dump(me_gen3_region());
  const MeCleaning cleaning = clean_me(expected, options);
  store_le<std::uint32_t>(Bytes(expected), 0x100, 0x10000);
  EXPECT_EQ(cleaning.image, expected);
  options = {};
  options.drop_access = true;
  EXPECT_EQ(dword(clean_me(me_dump(me_gen3_region()), options).image, 0x64), 0x00400500U);
}

TEST(MeCleanCheck, ChangesNothing) {
  const MeCleaning cleaning = clean_me(me_gen2_region(), {.check_only = true});
  EXPECT_EQ(cleaning.image, me_gen2_region());
  EXPECT_EQ(cleaning.signature_valid, true);
  EXPECT_THAT(fates(cleaning), ElementsAre("EFFS kept", "FTPR kept", "NVRM no data", "NFTP kept"));
}

TEST(MeCleanFailure, BeforeAnythingWasDone) {
  EXPECT_EQ(refusal({}),
            "neither an ME region nor a full image (an ME region begins with $FPT, a full image "
            "with a flash descriptor)");
  Buffer region = me_gen2_region();
  put_text(Bytes(region).subspan(0x401c), "$MNX");
  put_text(Bytes(region).subspan(0x401c), "$MNX");
  EXPECT_EQ(refusal(region), "FTPR: '$MNX' where the tag of the manifest is to be, not $MN2");
  region = me_gen2_region();
  put_text(Bytes(region).subspan(0x50), "FTPX");
  EXPECT_EQ(refusal(region), "ME region: the partition table has neither FTPR nor CODE");
  region.resize(0x40);
  EXPECT_EQ(refusal(region), "partition table: 0x30+0x80 lies outside the region of 0x40 bytes");
  EXPECT_EQ(refusal(me_gen2_region(), {.relocate = true, .whitelist = {"MFS"}}),
            "relocation with a whitelist or blacklist is not supported");
  EXPECT_EQ(refusal(me_gen2_region(), {.extract_me = true}),
            "this is a bare ME region, and what is asked for needs a full image");
}

TEST(MeCleanFailure, LeavesWhatWasDone) {
  Buffer region = me_gen2_region();
  region[0x4180] = 3;
  const MeCleaning unsigned_code = clean_me(region, {});
  EXPECT_EQ(unsigned_code.failure->line(),
            "the signature of FTPR is not valid (the firmware was damaged or changed before)");
  EXPECT_TRUE(blank(unsigned_code.image, 0x5200, 0x5600));
  region = me_gen2_region();
  put_text(Bytes(region).subspan(0x6000), "XXXX");
  const MeCleaning no_chunks = clean_me(region, {});
  EXPECT_EQ(no_chunks.failure->line(),
            "FTPR: Huffman table (LLUT): not found at 0x6000, where the modules need it");
  EXPECT_TRUE(blank(no_chunks.image, 0xc000, 0xe000));
  EXPECT_TRUE(untouched(no_chunks.image, 0x7000, 0x7300));
  region = me_gen2_region();
  store_le<std::uint32_t>(Bytes(region), 0x4000 + 0x290 + 0x50, 0x30);
  EXPECT_EQ(failure(region), "FTPR: module ROMP: unknown compression 3");
  region = me_gen2_region();
  store_le<std::uint32_t>(Bytes(region), 0x6030, 0);
  EXPECT_EQ(failure(region), "FTPR: Huffman table (LLUT): chunks of 0 bytes");
}

TEST(MeCleanFailure, ADumpThatEndsInItsRegion) {
  // Within the public key: nothing was checked, so the rest is done first.
  Buffer image = me_dump(me_gen2_region());
  image.resize(0x1000 + 0x4000 + 0x100);
  MeCleanOptions options;
  options.soft_disable = MeSoftDisable::too;
  const MeCleaning cut_key = clean_me(image, options);
  ASSERT_TRUE(cut_key.failure);
  EXPECT_EQ(cut_key.failure->line(),
            "the signature of FTPR is not valid (the firmware was damaged or changed before)");
  EXPECT_TRUE(blank(cut_key.image, 0x3000, 0x4000));
  EXPECT_EQ(dword(cut_key.image, 0x128), 0x80U);
  EXPECT_EQ(cut_key.image.size(), 0xf000U) << "up to NFTP, which was made blank";
  // Behind the headers, and in front of the SKU that an ME 6 has or not.
  image = me_dump(me_gen2_region(6));
  image.resize(0x1000 + 0x4000 + 0x290 + 5 * 0x60 + 8);
  const MeCleaning cut_sku = clean_me(image, options);
  EXPECT_FALSE(cut_sku.wiped);
  EXPECT_TRUE(cut_sku.failure);
}

TEST(MeCleanDump, ARelocationOfWhatIsThere) {
  // The dump ends in the middle of the code partition, behind its manifest.
  Buffer image = me_dump(me_gen3_region());
  image.resize(0x1000 + 0x4000 + 0x1600);
  const MeCleaning cleaning = clean_me(image, {.relocate = true});
  EXPECT_FALSE(cleaning.failure);
  EXPECT_EQ(cleaning.signature_valid, true);
  EXPECT_TRUE(untouched(cleaning.image, 0x1000 + 0x1400, 0x1000 + 0x1a00));
}

TEST(MeCleanFailure, UnlistedModulesAreLeft) {
  Buffer region = me_gen2_region();
  put_text(Bytes(region).subspan(0x4290 + 3 * 0x60), "$XXX");
  sign_me_manifest(Bytes(region).subspan(0x4000), 0x410);
  const MeCleaning cleaning = clean_me(region, {.relocate = true, .truncate = true});
  EXPECT_TRUE(cleaning.modules_skipped);
  EXPECT_FALSE(cleaning.failure);
  EXPECT_EQ(cleaning.image.size(), region.size());
  EXPECT_EQ(dword(cleaning.image, 0x38), 0x4000U);
}

}  // namespace
}  // namespace romwright::images
