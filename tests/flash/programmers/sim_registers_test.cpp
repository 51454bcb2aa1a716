// SPDX-License-Identifier: GPL-2.0-or-later
// What the simulated programmer keeps of the chip's registers between two runs.
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/base/read_file.h"
#include "flash/programmers/table.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

class SimRegisters : public ::testing::Test {
 protected:
  std::unique_ptr<Programmer> open(const std::string& more = {}) {
    const ProgrammerChoice choice =
        parse_programmer("sim:chip=W25Q16.V,image=" + image.string() + more, programmers());
    return choice.entry->open(choice.parameters);
  }
  /// Writes status register 1 after `enable`, and reads it back.
  std::uint8_t set(Programmer& programmer, std::uint8_t enable, std::uint8_t value) {
    const std::array<SpiOp, 3> program{
        SpiCommand{.opcode = enable}, SpiCommand{.opcode = 0x01, .out = {&value, 1}},
        SpiPoll{.mask = 0x03, .expect = 0, .deadline = std::chrono::seconds(1)}};
    EXPECT_EQ(programmer.spi()->run(program, {}).completed, 3U);
    return status(programmer);
  }
  std::uint8_t status(Programmer& programmer) {
    std::uint8_t value = 0;
    const SpiOp read = SpiCommand{.opcode = 0x05, .in = {&value, 1}};
    programmer.spi()->run({&read, 1}, {});
    return value;
  }
  romwright::test::TemporaryFolder folder;
  std::filesystem::path image = folder / "chip";
  std::filesystem::path kept = folder / "chip.sr";
};

TEST_F(SimRegisters, UnchangedOnesLeaveNoFile) {
  open()->close();
  EXPECT_FALSE(std::filesystem::exists(kept));
}

TEST_F(SimRegisters, NonVolatileWritesStay) {
  auto first = open();
  EXPECT_EQ(set(*first, 0x06, 0x1c), 0x1c);
  first->close();
  first.reset();
  EXPECT_EQ(read_file(kept, 16), (Buffer{0x1c, 0, 0, 0}));
  EXPECT_EQ(status(*open()), 0x1c);
}

TEST_F(SimRegisters, VolatileWritesDoNot) {
  auto first = open(",sr1=0x1c");
  EXPECT_EQ(set(*first, 0x50, 0x00), 0x00);
  first->close();
  first.reset();
  EXPECT_FALSE(std::filesystem::exists(kept));
  EXPECT_EQ(status(*open(",sr1=0x1c")), 0x1c);
}

TEST_F(SimRegisters, AValueThatIsNone) {
  try {
    open(",sr1=0x100");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.line(), "programmer sim: sr1=0x100 is no register value (0 to 0xff)");
  }
}

}  // namespace
}  // namespace romwright::flash
