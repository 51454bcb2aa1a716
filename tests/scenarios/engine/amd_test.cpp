// SPDX-License-Identifier: GPL-2.0-or-later
// The internal driver over modelled AMD chipsets: probe, read, write, refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/chipsets/amd/rom_protect.h"
#include "tests/scenarios/engine/on_amd.h"
#include "tests/support/thrown.h"

namespace romwright::flash::scenario {
namespace {

using test::thrown;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Range part{0x8000, 0x2000};

/// A kibibyte fresh, another blank.
Buffer changed(const Buffer& content) {
  Buffer image = content;
  const Buffer fresh = random_bytes(0x400, 3);
  std::copy(fresh.begin(), fresh.end(), image.begin() + part.offset + 0x100);
  std::fill_n(image.begin() + part.offset + 0x1000, 0x400, std::uint8_t{0xff});
  return image;
}

/// The value of a ROM protect register for a range of the 64 KiB chip.
constexpr std::uint32_t protects(Range range, bool writing = true, bool reading = false) {
  return static_cast<std::uint32_t>(0xffff0000U + range.offset) |
         static_cast<std::uint32_t>((range.size - 1) >> 10) << 2 | (writing ? 1U : 0) |
         (reading ? 2U : 0);
}

class EveryAmd : public ::testing::TestWithParam<AmdKind> {
 protected:
  static AmdSettings settings() { return {.kind = GetParam()}; }
  static bool fifo() { return GetParam() < AmdKind::yangtze; }
};

TEST_P(EveryAmd, ProbesReadsWritesVerifies) {
  OnAmd amd(settings());
  amd.open();
  EXPECT_EQ(amd.found->chip->name, amd.row.name);
  EXPECT_EQ(amd.device->read(false, amd.run), amd.content);
  const Buffer image = changed(amd.content);
  const WriteReport report = amd.write(image);
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.rewritten_blocks + report.link_errors + report.retries, 0U);
  EXPECT_EQ(amd.content, image);
}

TEST_P(EveryAmd, AProtectedRangeIsNamedBeforeTheFirstErase) {
  AmdSettings made = settings();
  made.protect_locked = true;
  made.rom_protect[2] = protects({0x9000, 0x400});
  OnAmd amd(made);
  amd.open();
  EXPECT_THAT(amd.programmer->warnings(),
              Contains(HasSubstr("ROM protect 2 forbids to write 0xffff9000+0x400")));
  const Buffer before = amd.content;
  EXPECT_THAT(thrown<ProtectedError>([&] { amd.write(changed(before)); }),
              HasSubstr("0x9000+0x400: protected by ROM protect 2, locked until reset"));
  EXPECT_EQ(amd.chip.counts().erases, 0U);
  EXPECT_EQ(amd.content, before);
  // What is protected and does not change is no obstacle.
  Buffer image = before;
  image[0xc000] ^= 0xff;
  EXPECT_TRUE(amd.write(image).verified_full);
  EXPECT_EQ(amd.model.counts().blocked, 0U);
}

TEST_P(EveryAmd, AProtectedRangeThatIsNotLockedIsLiftedWithLeave) {
  AmdSettings made = settings();
  made.rom_protect[0] = protects({0x9000, 0x400});
  OnAmd amd(made);
  amd.open();
  const Buffer image = changed(amd.content);
  EXPECT_THAT(thrown<ProtectedError>([&] { amd.write(image); }),
              AllOf(HasSubstr("ROM protect 0"), HasSubstr("--unprotect")));
  EXPECT_EQ(amd.model.rom_protect(0), made.rom_protect[0]);
  EXPECT_EQ(amd.chip.counts().erases, 0U);
  WriteOptions options;
  options.unprotect = true;
  EXPECT_TRUE(amd.write(image, options).verified_full);
  EXPECT_EQ(amd.content, image);
  amd.close();
  EXPECT_EQ(amd.model.rom_protect(0), made.rom_protect[0]);
  EXPECT_EQ(amd.model.counts().blocked, 0U);
}

TEST_P(EveryAmd, WhatMayNotBeReadIsLeftAlone) {
  AmdSettings made = settings();
  made.protect_locked = true;
  made.rom_protect[1] = protects({0x1000, 0x1000}, false, true);
  OnAmd amd(made);
  amd.open();
  EXPECT_THAT(thrown<RefusedError>([&] { amd.write(changed(amd.content)); }),
              AllOf(HasSubstr("0x1000+0x1000"), HasSubstr("ROM protect 1 forbids to read it")));
  WriteOptions options;
  options.allowed = {part};
  const Buffer image = changed(amd.content);
  amd.write(image, options);
  EXPECT_EQ(amd.content, image);
}

TEST_P(EveryAmd, StrappedToLpcItIsReadOnly) {
  AmdSettings made = settings();
  made.strap_override = 0x02;
  OnAmd amd(made);
  amd.open();
  EXPECT_THAT(thrown<ProtectedError>([&] { amd.write(changed(amd.content)); }),
              HasSubstr("the straps: the machine boots from LPC"));
  EXPECT_EQ(amd.chip.counts().erases, 0U);
}

TEST_P(EveryAmd, AClosedControllerIsSaid) {
  AmdSettings made = settings();
  made.closed = true;
  OnAmd amd(made);
  if (GetParam() == AmdKind::spi100) {
    amd.open();
    EXPECT_THAT(amd.programmer->warnings(), Contains(HasSubstr("may have closed the flash")));
    return;
  }
  EXPECT_THAT(thrown<NoDeviceError>([&] { amd.open(); }),
              HasSubstr("the firmware has closed the flash until reset"));
}

TEST_P(EveryAmd, ADeadControllerIsAnErrorInBoundedTime) {
  AmdSettings made = settings();
  made.hangs = true;
  OnAmd amd(made);
  EXPECT_THAT(thrown<NoDeviceError>([&] { amd.open(); }), HasSubstr("does not finish"));
  EXPECT_LT(amd.clock.now(), std::chrono::seconds(10));
}

TEST_P(EveryAmd, MemoryInPlaceOfAControllerIsNone) {
  AmdSettings made = settings();
  made.memory_only = true;
  OnAmd amd(made);
  thrown<NoDeviceError>([&] { amd.open(); });
  EXPECT_LT(amd.clock.now(), std::chrono::seconds(10));
}

TEST_P(EveryAmd, TheClockIsPutBack) {
  OnAmd amd(settings());
  amd.open();
  SpiBus& bus = *amd.programmer->spi();
  const std::uint32_t before = bus.limits().clock_hz;
  const std::array<std::uint8_t, 4> registers{amd.model.peek(0x0d), amd.model.peek(0x20),
                                              amd.model.peek(0x22), amd.model.peek(0x23)};
  if (GetParam() == AmdKind::yangtze)
    EXPECT_EQ(before, 0U);
  else
    EXPECT_NEAR(before, 16'600'000, 100'000);
  EXPECT_NEAR(bus.set_clock_hz(34'000'000), 33'100'000, 300'000);
  EXPECT_EQ(bus.limits().clock_hz, bus.set_clock_hz(34'000'000));
  EXPECT_EQ(amd.device->read(false, amd.run), amd.content);
  amd.close();
  EXPECT_EQ((std::array<std::uint8_t, 4>{amd.model.peek(0x0d), amd.model.peek(0x20),
                                         amd.model.peek(0x22), amd.model.peek(0x23)}),
            registers);
}

TEST_P(EveryAmd, TheEmbeddedControllerIsStoppedForAWrite) {
  if (GetParam() == AmdKind::sb600) GTEST_SKIP() << "an SB600 has none";
  AmdSettings made = settings();
  made.imc = true;
  OnAmd amd(made);
  amd.open();
  EXPECT_THAT(amd.programmer->findings(),
              Contains(AllOf(Field(&Finding::name, "imc"),
                             Field(&Finding::status, FindingStatus::warning))));
  EXPECT_FALSE(amd.model.imc_sleeps());
  const Buffer image = changed(amd.content);
  EXPECT_TRUE(amd.write(image).verified_full);
  EXPECT_EQ(amd.content, image);
  EXPECT_EQ(amd.model.counts().while_imc_runs, 0U);
  EXPECT_TRUE(amd.model.imc_sleeps());
  amd.close();
  EXPECT_FALSE(amd.model.imc_sleeps());
}

TEST_P(EveryAmd, ALookStopsAndTriesNothing) {
  AmdSettings made = settings();
  made.imc = GetParam() != AmdKind::sb600;
  made.rom_protect[0] = protects({0x9000, 0x400});
  OnAmd amd(made);
  amd.open();
  amd.programmer->look_only();
  const std::uint64_t before = amd.model.counts().configuration_writes;
  const std::vector<Protection> found = amd.nor->protections();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].by, "ROM protect 0, unless it is locked until reset");
  EXPECT_FALSE(amd.model.imc_sleeps());
  EXPECT_EQ(amd.model.counts().configuration_writes, before);
}

TEST_P(EveryAmd, AnEmbeddedControllerThatCannotBeStoppedForbidsWrites) {
  if (GetParam() == AmdKind::sb600) GTEST_SKIP() << "an SB600 has none";
  for (const bool lockdown : {false, true}) {
    AmdSettings made = settings();
    made.imc = true;
    made.imc_deaf = !lockdown;
    made.lockdown = lockdown;
    OnAmd amd(made);
    amd.open();
    EXPECT_THAT(thrown<ProtectedError>([&] { amd.write(changed(amd.content)); }),
                HasSubstr(lockdown ? "the I/O ports by which it is stopped are closed"
                                   : "does not answer the request to stop"));
    EXPECT_EQ(amd.chip.counts().erases, 0U);
    EXPECT_LT(amd.clock.now(), std::chrono::seconds(30));
  }
}

const char* name_of(AmdKind kind) {
  constexpr std::array names{"Sb600", "Sb700", "Sb800", "Hudson", "Yangtze", "Spi100"};
  return names.at(static_cast<std::size_t>(kind));
}

INSTANTIATE_TEST_SUITE_P(Chipsets, EveryAmd,
                         ::testing::Values(AmdKind::sb600, AmdKind::sb700, AmdKind::hudson,
                                           AmdKind::yangtze, AmdKind::spi100),
                         [](const auto& one) { return name_of(one.param); });

TEST(Amd, AnSb800IsDrivenAsTheOthers) {
  OnAmd amd({.kind = AmdKind::sb800});
  amd.open();
  EXPECT_THAT(amd.programmer->description(), HasSubstr("SB8x0/SB9x0/Hudson-1"));
  const Buffer image = changed(amd.content);
  EXPECT_TRUE(amd.write(image).verified_full);
  EXPECT_EQ(amd.content, image);
}

TEST(Amd, AMovedFifoPointerIsNoticedAndTheCommandRepeated) {
  OnAmd amd({.kind = AmdKind::sb700, .disturb_every = 1000});
  amd.open();
  const Buffer image = changed(amd.content);
  const WriteReport report = amd.write(image);
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.link_errors, 0U);
  EXPECT_EQ(amd.content, image);
}

