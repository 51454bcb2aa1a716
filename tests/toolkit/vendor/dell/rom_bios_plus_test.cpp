// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/rom_bios_plus.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/dell_packages.h"
#include "tests/support/fixtures.h"

namespace romwright::vendor {
namespace {

using namespace romwright::test;

std::string content(const Buffer& stored, std::uint64_t limit = 1000) {
  const Buffer bytes = decompress_bios_module(stored, limit);
  return {bytes.begin(), bytes.end()};
}
template <typename Call>
std::string error_of(Call&& call) {
  try {
    (void)call();
    return "no error";
  } catch (const ImageError& error) {
    return error.what();
  }
}

TEST(BiosModule, IsDecompressed) {
  EXPECT_EQ(content({}), "");
  EXPECT_EQ(content({0x20, 'a', 'b', 'c'}), "abc") << "up to 14 bytes as they are";
  Buffer more = {0xf0, 5};
  for (char c = 'A'; c < 'A' + 20; ++c) more.push_back(static_cast<std::uint8_t>(c));
  EXPECT_EQ(content(more), "ABCDEFGHIJKLMNOPQRST") << "15 and more";
  EXPECT_EQ(content({0x20, 'a', 'b', 'c', 0x03, 2}), "abcabca") << "a near match";
  EXPECT_EQ(content({0x00, 'x', 0xe0, 3}), "xxxxx") << "the last byte again";
  EXPECT_EQ(content({0x20, 'a', 'b', 'c', 0x5f, 1, 0x00}), "abcbcbcbcb") << "5 + 2 bytes";
  more = {0x20, 'a', 'b', 'c', 0xe0, 255, 0xe0, 255, 0x0f, 0x02, 0x0a};
  EXPECT_EQ(content(more).substr(500), std::string(15, 'c') + "ab" + std::string(32, 'c'));
}

TEST(BiosModule, RefusesDamage) {
  EXPECT_EQ(error_of([] {
              return content({0x20, 'a'});
            }),
            "compressed module: 0x1+0x3 lies outside 0x2 bytes");
  EXPECT_EQ(error_of([] {
              return content({0x00, 'a', 0x03});
            }),
            "compressed module: the data end too early");
  EXPECT_EQ(error_of([] {
              return content({0x00, 'a', 0x03, 1});
            }),
            "compressed module: a match reaches 2 bytes back");
  EXPECT_EQ(error_of([] {
              return content({0x00, 'a', 0xe0, 99}, 100);
            }),
            "compressed module: expands beyond 100 bytes");
}

TEST(RomBiosPlus, IsAChainOfModules) {
  const Buffer image = rom_bios_plus(pattern(99, 1), {{0x0c, {1, 2, 3}}, {0x21, {0x10, 'o', 'k'}}});
  const RomBiosPlus bios = read_rom_bios_plus(image, 1000);
  EXPECT_EQ(bios.controller, (Range{0, 99}));
  ASSERT_EQ(bios.modules.size(), 3U);
  EXPECT_EQ(bios.modules[0].content.size(), 48U);
  EXPECT_EQ(std::string(bios.modules[0].content.begin(), bios.modules[0].content.end()),
            "Copyright 1985-1988 Phoenix Technologies Ltd.abc");
  EXPECT_EQ(bios.modules[1].type, 0x0c);
  EXPECT_EQ(bios.modules[1].content, (Buffer{1, 2, 3}));
  EXPECT_EQ(bios.modules[2].content, (Buffer{'o', 'k'}));
}

TEST(RomBiosPlus, MayHaveLengthsOfTwoBytes) {
  const Buffer longer = rom_bios_plus({}, {});
  Buffer image = {9, 0x01, longer[1], 0};
  image.insert(image.end(), longer.begin() + 5, longer.end() - 5);
  image.insert(image.end(), {0x0c, 2, 0, 'm', 'c', 0xff});
  const RomBiosPlus bios = read_rom_bios_plus(image, 1000);
  EXPECT_EQ(bios.controller, (Range{0, 1}));
  ASSERT_EQ(bios.modules.size(), 2U);
  EXPECT_EQ(bios.modules[1].content, (Buffer{'m', 'c'}));
}

TEST(RomBiosPlus, RefusesDamage) {
  const Buffer good = rom_bios_plus({}, {{0x0c, Buffer(100)}});
  const auto refusal = [](const Buffer& image, std::uint64_t limit = 1000) {
    return error_of([&] { return read_rom_bios_plus(image, limit).modules.size(); });
  };
  EXPECT_EQ(refusal(Buffer(100)), "is no Phoenix ROM BIOS PLUS image");
  EXPECT_EQ(refusal(Buffer(good.begin() + 3, good.end())), "BIOS module at 0x2: has no header");
  Buffer cut(good.begin(), good.end() - 6);
  EXPECT_EQ(refusal(cut), "BIOS module at 0x38: content: 0x3d+0x64 lies outside 0xa0 bytes");
  cut = Buffer(good.begin(), good.end() - 5);
  EXPECT_EQ(refusal(cut), "BIOS module at 0xa1: type: 0xa1+0x1 lies outside 0xa1 bytes");
  EXPECT_EQ(refusal(good, 100), "BIOS module at 0x38: all modules have more than 52 bytes");
}

}  // namespace
}  // namespace romwright::vendor
