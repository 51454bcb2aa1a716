// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/programmers/table.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

class SimProgrammerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Programmer> open(const std::string& text) {
    const ProgrammerChoice choice = parse_programmer(text, programmers());
    return choice.entry->open(choice.parameters);
  }
  std::string with_image(const std::string& rest) {
    return "sim:image=" + image() + (rest.empty() ? "" : "," + rest);
  }
  template <typename E>
  std::string error_of(const std::string& text) {
    try {
      open(text);
    } catch (const E& error) {
      return error.line();
    }
    return "none";
  }
  static Buffer ask(Programmer& programmer, std::uint8_t opcode, std::size_t size,
                    ConstBytes out = {}, std::uint8_t address_bytes = 0) {
    Buffer in(size);
    const std::array<SpiOp, 1> one = {
        SpiCommand{.opcode = opcode, .address_bytes = address_bytes, .out = out, .in = in}};
    programmer.spi()->run(one, {});
    return in;
  }
  [[nodiscard]] std::string image() const { return (folder_ / "chip.bin").string(); }

  test::TemporaryFolder folder_;
};

TEST_F(SimProgrammerTest, MakesABlankChip) {
  const auto programmer = open(with_image("chip=W25Q16.V"));
  EXPECT_TRUE(programmer->simulated());
  EXPECT_EQ(programmer->flash(), nullptr);
  EXPECT_FALSE(programmer->millivolts());
  EXPECT_EQ(programmer->description(),
            "simulated Winbond W25Q16.V on the ideal link at 30 MHz, content in " + image());
  EXPECT_EQ(ask(*programmer, 0x9f, 3), (Buffer{0xef, 0x40, 0x15}));
  const Buffer content = test::read_file(image());
  EXPECT_EQ(content.size(), 2U << 20);
  EXPECT_TRUE(all_equal(content, 0xff));
}

TEST_F(SimProgrammerTest, KeepsContentAndRegisters) {
  {
    const auto programmer = open(with_image("chip=W25Q16.V"));
    ask(*programmer, 0x06, 0);
    ask(*programmer, 0x02, 0, Buffer{0x12, 0x34}, 3);
    programmer->spi()->clock().sleep(std::chrono::seconds(1));
    ask(*programmer, 0x06, 0);
    ask(*programmer, 0x01, 0, Buffer{0x1c});
    programmer->close();
  }
  EXPECT_EQ(test::read_file(image())[1], 0x34);
  const auto programmer = open(with_image("chip=W25Q16.V"));
  EXPECT_EQ(ask(*programmer, 0x03, 2, {}, 3), (Buffer{0x12, 0x34}));
  EXPECT_EQ(ask(*programmer, 0x05, 1), (Buffer{0x1c}));
}

TEST_F(SimProgrammerTest, TakesItsParameters) {
  const auto programmer =
      open(with_image("chip=w25q16bv,link=ft2232h,clock=12500k,sr1=0x04,id=c22018"));
  EXPECT_EQ(programmer->spi()->limits().clock_hz, 12'500'000U);
  EXPECT_TRUE(programmer->spi()->limits().streams);
  EXPECT_EQ(ask(*programmer, 0x05, 1), (Buffer{0x04}));
  EXPECT_EQ(ask(*programmer, 0x9f, 3), (Buffer{0xc2, 0x20, 0x18}));
}

TEST_F(SimProgrammerTest, SaysWhatIsWrong) {
  EXPECT_EQ(error_of<UsageError>("sim"),
            "programmer sim: no chip given (sim:chip=W25Q64FV,image=FILE)");
  EXPECT_EQ(error_of<UsageError>("sim:chip=W25Q16.V"),
            "programmer sim: no image given (image=FILE keeps the chip's content)");
  EXPECT_EQ(error_of<UsageError>(with_image("chip=W25Q80.X")),
            "programmer sim: unknown chip 'W25Q80.X' (did you mean 'W25Q80.V'?)");
  EXPECT_EQ(error_of<UsageError>(with_image("chip=W25Q16.V,link=wire")),
            "programmer sim: unknown link 'wire' (ideal, ft2232h or serprog)");
  EXPECT_EQ(error_of<UsageError>(with_image("chip=W25Q16.V,clock=0")),
            "programmer sim: clock=0 is no SPI clock (such as 30M)");
  EXPECT_EQ(error_of<UsageError>(with_image("chip=W25Q16.V,clock=2000M")),
            "programmer sim: clock=2000M is no SPI clock (such as 30M)");
  EXPECT_EQ(error_of<UsageError>(with_image("chip=W25Q16.V,clock=fast")),
            "programmer sim: clock=fast does not parse (a number)");
  EXPECT_EQ(error_of<UsageError>(with_image("chip=W25Q16.V,sr1=0x100")),
            "programmer sim: sr1=0x100 is no register value (0 to 0xff)");
  EXPECT_EQ(error_of<UsageError>(with_image("chips=W25Q16.V")),
            "programmer sim: unknown parameter 'chips' (did you mean 'chip'?)");
}

TEST_F(SimProgrammerTest, RefusesAFileOfAnotherSize) {
  test::write_file(image(), Buffer(1U << 20, 0));
  EXPECT_EQ(error_of<NoDeviceError>(with_image("chip=W25Q16.V")),
            image() + ": 1 MiB, the chip has 2 MiB (name another file, or another chip)");
  EXPECT_EQ(test::read_file(image()), Buffer(1U << 20, 0));
}

TEST_F(SimProgrammerTest, RefusesAFileInUse) {
  const auto first = open(with_image("chip=W25Q16.V"));
  EXPECT_EQ(error_of<NoDeviceError>(with_image("chip=W25Q16.V")),
            image() + ": in use by another process");
}

}  // namespace
}  // namespace romwright::flash
