// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/pfs_package.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/dell_packages.h"
#include "tests/support/fixtures.h"

namespace romwright::vendor {
namespace {

using namespace romwright::test;
using testing::ElementsAre;
using testing::IsEmpty;

Buffer joined(std::initializer_list<Buffer> parts) {
  Buffer all;
  for (const Buffer& part : parts) append(all, part);
  return all;
}
Buffer text(std::string_view characters) {
  const ConstBytes bytes = as_bytes(characters);
  return {bytes.begin(), bytes.end()};
}

const Buffer names_guid = pfs_guid(pfs_names_guid);
const Buffer a = pfs_guid(std::uint8_t{1}), b = pfs_guid(std::uint8_t{2});

/// Two components and a table of their names.
Buffer volume() {
  return pfs_volume(
      {{a, text("the BIOS"), text("meta")},
       {b, text("the EC"), {}, 2},
       {names_guid, joined({pfs_name(a, "System BIOS"), pfs_name(b, " EC: new/old ")})},
       {pfs_guid(pfs_model_guid), text("A;B;C,END"), {}}});
}

std::vector<std::string> listed(const Buffer& package, const PfsLimits& limits = {}) {
  std::vector<std::string> lines;
  for (const PfsComponent& part : read_pfs_package(Content(package), "X1", limits).components)
    lines.push_back(part.path + "=" +
                    std::string(part.content.bytes().begin(), part.content.bytes().end()));
  return lines;
}
std::string error_of(const Buffer& package, const PfsLimits& limits = {}) {
  try {
    (void)read_pfs_package(Content(package), "X1", limits);
    return "no error";
  } catch (const ImageError& error) {
    return error.what();
  }
}

TEST(PfsPackage, GivesItsComponentsUnderTheirNames) {
  const Buffer package = joined({pattern(1000, 1), pfs_section(0xaa, volume()), pattern(50, 2),
                                 pfs_section(0xbb, text("7z...")), pfs_section(0xcc, volume())});
  EXPECT_THAT(
      listed(package),
      ElementsAre("Firmware/1 X1 -- 1 System BIOS v7.bin=the BIOS",
                  "Firmware/1 X1 -- 2 EC_ new_old v7.bin=the EC",
                  "Firmware/1 X1 -- 4 Model Information vA.5.txt=A\nB\nC", "Utilities/X1.bin=7z...",
                  "Unknown (CC)/1 X1 -- 1 System BIOS v7.bin=the BIOS",
                  "Unknown (CC)/1 X1 -- 2 EC_ new_old v7.bin=the EC",
                  "Unknown (CC)/1 X1 -- 4 Model Information vA.5.txt=A\nB\nC"));
  const PfsPackage read = read_pfs_package(Content(package), "X1");
  EXPECT_EQ(read.components[0].section, "Firmware");
  EXPECT_EQ(read.components[0].name, "System BIOS");
  EXPECT_EQ(read.components[0].version, "7");
  EXPECT_THAT(read.warnings, IsEmpty());
}

TEST(PfsPackage, HoldsPackages) {
  const Buffer inner_guid = pfs_guid("900FAE60437F3AB14055F456AC9FDA84");
  const Buffer inner = pfs_section(0xaa, pfs_volume({{a, text("inside"), {}}}));
  const Buffer package =
      pfs_section(0xaa, pfs_volume({{inner_guid, inner, text("ids")},
                                    {inner_guid, inner, {}},
                                    {names_guid, joined({pfs_name(inner_guid, "First"),
                                                         pfs_name(inner_guid, "Second")})}}));
  EXPECT_THAT(listed(package),
              ElementsAre("Firmware/2 First v7/Firmware/2 First v7 -- 1  vA.5.bin=inside",
                          "Firmware/1 X1 -- 1 First v7.bin=ids",
                          "Firmware/3 Second v7/Firmware/3 Second v7 -- 1  vA.5.bin=inside"));
  EXPECT_EQ(read_pfs_package(Content(package), "X1").components[0].section, "Firmware");
  PfsLimits limits;
  limits.depth = 1;
  EXPECT_EQ(error_of(package, limits), "Firmware: Firmware/2 First v7: packages lie 1 levels deep");
}

TEST(PfsPackage, JoinsBlocksForBiosGuard) {
  const Buffer place = [] {
    Buffer metadata(0x19);
    store_le(metadata, 8, std::uint32_t{6});
    return metadata;
  }();
  const auto package = [&](std::uint32_t second) {
    return pfs_section(0xaa, pfs_volume({{a,
                                          pfs_volume({{b, guard_block(second, text("two")), {}},
                                                      {b, guard_block(0, text("one")), {}},
                                                      {b, guard_block(99, text("three")), place}}),
                                          {}}}));
  };
  EXPECT_THAT(listed(package(3)), ElementsAre("Firmware/1 X1 -- 1  vA.5.bin=onetwothree"));
  EXPECT_EQ(error_of(package(2)), "Firmware: two BIOS Guard blocks lie at 0x2");
  EXPECT_EQ(error_of(package(5)), "Firmware: two BIOS Guard blocks lie at 0x6");
  const Buffer gap =
      pfs_section(0xaa, pfs_volume({{a, pfs_volume({{b, guard_block(2, text("x")), {}}}), {}}}));
  EXPECT_THAT(listed(gap), ElementsAre("Firmware/1 X1 -- 1  vA.5.bin=\xff\xffx"));
  const Buffer far = pfs_section(
      0xaa, pfs_volume({{a, pfs_volume({{b, guard_block(0xfffffff0, text("x")), {}}}), {}}}));
  EXPECT_EQ(error_of(far), "Firmware: BIOS Guard blocks make up more than 64 MiB");
}

TEST(PfsPackage, RefusesDamage) {
  EXPECT_EQ(error_of(pattern(3000, 1)), "is no Dell update package: it has no PFS section");
  const Buffer good = pfs_section(0xaa, volume());
  Buffer damaged = good;
  damaged[0] ^= 1;
  EXPECT_EQ(error_of(damaged), "Dell PFS section at 0x0: the header's checksum is wrong");
  damaged = good;
  damaged[good.size() - 1] ^= 1;
  EXPECT_EQ(error_of(damaged), "Dell PFS section at 0x0: the footer's checksum is wrong");
  damaged = good;
  damaged[good.size() - 10] ^= 1;
  EXPECT_EQ(error_of(damaged), "Dell PFS section at 0x0: there is no footer behind it");
  damaged.resize(good.size() - 20);
  EXPECT_EQ(error_of(damaged).substr(0, 33), "Dell PFS section at 0x0: stream: ");
  damaged = good;
  damaged[40] ^= 0xff;
  EXPECT_EQ(error_of(damaged).substr(0, 25), "Firmware: deflated data: ");
  Buffer cut = volume();
  cut[0x10 + 0x28] = 0xff, cut[0x10 + 0x29] = 0xff;
  EXPECT_EQ(error_of(pfs_section(0xaa, cut)), "Firmware: PFS entry 1 at 0x10 leaves its volume");
  Buffer changed = volume();
  changed[0x10 + 0x48] ^= 1;
  EXPECT_THAT(read_pfs_package(Content(pfs_section(0xaa, changed)), "X1").warnings,
              ElementsAre("Firmware: the checksum or size of the PFS volume is wrong"));
}

TEST(PfsPackage, StaysWithinItsMemory) {
  const Buffer bomb = pfs_section(0xaa, Buffer(1 << 20));
  PfsLimits limits;
  limits.memory = 1 << 19;
  EXPECT_EQ(error_of(bomb, limits), "Firmware: deflated data: expand beyond 512 KiB");
  limits.memory = 3 << 19;
  EXPECT_EQ(error_of(joined({bomb, bomb}), limits),
            "Firmware: deflated data: expand beyond 512 KiB");
  EXPECT_EQ(error_of(bomb, limits), "no error");
}

}  // namespace
}  // namespace romwright::vendor