TEST(Amd, AnOpcodeThatTheControllerRefusesIsAnError) {
  for (const AmdKind kind : {AmdKind::yangtze, AmdKind::spi100}) {
    OnAmd amd({.kind = kind, .refused = {0x03}});
    amd.open();
    EXPECT_THAT(thrown<DeviceError>([&] { amd.device->read(false, amd.run); }),
                HasSubstr("opcode 0x03: the controller refuses it"));
  }
}

TEST(Amd, ARefusalThatWasThereBeforeSaysNothing) {
  for (const AmdKind kind : {AmdKind::yangtze, AmdKind::spi100}) {
    OnAmd amd({.kind = kind, .stuck_refusal = true});
    amd.open();
    EXPECT_EQ(amd.device->read(false, amd.run), amd.content);
  }
}

TEST(Amd, RomArmorAndAnUnusedControllerAreSaid) {
  OnAmd armored({.kind = AmdKind::spi100, .rom_armor = true});
  EXPECT_THAT(thrown<NoDeviceError>([&] { armored.open(); }), HasSubstr("ROM Armor is on"));
  OnAmd unused({.kind = AmdKind::sb700, .spi_off = true});
  EXPECT_THAT(thrown<NoDeviceError>([&] { unused.open(); }), HasSubstr("SPI is not in use"));
  EXPECT_EQ(unused.model.counts().register_accesses, 0U);
}

