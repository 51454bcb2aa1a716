// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/amd_model.h"

#include <gtest/gtest.h>

#include "tests/flash/sim/chips.h"

namespace romwright::flash {
namespace {

/// A modelled chipset, spoken to register by register.
struct Modelled {
  explicit Modelled(const AmdSettings& settings)
      : chip("W25X05", {}, 0x5a),
        model(settings, chip.model, chip.clock),
        registers(model.map(0xfec10000, 256)) {}

  void rewind() { registers->write8(2, registers->read8(2) | 0x10); }
  void execute() {
    registers->write8(2, registers->read8(2) | 0x01);
    while ((registers->read8(2) & 1) != 0) chip.clock.advance(std::chrono::microseconds(1));
  }
  [[nodiscard]] unsigned pointer() const { return registers->read8(0x0d) & 7U; }

  test::SimChip chip;
  AmdModel model;
  std::unique_ptr<Registers> registers;
};

TEST(AmdModel, TheFifoIsARingThatIsSentFromItsPointer) {
  Modelled amd({.kind = AmdKind::sb700});
  amd.chip.content[0x123] = 0x77;
  amd.registers->write8(0, 0x03);
  amd.registers->write8(1, 0x13);
  amd.rewind();
  for (const std::uint8_t byte : Buffer{0x00, 0x01, 0x23}) amd.registers->write8(0x0c, byte);
  EXPECT_EQ(amd.pointer(), 3U);
  amd.rewind();
  amd.execute();
  EXPECT_EQ(amd.pointer(), 4U);
  amd.rewind();
  for (int i = 0; i < 3; ++i) (void)amd.registers->read8(0x0c);
  EXPECT_EQ(amd.registers->read8(0x0c), 0x77);
}

TEST(AmdModel, ABareOpcodeReadsAByteTooFew) {
  Modelled amd({.kind = AmdKind::sb700});
  amd.registers->write8(0, 0x9f);
  amd.registers->write8(1, 0x30);
  amd.rewind();
  amd.execute();
  EXPECT_EQ(amd.pointer(), 2U);
  amd.rewind();
  EXPECT_EQ(amd.registers->read8(0x0c), 0xef);
}

TEST(AmdModel, RomProtectSwallowsErasesInTheMachinesAddresses) {
  // The upper KiB of the 64 KiB that end at 4 GiB.
  Modelled amd({.kind = AmdKind::spi100, .rom_protect = {0xfffffc01}});
  const auto send = [&](std::uint8_t opcode, std::initializer_list<std::uint8_t> out) {
    amd.registers->write8(0x45, opcode);
    amd.registers->write8(0x48, static_cast<std::uint8_t>(out.size()));
    amd.registers->write8(0x4b, 0);
    std::uint32_t at = 0x80;
    for (const std::uint8_t byte : out) amd.registers->write8(at++, byte);
    amd.registers->write8(0x47, 0x80);
    while ((amd.registers->read32(0x4c) >> 31) != 0)
      amd.chip.clock.advance(std::chrono::microseconds(1));
  };
  send(0x06, {});
  send(0x20, {0x00, 0xf0, 0x00});
  EXPECT_EQ(amd.model.counts().blocked, 1U);
  EXPECT_EQ(amd.chip.content[0xf000], 0x5a);
  send(0x20, {0x00, 0xe0, 0x00});
  EXPECT_EQ(amd.chip.content[0xe000], 0xff);
}

TEST(AmdModel, TheEmbeddedControllerAnswersItsMailbox) {
  Modelled amd({.kind = AmdKind::sb800, .imc = true});
  const auto port = static_cast<std::uint16_t>(amd.model.read16(PciAddress{0, 0, 0x14, 3}, 0xa4));
  EXPECT_EQ(port, 0x2f);
  const auto mailbox = [&](std::uint8_t at, std::uint8_t value) {
    amd.model.write8(std::uint16_t{0x3e}, at);
    amd.model.write8(std::uint16_t{0x3f}, value);
  };
  mailbox(0x82, 0);
  mailbox(0x83, 0xb4);
  EXPECT_FALSE(amd.model.imc_sleeps());
  mailbox(0x80, 0x96);
  EXPECT_TRUE(amd.model.imc_sleeps());
  amd.model.write8(std::uint16_t{0x3e}, 0x82);
  EXPECT_EQ(amd.model.read8(std::uint16_t{0x3f}), 0xfa);
}

}  // namespace
}  // namespace romwright::flash
