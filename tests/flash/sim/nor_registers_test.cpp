// SPDX-License-Identifier: GPL-2.0-or-later
// The status and configuration registers of the simulated chip: what lasts, and what locks.
#include <gtest/gtest.h>

#include "flash/chips/table.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash {
namespace {

using std::chrono::milliseconds;

class Registers : public ::testing::Test {
 protected:
  explicit Registers(std::string_view name = "W25Q64FV")
      : chip(*find_chips(name).at(0)), content(chip.size, 0xff), model(chip, content, clock) {}

  void send(const Buffer& out) { model.cycle(out, {}); }
  std::uint8_t read(std::uint8_t opcode) {
    std::uint8_t value = 0;
    model.cycle({&opcode, 1}, {&value, 1});
    return value;
  }
  void write(std::uint8_t enable, const Buffer& out) {
    send({enable});
    send(out);
    clock.advance(milliseconds(20));
  }

  VirtualClock clock;
  const Chip& chip;
  Buffer content;
  NorModel model;
};

class MacronixRegisters : public Registers {
 protected:
  MacronixRegisters() : Registers("MX25L25635F") {}
};

TEST_F(Registers, WriteEnableFallsWhenTheOperationEnds) {
  EXPECT_EQ(read(0x05), 0x00);
  send({0x06});
  EXPECT_EQ(read(0x05), 0x02);
  send({0x20, 0x00, 0x10, 0x00});
  EXPECT_EQ(read(0x05), 0x03);
  clock.advance(milliseconds(44));
  EXPECT_EQ(read(0x05), 0x03);
  clock.advance(milliseconds(1));
  EXPECT_EQ(read(0x05), 0x00);
}

TEST_F(Registers, VolatileWritesAreLostWithThePower) {
  write(0x06, {0x01, 0x04});
  EXPECT_EQ(read(0x05), 0x04);
  EXPECT_EQ(model.stored_registers()[0], 0x04);
  write(0x50, {0x01, 0x1c});
  EXPECT_EQ(read(0x05), 0x1c);
  EXPECT_EQ(model.stored_registers()[0], 0x04);
  model.power_up();
  EXPECT_EQ(read(0x05), 0x04);
}

TEST_F(Registers, LockedUntilThePowerIsCut) {
  write(0x06, {0x31, 0x01});  // SRL
  EXPECT_EQ(read(0x35), 0x01);
  write(0x06, {0x01, 0x04});
  EXPECT_EQ(read(0x05), 0x00);
  write(0x50, {0x01, 0x04});
  EXPECT_EQ(read(0x05), 0x00);
  model.power_up();
  EXPECT_EQ(read(0x35), 0x00);
  write(0x06, {0x01, 0x04});
  EXPECT_EQ(read(0x05), 0x04);
}

TEST_F(Registers, LockedForEver) {
  write(0x06, {0x01, 0x84});
  write(0x06, {0x31, 0x01});
  model.power_up();
  write(0x06, {0x01, 0x00});
  EXPECT_EQ(read(0x05), 0x84);
  EXPECT_EQ(read(0x35), 0x01);
}

TEST_F(MacronixRegisters, ConfigurationIsTheSecondByteOfAStatusWrite) {
  write(0x06, {0x01, 0x04, 0x80});
  EXPECT_EQ(read(0x05), 0x04);
  EXPECT_EQ(read(0x15), 0x80);
  // One byte leaves it as it is.
  write(0x06, {0x01, 0x08});
  EXPECT_EQ(read(0x05), 0x08);
  EXPECT_EQ(read(0x15), 0x80);
}

TEST_F(MacronixRegisters, TopBottomBitIsSetForEver) {
  write(0x06, {0x01, 0x04, 0x08});
  // The lowest 64 KiB now: what is above can be written.
  write(0x06, {0x02, 0x00, 0xff, 0xff, 0x00});
  write(0x06, {0x02, 0x01, 0x00, 0x00, 0x00});
  EXPECT_EQ(content[0xffff], 0xff);
  EXPECT_EQ(content[0x10000], 0x00);
  write(0x06, {0x01, 0x00, 0x00});
  EXPECT_EQ(read(0x15), 0x08);
}

TEST_F(MacronixRegisters, ListensOnFourLinesAfterWhatReadsSr2Elsewhere) {
  EXPECT_EQ(read(0x9f), 0xc2);
  EXPECT_EQ(read(0x35), 0xff);
  EXPECT_EQ(read(0x9f), 0xff);
  EXPECT_EQ(read(0x05), 0xff);
  model.power_up();
  EXPECT_EQ(read(0x9f), 0xc2);
}

}  // namespace
}  // namespace romwright::flash