TEST(Amd, RevisionsThatAreNotKnownAreNotTouched) {
  OnAmd amd({.kind = AmdKind::spi100, .revision = 0x99});
  EXPECT_THAT(thrown<NoDeviceError>([&] { amd.open(); }),
              AllOf(HasSubstr("1022:790e"), HasSubstr("revision 0x99")));
  EXPECT_EQ(amd.model.counts().register_accesses, 0U);
}

TEST(Amd, AnUntestedChipsetIsSaid) {
  OnAmd amd({.kind = AmdKind::spi100, .revision = 0x51});
  amd.open();
  EXPECT_THAT(amd.programmer->warnings(),
              Contains(AllOf(HasSubstr("Renoir/Cezanne"), HasSubstr("nobody has reported"))));
  OnAmd tested({.kind = AmdKind::sb700});
  tested.open();
  EXPECT_THAT(tested.programmer->warnings(), ::testing::IsEmpty());
  EXPECT_THAT(tested.programmer->findings(),
              Each(Field(&Finding::status, Not(FindingStatus::problem))));
}

TEST(Amd, PinsThatAreNotSpisAreLeftAlone) {
  OnAmd amd({.kind = AmdKind::sb700, .gpio_taken = 0x40});
  EXPECT_THAT(thrown<NoDeviceError>([&] { amd.open(); }),
              HasSubstr("SPI is not in use (GPIO11/SPI_DO is set up for something else)"));
  EXPECT_EQ(amd.model.counts().register_accesses, 0U);
}

