// SPDX-License-Identifier: GPL-2.0-or-later
// The internal driver over modelled Intel chipsets: probe, read, write, refuse.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/engine/on_pch.h"
#include "tests/scenarios/engine/pch_figures.h"
#include "tests/support/thrown.h"

namespace romwright::flash::scenario {
namespace {

using test::thrown;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr Range bios{0x40000, 0xc0000};
constexpr Range part{0x80000, 0x10000};

/// Changes in the BIOS region: two kibibytes fresh, a sector blank.
Buffer changed(const Buffer& content) {
  Buffer image = content;
  const Buffer fresh = random_bytes(0x800, 3);
  std::copy(fresh.begin(), fresh.end(), image.begin() + part.offset + 0x100);
  std::fill_n(image.begin() + part.offset + 0x2000, 0x1000, std::uint8_t{0xff});
  return image;
}

struct Case {
  const char* name;
  PchKind kind;
  Sequencing sequencing;
  bool hidden = false;
  bool hardware = false;
  bool locked = false;
};

class EveryPch : public ::testing::TestWithParam<Case> {
 protected:
  static PchSettings settings() {
    PchSettings made{
        .kind = GetParam().kind, .hidden = GetParam().hidden, .locked = GetParam().locked};
    if (made.locked) {
      made.menu = {{0x01, 0x02, 0x03, 0x05, 0x20, 0x9f, 0xd8, 0x0b}};
      made.menu_types = 0b10'11'00'11'00'10'11'01;
      made.preops = 0x5006;
    }
    return made;
  }
};

TEST_P(EveryPch, ProbesReadsWritesVerifies) {
  OnPch pch(settings());
  pch.usual_descriptor();
  pch.open(GetParam().sequencing);
  EXPECT_EQ(pch.programmer->flash() != nullptr, GetParam().hardware);
  EXPECT_EQ(pch.flash().geometry().size, pch.content.size());
  const Buffer image = changed(pch.content);
  const WriteReport report = pch.write(image);
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.rewritten_blocks + report.link_errors + report.retries, 0U);
  EXPECT_EQ(pch.content, image);
  EXPECT_EQ(pch.model->bios_control(), 1);
  pch.close();
  EXPECT_EQ(pch.model->bios_control(), 0);
  EXPECT_EQ(pch.model->counts().denied, 0U);
}

TEST_P(EveryPch, TheFirmwaresLockIsFoundBeforeTheFirstErase) {
  for (const bool smm_only : {false, true}) {
    PchSettings made = settings();
    made.smm_only = smm_only;
    made.takes_writes_back = !smm_only;
    OnPch pch(made);
    pch.usual_descriptor();
    pch.open(GetParam().sequencing);
    const std::string line = thrown<ProtectedError>([&] { pch.write(changed(pch.content)); });
    EXPECT_THAT(line, AllOf(HasSubstr("0x80000+0x"), HasSubstr("BIOS_CNTL"),
                            HasSubstr(smm_only ? "SMM_BWP" : "BIOSWE does not stay set")));
    EXPECT_EQ(pch.erases(), 0U);
  }
}

TEST_P(EveryPch, FirmwareThatTakesTheLeaveBackLaterIsNoticed) {
  PchSettings made = settings();
  made.takes_back_later = 2;
  OnPch pch(made);
  pch.usual_descriptor();
  pch.open(GetParam().sequencing);
  EXPECT_THAT(thrown<Error>([&] { pch.write(changed(pch.content)); }), HasSubstr("BIOS_CNTL"));
  EXPECT_EQ(pch.erases(), 0U);
}

TEST_P(EveryPch, FirmwareThatTakesTheLeaveBackInTheMiddleIsAskedAgain) {
  PchSettings made = settings();
  made.takes_back_every = 7;
  OnPch pch(made);
  pch.usual_descriptor();
  pch.open(GetParam().sequencing);
  const Buffer image = changed(pch.content);
  EXPECT_TRUE(pch.write(image).verified_full);
  EXPECT_EQ(pch.content, image);
  EXPECT_GT(pch.model->counts().denied, 0U);
  pch.close();
  EXPECT_EQ(pch.model->bios_control(), 0);
}

TEST_P(EveryPch, AProtectedRangeOverAPartOfTheChangeIsNamed) {
  PchSettings made = settings();
  made.locked = true;
  if (!made.menu) {
    made.menu = {{0x01, 0x02, 0x03, 0x05, 0x20, 0x9f, 0xd8, 0x0b}};
    made.menu_types = 0b10'11'00'11'00'10'11'01;
    made.preops = 0x5006;
  }
  const Range locked{0x82000, 0x1000};
  made.pr[0] = made.kind == PchKind::ich7 ? 0x80082082U : forbids(locked);
  const Buffer before = [&] {
    OnPch pch(made);
    pch.usual_descriptor();
    pch.open(GetParam().sequencing);
    const Buffer content = pch.content;
    const std::string line = thrown<ProtectedError>([&] { pch.write(changed(content)); });
    EXPECT_THAT(line, AllOf(HasSubstr("0x82000+0x1000: protected by P"),
                            HasSubstr("R0, locked until reset")));
    EXPECT_EQ(pch.erases(), 0U);
    EXPECT_EQ(pch.content, content);
    return content;
  }();
  // What is locked and does not change is no obstacle.
  OnPch pch(made);
  pch.usual_descriptor();
  pch.open(GetParam().sequencing);
  Buffer image = changed(pch.content);
  std::copy_n(before.begin() + 0x82000, 0x1000, image.begin() + 0x82000);
  EXPECT_TRUE(pch.write(image).verified_full);
  EXPECT_EQ(pch.content, image);
}

TEST_P(EveryPch, AnErrorNowAndThenIsNoError) {
  PchSettings made = settings();
  made.fail_every = 1000;
  OnPch pch(made);
  pch.usual_descriptor();
  pch.open(GetParam().sequencing);
  const Buffer image = changed(pch.content);
  EXPECT_TRUE(pch.write(image).verified_full);
  EXPECT_EQ(pch.content, image);
}

TEST_P(EveryPch, ADeadControllerIsAnErrorInBoundedTime) {
  PchSettings made = settings();
  made.hangs = true;
  OnPch pch(made);
  pch.usual_descriptor();
  thrown<NoDeviceError>([&] {
    pch.open(GetParam().sequencing);
    pch.device->read(false, pch.run);
  });
  EXPECT_LT(pch.clock.now(), std::chrono::seconds(10));
}

TEST_P(EveryPch, ARefusalThatNoRegisterTellsOfIsNoHalfWrite) {
  PchSettings made = settings();
  made.denies_writes = true;
  OnPch pch(made);
  pch.usual_descriptor();
  pch.open(GetParam().sequencing);
  const Buffer before = pch.content;
  EXPECT_THAT(thrown<ProtectedError>([&] { pch.write(changed(pch.content)); }),
              AllOf(HasSubstr("at 0x80000: the controller denies access")));
  EXPECT_EQ(pch.erases(), 0U);
  EXPECT_EQ(pch.content, before);
  EXPECT_TRUE(pch.bench.journals().empty());
}

TEST_P(EveryPch, AnotherMastersCycleIsWaitedFor) {
  PchSettings made = settings();
  made.other_master = std::chrono::milliseconds(500);
  OnPch pch(made);
  pch.usual_descriptor();
  pch.open(GetParam().sequencing);
  EXPECT_EQ(pch.device->read(false, pch.run), pch.content);
  EXPECT_GE(pch.clock.now(), made.other_master);
}

TEST_P(EveryPch, MemoryInPlaceOfAControllerIsNone) {
  PchSettings made = settings();
  made.memory_only = true;
  OnPch pch(made);
  pch.usual_descriptor();
  const std::string line = thrown<NoDeviceError>([&] { pch.open(Sequencing::automatic); });
  EXPECT_THAT(line, HasSubstr("no SPI controller answers"));
  EXPECT_LT(pch.clock.now(), std::chrono::seconds(10));
}

INSTANTIATE_TEST_SUITE_P(
    Chipsets, EveryPch,
    ::testing::Values(Case{"Ich7", PchKind::ich7, Sequencing::automatic},
                      Case{"Ich9", PchKind::ich9, Sequencing::automatic},
                      Case{"Ich9Locked", PchKind::ich9, Sequencing::automatic, false, false, true},
                      Case{"Ich9Hardware", PchKind::ich9, Sequencing::hardware, false, true},
                      Case{"Series6", PchKind::pch6, Sequencing::automatic},
                      Case{"Series6Hardware", PchKind::pch6, Sequencing::hardware, false, true},
                      Case{"Series100", PchKind::pch100, Sequencing::automatic, false, true},
                      Case{"Series100Hidden", PchKind::pch100, Sequencing::automatic, true, true},
                      Case{"Series100Software", PchKind::pch100, Sequencing::software},
                      Case{"Series500", PchKind::pch500, Sequencing::automatic, false, true}),
    [](const auto& one) { return one.param.name; });

TEST(Internal, StrappedToLpcAnIch7IsLeftAlone) {
  OnPch pch({.kind = PchKind::ich7, .boots_from_lpc = true});
  EXPECT_THAT(thrown<NoDeviceError>([&] { pch.open(); }), HasSubstr("boots from LPC/FWH"));
  EXPECT_EQ(pch.model->counts().register_accesses, 0U);
}

TEST(Internal, StrappedToLpcALaterOneIsReadOnly) {
  OnPch pch({.kind = PchKind::pch6, .boots_from_lpc = true});
  pch.usual_descriptor();
  pch.open();
  EXPECT_EQ(pch.device->read(false, pch.run), pch.content);
  EXPECT_THAT(thrown<ProtectedError>([&] { pch.write(changed(pch.content)); }),
              HasSubstr("the straps: the machine boots from LPC/FWH"));
  EXPECT_EQ(pch.erases(), 0U);
}

TEST(Internal, AMeRegionThatMayNotBeWrittenIsRefusedFirst) {
  for (const PchKind kind : {PchKind::ich9, PchKind::pch6, PchKind::pch100}) {
    OnPch pch({.kind = kind});
    pch.usual_descriptor(true, false);
    pch.open();
    Buffer image = changed(pch.content);
    image[0x10000] ^= 0xff;
    EXPECT_THAT(thrown<RefusedError>([&] { pch.write(image); }),
                AllOf(HasSubstr("0x10000+0x1000"), HasSubstr("region me may not be written")));
    EXPECT_EQ(pch.erases(), 0U);
    image[0x10000] ^= 0xff;
    EXPECT_TRUE(pch.write(image).verified_full);
    EXPECT_EQ(pch.content, image);
  }
}

TEST(Internal, WhatIsLockedAndStaysIsInNoBlockThatIsErased) {
  // The border lies inside a block of 64 KiB, whose erase would be the cheapest; by software even
  // that of the whole chip would be.
  const Range me{0x3000, 0x42000};
  for (const auto& [kind, sequencing] : {std::pair{PchKind::ich9, Sequencing::software},
                                         {PchKind::ich9, Sequencing::hardware},
                                         {PchKind::pch100, Sequencing::hardware},
                                         {PchKind::pch100, Sequencing::software}})
    for (const bool readable : {true, false}) {
      OnPch pch({.kind = kind});
      const Range above{me.end(), pch.content.size() - me.end()};
      put_descriptor(pch.content, pch.v2() ? DescriptorVersion::v2 : DescriptorVersion::v1,
                     {pch.row.size},
                     {{0, {0, 0x1000}, true, false}, {1, above}, {2, me, readable, false}});
      pch.open(sequencing);
      Buffer image = pch.content;
      for (std::uint64_t at = above.offset; at < above.end(); ++at)
        image[at] = static_cast<std::uint8_t>(~image[at]);
      WriteOptions options;
      if (!readable) options.allowed = {above};
      EXPECT_TRUE(pch.write(image, options).verified_full);
      EXPECT_EQ(pch.content, image);
      EXPECT_EQ(pch.model->counts().denied, 0U);
    }
}

TEST(Internal, AProtectedRangeThatStaysIsInNoBlockThatIsErased) {
  for (const PchKind kind : {PchKind::ich7, PchKind::ich9, PchKind::pch100}) {
    PchSettings made{.kind = kind};
    made.pr[0] = kind == PchKind::ich7 ? 0x80085085U : forbids({0x85000, 0x1000});
    OnPch pch(made);
    pch.usual_descriptor();
    pch.open();
    Buffer image = pch.content;
    for (std::uint64_t at = 0x80000; at < 0x90000; ++at)
      if (at / 0x1000 != 0x85) image[at] = static_cast<std::uint8_t>(~image[at]);
    EXPECT_TRUE(pch.write(image).verified_full);
    EXPECT_EQ(pch.content, image);
  }
}

TEST(Internal, AnErrorAfterARefusalIsNoRefusal) {
  // The bit of a refused access stands until it is cleared where it belongs.
  OnPch pch({.kind = PchKind::ich9, .fail_every = 40});
  pch.usual_descriptor(false, false);
  pch.open(Sequencing::software);
  Buffer bytes(64);
  EXPECT_THAT(thrown<DeviceError>([&] { pch.nor->read(0x10000, bytes, pch.run); }),
              HasSubstr("the controller denies access"));
  Buffer read(0x10000);
  pch.nor->read(0x80000, read, pch.run);
  EXPECT_TRUE(std::equal(read.begin(), read.end(), pch.content.begin() + 0x80000));
}

TEST(Internal, ADescriptorThatMayNotBeReadHidesSfdpToo) {
  // Of the chips with that id SFDP would choose one.
  OnPch pch({.kind = PchKind::ich9}, "W25Q64FV");
  put_descriptor(pch.content, DescriptorVersion::v1, {pch.row.size},
                 {{0, {0, 0x1000}, false, false}, {1, {0x1000, pch.content.size() - 0x1000}}});
  pch.open(Sequencing::software);
  EXPECT_EQ(pch.flash().geometry().size, pch.content.size());
  EXPECT_EQ(pch.model->counts().denied, 0U);
  EXPECT_FALSE(pch.flash().access({0, 0x1000}).readable);
}

TEST(Internal, BySoftwareARegionThatNoRegisterTellsAboutIsTriedToo) {
  const Range ec{0x50000, 0x10000};
  for (const bool readable : {true, false}) {
    OnPch pch({.kind = PchKind::pch500});
    put_descriptor(pch.content, DescriptorVersion::v2, {pch.row.size},
                   {{0, {0, 0x1000}}, {1, {0x60000, 0xa0000}}, {8, ec, readable, false}});
    pch.open(Sequencing::software);
    EXPECT_EQ(pch.flash().access(ec).readable, readable);
    EXPECT_EQ(pch.model->counts().denied, readable ? 0U : 1U);
  }
}

TEST(Internal, TheMenuThatAnEmulatorLocksIsEnough) {
  // No descriptor; seven opcodes, of which writing the status register has the wrong type, and one
  // preop.
  PchSettings made{.kind = PchKind::ich9, .locked = true};
  made.menu = {{0x5a, 0x05, 0x03, 0x9f, 0x02, 0xd8, 0x01, 0x00}};
  made.menu_types = 0b00'00'11'11'00'10'00'10;
  made.preops = 0x0006;
  OnPch pch(made);
  pch.open();
  ASSERT_NE(pch.programmer->spi(), nullptr);
  EXPECT_THAT(pch.programmer->warnings(), ::testing::IsEmpty());
  const Buffer image = changed(pch.content);
  EXPECT_TRUE(pch.write(image).verified_full);
  EXPECT_EQ(pch.content, image);
}

TEST(Internal, AMeRegionThatMayNotBeReadIsLeftAlone) {
  for (const PchKind kind : {PchKind::ich9, PchKind::pch100}) {
    OnPch pch({.kind = kind});
    pch.usual_descriptor(false, false);
    pch.open();
    const Buffer image = changed(pch.content);
    EXPECT_THAT(thrown<RefusedError>([&] { pch.write(image); }),
                AllOf(HasSubstr("0x3000+0x3d000"), HasSubstr("region me may not be read")));
    WriteOptions options;
    options.allowed = {bios};
    const WritePlan plan = pch.device->plan(image, options, pch.run);
    EXPECT_EQ(plan.unreadable, (std::vector<Range>{{0x3000, 0x3d000}}));
    pch.device->write(plan, pch.bench.guard, pch.run);
    EXPECT_EQ(pch.content, image);
    EXPECT_THAT(
        pch.programmer->warnings(),
        ::testing::Contains("region me (0x3000+0x3d000): may not be read or written from here"));
  }
}

TEST(Internal, ARegionThatNoRegisterTellsAboutIsWrittenWhenItIsNamed) {
  const Range ec{0x50000, 0x10000};
  OnPch pch({.kind = PchKind::pch500});
  put_descriptor(pch.content, DescriptorVersion::v2, {pch.row.size},
                 {{0, {0, 0x1000}}, {1, {0x60000, 0xa0000}}, {8, ec}});
  pch.open();
  Buffer image = pch.content;
  image[ec.offset] ^= 0xff;
  EXPECT_THAT(thrown<RefusedError>([&] { pch.write(image); }),
              AllOf(HasSubstr("region ec: no register tells"), HasSubstr("name the region")));
  EXPECT_EQ(pch.erases(), 0U);
  WriteOptions options;
  options.allowed = {ec};
  pch.write(image, options);
  EXPECT_EQ(pch.content, image);
}

TEST(Internal, ARegionWhoseTestReadIsRefusedIsLeftAlone) {
  const Range ec{0x50000, 0x10000};
  OnPch pch({.kind = PchKind::pch500});
  put_descriptor(pch.content, DescriptorVersion::v2, {pch.row.size},
                 {{0, {0, 0x1000}}, {1, {0x60000, 0xa0000}}, {8, ec, false, false}});
  pch.open();
  const std::uint64_t before = pch.model->counts().denied;
  const Access access = pch.flash().access(ec);
  EXPECT_FALSE(access.readable);
  EXPECT_EQ(access.reason, "region ec: reading its first 64 bytes was refused");
  EXPECT_EQ(pch.flash().access({0x5f000, 0x1000}).readable, false);
  EXPECT_EQ(pch.model->counts().denied, before + 1);  // tried once
  Buffer image = pch.content;
  image[part.offset] ^= 0xff;
  WriteOptions options;
  options.allowed = {{0x60000, 0xa0000}};
  const WritePlan plan = pch.device->plan(image, options, pch.run);
  EXPECT_EQ(plan.unreadable, (std::vector<Range>{ec}));
  pch.device->write(plan, pch.bench.guard, pch.run);
  EXPECT_EQ(pch.content, image);
}

TEST(Internal, TheOverrideStrapOpensEveryRegion) {
  OnPch pch({.kind = PchKind::pch6, .override_strap = true});
  pch.usual_descriptor(false, false);
  pch.open(Sequencing::hardware);
  Buffer image = pch.content;
  image[0x10000] ^= 0xff;
  pch.write(image);
  EXPECT_EQ(pch.content, image);
}

TEST(Internal, AProtectedRangeThatIsNotLockedIsLiftedWithLeave) {
  for (const Sequencing sequencing : {Sequencing::hardware, Sequencing::software}) {
    PchSettings made{.kind = PchKind::pch6};
    made.pr[1] = forbids({0x82000, 0x1000});
    OnPch pch(made);
    pch.usual_descriptor();
    pch.open(sequencing);
    const Buffer image = changed(pch.content);
    EXPECT_THAT(thrown<ProtectedError>([&] { pch.write(image); }),
                AllOf(HasSubstr("protected by PR1"), HasSubstr("--unprotect")));
    WriteOptions options;
    options.unprotect = true;
    EXPECT_TRUE(pch.write(image, options).verified_full);
    EXPECT_EQ(pch.content, image);
    pch.close();
    EXPECT_EQ(pch.model->peek(0x78), made.pr[1]);
  }
}

TEST(Internal, SeveralChipsAreOne) {
  OnPch pch({.kind = PchKind::pch6}, "W25Q80BV", 2);
  pch.usual_descriptor();
  pch.open();
  ASSERT_NE(pch.programmer->flash(), nullptr);
  EXPECT_EQ(pch.flash().geometry().size, 2U << 20);
  const Buffer image = changed(pch.content);
  EXPECT_TRUE(pch.write(image).verified_full);
  EXPECT_EQ(pch.content, image);
}

TEST(Internal, ALockedMenuWithoutReadsLeadsToHardwareSequencing) {
  PchSettings made{.kind = PchKind::ich9, .locked = true};
  made.menu = {{0x9f, 0x02, 0, 0, 0, 0, 0, 0}};
  OnPch pch(made);
  pch.usual_descriptor();
  pch.open();
  EXPECT_NE(pch.programmer->flash(), nullptr);
}

/// OPTYPE as firmware sets it for those opcodes.
std::uint16_t types_of(const std::array<std::uint8_t, 8>& menu) {
  unsigned types = 0;
  for (unsigned i = 0; i < menu.size(); ++i) switch (menu.at(i)) {
      case 0x03:
      case 0x5a:
        types |= 2U << (2 * i);
        break;
      case 0x02:
      case 0x20:
      case 0xd8:
        types |= 3U << (2 * i);
        break;
      case 0x01:
        types |= 1U << (2 * i);
        break;
      default:
        break;
    }
  return static_cast<std::uint16_t>(types);
}

struct LockedMenu {
  const char* refusal;
  std::array<std::uint8_t, 8> menu;
  std::uint16_t preops;
  unsigned wrong_types = 0;  ///< bits of OPTYPE that are not as they should be
};

TEST(Internal, ALockedMenuThatCannotWriteIsFoundBeforeTheFirstErase) {
  constexpr const char* program =
      "0x80000+0x1000: protected by the controller: page program (0x02) is not among the commands "
      "that it sends";
  for (const LockedMenu& one :
       {LockedMenu{program, {0x03, 0x05, 0x20, 0x9f, 0xd8, 0, 0, 0}, 0x5006},
        LockedMenu{program, {0x03, 0x05, 0x20, 0x9f, 0xd8, 0x02, 0, 0}, 0x5006, 1U << 10},
        LockedMenu{"0x80100+0x100: must be erased, and no erase command reaches it",
                   {0x03, 0x05, 0x02, 0x9f, 0, 0, 0, 0},
                   0x5006},
        LockedMenu{"0x80000+0x1000: protected by the controller: write enable (0x06) is not among "
                   "the commands that it sends",
                   {0x03, 0x05, 0x02, 0x9f, 0x20, 0xd8, 0, 0},
                   0}}) {
    OnPch pch({.kind = PchKind::ich9,
               .locked = true,
               .menu = one.menu,
               .menu_types = static_cast<std::uint16_t>(types_of(one.menu) ^ one.wrong_types),
               .preops = one.preops});
    pch.usual_descriptor();
    pch.open();
    ASSERT_NE(pch.programmer->spi(), nullptr);
    EXPECT_THAT(pch.programmer->warnings(),
                ::testing::Contains("the locked opcode menu cannot write the chip: "
                                    "internal:bus=hwseq drives the controller without it"));
    EXPECT_EQ(pch.device->read(false, pch.run), pch.content);
    const Buffer before = pch.content;
    EXPECT_THAT(thrown<Error>([&] { pch.write(changed(pch.content)); }), HasSubstr(one.refusal));
    EXPECT_EQ(pch.erases(), 0U);
    EXPECT_EQ(pch.content, before);
    EXPECT_TRUE(pch.bench.journals().empty());
  }
}

TEST(Internal, ALockedMenuWhoseReadHasTheWrongTypeLeadsToHardwareSequencing) {
  const std::array<std::uint8_t, 8> menu{0x03, 0x05, 0x02, 0x9f, 0x20, 0xd8, 0, 0};
  OnPch pch({.kind = PchKind::ich9,
             .locked = true,
             .menu = menu,
             .menu_types = static_cast<std::uint16_t>(types_of(menu) ^ 2U),
             .preops = 0x5006});
  pch.usual_descriptor();
  pch.open();
  ASSERT_NE(pch.programmer->flash(), nullptr);
  const Buffer image = changed(pch.content);
  EXPECT_TRUE(pch.write(image).verified_full);
}

TEST(Internal, BbarIsClearedAndPutBack) {
  OnPch pch({.kind = PchKind::ich9, .bbar = 0x70000});
  pch.usual_descriptor();
  pch.open();
  EXPECT_EQ(pch.device->read(false, pch.run), pch.content);
  pch.close();
  EXPECT_EQ(pch.model->peek(0xa0), 0x70000U);
}

TEST(Internal, ABbarThatIsLockedHidesWhatLiesBelow) {
  for (const PchKind kind : {PchKind::ich7, PchKind::ich9}) {
    const std::array<std::uint8_t, 8> menu{0x03, 0x05, 0x02, 0x9f, 0x20, 0xd8, 0x5a, 0x90};
    OnPch pch({.kind = kind,
               .locked = true,
               .bbar = 0x70000,
               .menu = menu,
               .menu_types = types_of(menu),
               .preops = 0x5006});
    pch.open();
    const Access access = pch.flash().access({0x60000, 0x1000});
    EXPECT_FALSE(access.readable);
    EXPECT_EQ(access.reason, "BBAR hides everything below 0x70000 until reset");
    Buffer image = changed(pch.content);
    WriteOptions options;
    options.allowed = {{0x70000, 0x90000}};
    EXPECT_TRUE(pch.write(image, options).verified_full);
    EXPECT_EQ(pch.content, image);
    EXPECT_EQ(pch.model->counts().denied, 0U);
  }
}

TEST(Internal, TopSwapIsShown) {
  OnPch pch({.kind = PchKind::pch6, .top_swap = true});
  pch.usual_descriptor();
  pch.open();
  EXPECT_THAT(pch.programmer->warnings(), ::testing::Contains(HasSubstr("top swap is set")));
}

// ---- what doctor shows

Finding named(const std::vector<Finding>& all, std::string_view name) {
  const auto at = std::ranges::find(all, name, &Finding::name);
  return at == all.end() ? Finding{"none", FindingStatus::unknown, "", ""} : *at;
}

TEST(Internal, TheFindingsOfAnOpenMachine) {
  OnPch pch({.kind = PchKind::pch6});
  pch.usual_descriptor();
  pch.open();
  pch.programmer->look_only();
  std::vector<Finding> all = look_at_chipset(*pch.machine);
  for (Finding& finding : pch.programmer->findings()) all.push_back(finding);
  std::string text;
  for (const Finding& one : all)
    text += fmt::format("{} {}: {}\n", to_string(one.status), one.name, one.what);
  EXPECT_EQ(text,
            "ok chipset: Intel 6 series / C200 Cougar Point (and Patsburg) (HM65, 8086:1c49) at "
            "00:1f.0: known to work as far as the board's flash descriptor allows\n"
            "ok boots_from: the machine boots from SPI\n"
            "ok top_swap: not set\n"
            "ok controller: it answers, and is driven by software sequencing\n"
            "ok bios_lock: BIOS_CNTL reads 0x00: a write may let itself through\n"
            "ok configuration_lock: FLOCKDN is not set\n"
            "warning region_fd: 0x0+0x1000: may be read, not written (FRAP)\n"
            "ok region_bios: 0x40000+0xc0000: may be read and written (FRAP)\n"
            "ok region_me: 0x3000+0x3d000: may be read and written (FRAP)\n"
            "ok protected_ranges: no range of the chip is protected by the chipset\n");
}

TEST(Internal, TheFindingsOfALockedMachineChangeNothing) {
  const Range ec{0x50000, 0x10000};
  PchSettings made{
      .kind = PchKind::pch500, .locked = true, .takes_writes_back = true, .smm_only = true};
  made.pr[0] = forbids({0x82000, 0x1000});
  made.pr[5] = forbids({0x90000, 0x1000}, false, true);
  OnPch pch(made);
  put_descriptor(pch.content, DescriptorVersion::v2, {pch.row.size},
                 {{0, {0, 0x1000}}, {1, {0x60000, 0xa0000}}, {8, ec, false, false}});
  pch.open();
  pch.programmer->look_only();
  const std::vector<Finding> all = pch.programmer->findings();
  EXPECT_EQ(named(all, "bios_lock").status, FindingStatus::problem);
  EXPECT_EQ(named(all, "configuration_lock").what,
            "FLOCKDN is set: opcodes and protected ranges stay as they are until reset");
  EXPECT_EQ(named(all, "region_ec").what,
            "0x50000+0x10000: reading its first 64 bytes was refused");
  EXPECT_EQ(named(all, "protected_range_PR0").what,
            "PR0 forbids to write 0x82000+0x1000, locked until reset");
  EXPECT_EQ(named(all, "protected_range_GPR0").what,
            "GPR0 forbids to read 0x90000+0x1000, locked until reset");
  const std::vector<Protection> protections = pch.flash().protections();
  ASSERT_EQ(protections.size(), 2U);
  EXPECT_EQ(protections[0].range, (Range{0x60000, 0xa0000}));  // the BIOS region
  EXPECT_EQ(protections[1].by, "PR0, locked until reset");
  EXPECT_EQ(pch.model->configuration_writes(), 0U);
}

TEST(Internal, TheChipsOwnProtectionIsShownWhereACycleReadsIt) {
  for (const std::uint8_t status : std::initializer_list<std::uint8_t>{0x00, 0x9c}) {
    for (const PchKind kind : {PchKind::pch6, PchKind::pch100, PchKind::pch500}) {
      OnPch pch({.kind = kind});
      pch.usual_descriptor();
      pch.power_on();
      std::array<std::uint8_t, 2> write_status{0x01, status};
      pch.chips[0]->cycle(std::array<std::uint8_t, 1>{0x06}, {});
      pch.chips[0]->cycle(write_status, {});
      pch.clock.advance(std::chrono::seconds(1));
      pch.open(Sequencing::hardware);
      pch.programmer->look_only();
      const Finding found = named(pch.programmer->findings(), "chip_status");
      EXPECT_EQ(found.status, kind == PchKind::pch6 ? FindingStatus::unknown
                              : status == 0         ? FindingStatus::ok
                                                    : FindingStatus::warning)
          << found.what;
      const bool warned =
          std::ranges::any_of(pch.programmer->warnings(), [](const std::string& line) {
            return line.find("blocks are protected by the chip itself") != std::string::npos;
          });
      EXPECT_EQ(warned, found.status == FindingStatus::warning);
      EXPECT_EQ(pch.device->read(false, pch.run), pch.content);
    }
  }
}

TEST(Internal, AChipThatProtectsItselfStopsTheWriteWithoutChangingWhatItProtects) {
  OnPch pch({.kind = PchKind::pch100});
  pch.usual_descriptor();
  pch.power_on();
  pch.chips[0]->cycle(std::array<std::uint8_t, 1>{0x06}, {});
  pch.chips[0]->cycle(std::array<std::uint8_t, 2>{0x01, 0x1c}, {});
  pch.clock.advance(std::chrono::seconds(1));
  pch.open();
  const Buffer before = pch.content;
  EXPECT_NE(thrown<Error>([&] { pch.write(changed(pch.content)); }), "");
  EXPECT_EQ(pch.content, before);
}

TEST(Internal, TheFirmwaresLockIsOfItsRegion) {
  for (const PchKind kind : {PchKind::pch6, PchKind::pch100}) {
    OnPch pch({.kind = kind, .takes_writes_back = true, .smm_only = true});
    pch.usual_descriptor(true, true, {{3, {0x1000, 0x2000}}});
    pch.open();
    Buffer image = pch.content;
    image[0x1000] ^= 0xff;  // GbE
    EXPECT_TRUE(pch.write(image).verified_full);
    EXPECT_EQ(pch.content, image);
    image[0x80000] ^= 0xff;
    EXPECT_THAT(thrown<ProtectedError>([&] { pch.write(image); }), HasSubstr("BIOS_CNTL"));
  }
}

class Figures : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Figures, HardwareSequencingIsNearItsFloor) {
  const PchFigure figure = measure_pch(GetParam());
  EXPECT_TRUE(figure.right);
  EXPECT_EQ(figure.counts.denied, 0U);
  const double ratio = figure.seconds / figure.floor;
  RecordProperty("seconds", std::to_string(figure.seconds));
  RecordProperty("ratio", std::to_string(ratio));
  EXPECT_LE(ratio, 1.1);
  EXPECT_GE(ratio, 1.0);
  // 16 of data, address, control, status and its clearing; the chip's own time is waited for
  // without haste.
  EXPECT_GE(figure.counts.register_accesses, 19 * figure.counts.cycles * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Figures, ::testing::Values(8U << 20, 64U << 10));

}  // namespace
}  // namespace romwright::flash::scenario
