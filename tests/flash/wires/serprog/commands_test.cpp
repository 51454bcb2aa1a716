// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/commands.h"

#include <array>

#include <gtest/gtest.h>

namespace romwright::flash {
namespace {

TEST(SerprogCommands, AreTheProtocolsBytes) {
  Buffer out;
  append_serprog(out, Serprog::sync);
  append_serprog(out, Serprog::set_chip_select, std::uint8_t{3});
  append_serprog(out, Serprog::set_clock, std::uint32_t{16'000'000});
  append_serprog(out, Serprog::delay, std::uint32_t{0x01020304});
  EXPECT_EQ(out, (Buffer{0x10, 0x16, 3, 0x14, 0x00, 0x24, 0xf4, 0x00, 0x0e, 4, 3, 2, 1}));
}

TEST(SerprogCommands, SpiOperation) {
  const Buffer data = {0xaa, 0xbb};
  Buffer answer(0x10203), out;
  append_serprog(out,
                 SpiCommand{.opcode = 0x02, .address_bytes = 3, .address = 0x123456, .out = data});
  EXPECT_EQ(out, (Buffer{0x13, 6, 0, 0, 0, 0, 0, 0x02, 0x12, 0x34, 0x56, 0xaa, 0xbb}));
  out.clear();
  append_serprog(out, SpiCommand{.opcode = 0x0c,
                                 .address_bytes = 4,
                                 .dummy_bytes = 1,
                                 .address = 0x01020304,
                                 .in = answer});
  EXPECT_EQ(out, (Buffer{0x13, 6, 0, 0, 3, 2, 1, 0x0c, 1, 2, 3, 4, 0}));
  out.clear();
  append_serprog_status(out, 0x05, 2101);
  EXPECT_EQ(out, (Buffer{0x13, 1, 0, 0, 0x35, 0x08, 0, 0x05}));
}

TEST(SerprogCommands, Map) {
  std::array<std::uint8_t, 32> map{};
  map[2] = 0x08;
  const SerprogCommands commands(map);
  EXPECT_TRUE(commands.has(Serprog::spi));
  EXPECT_FALSE(commands.has(Serprog::set_bus));
  EXPECT_FALSE(commands.has(Serprog::nop));
  EXPECT_FALSE(SerprogCommands().has(Serprog::spi));
}

TEST(SerprogCommands, Names) {
  EXPECT_EQ(serprog_name(Serprog::spi), "O_SPIOP");
  EXPECT_EQ(serprog_name(Serprog::query_longest_read), "Q_RDNMAXLEN");
  EXPECT_EQ(serprog_name(static_cast<Serprog>(0xee)), "command");
}

}  // namespace
}  // namespace romwright::flash