TEST(Amd, LargeChipsAreAddressedWithoutFourByteMode) {
  OnAmd old({.kind = AmdKind::yangtze}, "W25Q256JV_M");
  old.open();
  EXPECT_EQ(old.nor->address_mode(), AddressMode::extended);
  OnAmd fresh({.kind = AmdKind::spi100}, "W25Q256JV_M");
  fresh.open();
  EXPECT_EQ(fresh.nor->address_mode(), AddressMode::dedicated);
}

TEST(Amd, RomProtectsRangesOfTheChip) {
  const auto one = amd::decode_rom_protect(protects({0x9000, 0x400}, true, true));
  EXPECT_EQ(one.mapped, (Range{0xffff9000, 0x400}));
  EXPECT_TRUE(one.no_write && one.no_read);
  using Ranges = std::vector<Range>;
  EXPECT_EQ(amd::in_chip(one.mapped, 64U << 10), (Ranges{{0x9000, 0x400}}));
  EXPECT_EQ(amd::in_chip(one.mapped, 8U << 20), (Ranges{{0x7f9000, 0x400}}));
  EXPECT_EQ(amd::in_chip({0xff000000, 0x1000}, 256U << 10), Ranges{});
  EXPECT_EQ(amd::in_chip({0xfffff800, 0x80000}, 1U << 20), (Ranges{{0xff800, 0x800}}));
  EXPECT_EQ(amd::in_chip({0xe0000, 0x20000}, 4U << 20),
            (Ranges{{0xe0000, 0x20000}, {0x3e0000, 0x20000}}));
  EXPECT_EQ(amd::in_chip({0x600000, 0x1000}, 8U << 20), (Ranges{{0x600000, 0x1000}}));
}

}  // namespace
}  // namespace romwright::flash::scenario
