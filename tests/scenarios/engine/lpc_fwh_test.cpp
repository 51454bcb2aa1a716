// SPDX-License-Identifier: GPL-2.0-or-later
// The internal driver over modelled machines with their flash on LPC or FWH.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/chipsets/driver.h"
#include "flash/chipsets/intel/firmware_hub.h"
#include "flash/chipsets/mapped/part.h"
#include "flash/sim/lpc_machine_model.h"
#include "tests/scenarios/engine/bench.h"
#include "tests/support/thrown.h"

namespace romwright::flash::scenario {
namespace {

using test::thrown;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;

constexpr std::uint32_t kib = 1024;

/// The machine, powered on: everything before `open` is as the firmware left it.
class OnLpc {
 public:
  OnLpc(const LpcSettings& settings, const FwhSettings& chip_settings, std::size_t size = 256 * kib)
      : content(random_bytes(size, 5)),
        chip(chip_settings, content, clock),
        model(settings, chip, clock),
        machine(model.machine()),
        before(model.space()) {}

  void open() {
    programmer = open_internal(machine, {});
    device.emplace(*programmer->flash(), clock);
  }
  WriteReport write(const Buffer& image, WriteOptions options = {}) {
    const WritePlan plan = device->plan(image, std::move(options), run);
    return device->write(plan, bench.guard, run);
  }
  /// Changes at the end of the second block of 64 KiB: a kibibyte fresh, another blank.
  [[nodiscard]] Buffer changed() const {
    Buffer image = content;
    const Buffer fresh = random_bytes(kib, 3);
    std::copy(fresh.begin(), fresh.end(), image.begin() + 0x1f100);
    std::fill_n(image.begin() + 0x1e000, kib, std::uint8_t{0xff});
    return image;
  }

  Buffer content;
  VirtualClock clock;
  FwhModel chip;
  LpcMachineModel model;
  Machine machine;
  std::array<std::uint8_t, 256> before;

 private:
  Silence events_;

 public:
  std::unique_ptr<Programmer> programmer;
  std::optional<FlashDevice> device;
  Bench bench{"W25X05"};
  romwright::Run run{{}, events_};
};

constexpr FwhSettings sst49lf020a{.block_size = 16 * kib};
constexpr FwhSettings sst49lf002a{.model = 0x57, .block_size = 16 * kib, .lock_size = 16 * kib};
constexpr FwhSettings m50fw040{
    .family = FwhFamily::intel, .manufacturer = 0x20, .model = 0x2c, .lock_size = 64 * kib};
constexpr FwhSettings w39v040b{.manufacturer = 0xda, .model = 0x54, .sector_size = 64 * kib};

struct Case {
  const char* name;
  LpcKind kind;
  FwhSettings chip;
  std::size_t size;
  const char* found;
};

class EveryLpc : public ::testing::TestWithParam<Case> {
 protected:
  OnLpc lpc{{.kind = GetParam().kind}, GetParam().chip, GetParam().size};
};

TEST_P(EveryLpc, ProbesReadsWritesVerifies) {
  lpc.open();
  EXPECT_THAT(lpc.programmer->description(), HasSubstr(GetParam().found));
  EXPECT_EQ(lpc.device->read(false, lpc.run), lpc.content);
  const Buffer image = lpc.changed();
  const std::vector<std::uint8_t> locks = lpc.chip.locks;
  const WriteReport report = lpc.write(image);
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.rewritten_blocks + report.link_errors + report.retries, 0U);
  EXPECT_EQ(lpc.content, image);
  EXPECT_EQ(lpc.chip.counts().refused, 0U);
  EXPECT_EQ(lpc.chip.locks, locks);
  EXPECT_THAT(lpc.bench.journals(), ::testing::IsEmpty());
  lpc.programmer->close();
  EXPECT_EQ(lpc.model.space(), lpc.before);
}

INSTANTIATE_TEST_SUITE_P(
    Machines, EveryLpc,
    ::testing::Values(Case{"Ck804", LpcKind::ck804, sst49lf020a, 256 * kib,
                           "SST SST49LF020A (LPC/FWH, 256 KiB)"},
                      Case{"Mcp55", LpcKind::mcp55, sst49lf002a, 256 * kib, "SST SST49LF002A/B"},
                      Case{"Ich4", LpcKind::ich4, sst49lf002a, 256 * kib, "SST SST49LF002A/B"},
                      Case{"Ich7", LpcKind::ich7, m50fw040, 512 * kib, "ST M50FW040"},
                      Case{"Sb700", LpcKind::sb700, w39v040b, 512 * kib, "Winbond W39V040B"}),
    [](const auto& one) { return one.param.name; });

TEST(LpcFwh, TheTwoThatShareAnIdAreToldApartByTheirLocks) {
  FwhSettings with_locks = w39v040b;
  with_locks.lock_size = 64 * kib;
  OnLpc lpc({.kind = LpcKind::ck804}, with_locks, 512 * kib);
  lpc.open();
  EXPECT_THAT(lpc.programmer->description(), HasSubstr("Winbond W39V040FB"));
}

TEST(LpcFwh, BlocksThatAreLockedUntilResetAreRefusedFirst) {
  OnLpc lpc({.kind = LpcKind::ck804}, sst49lf002a);
  lpc.chip.locks[7] = 3;  // 0x1c000+0x4000
  lpc.open();
  EXPECT_THAT(lpc.programmer->findings(),
              Contains(AllOf(Field(&Finding::name, "block_locks"),
                             Field(&Finding::what, HasSubstr("0x1c000+0x4000")))));
  EXPECT_THAT(thrown<ProtectedError>([&] { lpc.write(lpc.changed()); }),
              AllOf(HasSubstr("0x1e000+0x"),
                    HasSubstr("protected by the chip's block lock register, locked until reset")));
  EXPECT_EQ(lpc.chip.counts().erases, 0U);
  Buffer image = lpc.content;
  image[0] ^= 0xff;
  EXPECT_TRUE(lpc.write(image).verified_full);
}

TEST(LpcFwh, ABlockThatMayNotBeReadIsLeftAlone) {
  OnLpc lpc({.kind = LpcKind::ck804}, sst49lf002a);
  lpc.chip.locks[0] = 7;
  lpc.open();
  EXPECT_THAT(thrown<RefusedError>([&] { lpc.write(lpc.changed()); }),
              AllOf(HasSubstr("0x0+0x4000"), HasSubstr("forbids to read it")));
  WriteOptions options;
  options.allowed = {{0x10000, 0x10000}};
  const Buffer image = lpc.changed();
  lpc.write(image, options);
  EXPECT_EQ(lpc.content, image);
}

TEST(LpcFwh, TheFirmwaresLockIsSaidBeforeAnythingIsWritten) {
  OnLpc intel({.kind = LpcKind::ich7, .kept = {0xdc}}, m50fw040, 512 * kib);
  EXPECT_THAT(thrown<NoDeviceError>([&] { intel.open(); }),
              AllOf(HasSubstr("boots from LPC/FWH"), HasSubstr("BIOSWE does not stay set")));
  EXPECT_EQ(intel.model.space(), intel.before);
  OnLpc nvidia({.kind = LpcKind::ck804, .kept = {0x6d}}, sst49lf020a);
  EXPECT_THAT(thrown<NoDeviceError>([&] { nvidia.open(); }), HasSubstr("register 0x6d"));
  EXPECT_EQ(nvidia.model.space(), nvidia.before);
}

TEST(LpcFwh, Ck804SegmentsAreOpenedAndPutBack) {
  OnLpc lpc({.kind = LpcKind::ck804, .configuration = {{0x8a, 0x51}, {0x8c, 0x11}, {0x95, 0x20}}},
            sst49lf020a);
  lpc.open();
  EXPECT_EQ(lpc.model.peek(0x8a), 0x50);
  EXPECT_EQ(lpc.model.peek(0x8c), 0);
  const Buffer image = lpc.changed();
  EXPECT_TRUE(lpc.write(image).verified_full);
  lpc.programmer->close();
  EXPECT_EQ(lpc.model.space(), lpc.before);
  // Four bits a segment: the upper two keep the lower ones.
  OnLpc locked({.kind = LpcKind::ck804, .configuration = {{0x8c, 0x05}}}, sst49lf020a);
  EXPECT_THAT(thrown<NoDeviceError>([&] { locked.open(); }), HasSubstr("register 0x8c"));
  EXPECT_EQ(locked.model.space(), locked.before);
}

TEST(LpcFwh, RomProtectCountsOnLpcToo) {
  // 0xfff9e000: 0x1e000 of a chip of 512 KiB, a KiB long.
  LpcSettings settings{.kind = LpcKind::sb700,
                       .configuration = {{0x50, 0x01}, {0x51, 0xe0}, {0x52, 0xf9}, {0x53, 0xff}}};
  settings.kept = {0x50};
  OnLpc locked(settings, w39v040b, 512 * kib);
  locked.open();
  EXPECT_THAT(thrown<ProtectedError>([&] { locked.write(locked.changed()); }),
              HasSubstr("0x1e000+0x400: protected by ROM protect 0, locked until reset"));
  EXPECT_EQ(locked.chip.counts().erases, 0U);
  settings.kept = {};
  OnLpc lpc(settings, w39v040b, 512 * kib);
  lpc.open();
  WriteOptions options;
  options.unprotect = true;
  const Buffer image = lpc.changed();
  EXPECT_TRUE(lpc.write(image, options).verified_full);
  EXPECT_EQ(lpc.content, image);
  lpc.programmer->close();
  EXPECT_EQ(lpc.model.space(), lpc.before);
}

TEST(LpcFwh, FirmwareThatTakesTheLeaveBackIsNoticed) {
  OnLpc lpc({.kind = LpcKind::ck804}, sst49lf020a);
  lpc.open();
  const Buffer image = lpc.changed();
  const WritePlan plan = lpc.device->plan(image, {}, lpc.run);
  lpc.model.keep(0x6d, 0);
  EXPECT_THAT(thrown<Error>([&] { lpc.device->write(plan, lpc.bench.guard, lpc.run); }),
              HasSubstr("register 0x6d"));
  EXPECT_EQ(lpc.chip.counts().erases, 0U);
}

TEST(LpcFwh, APinThatProtectsIsSaidAndTheJournalKept) {
  for (const FwhSettings& chip : {sst49lf020a, m50fw040}) {
    FwhSettings pinned = chip;
    pinned.pins = {0x1e000, 0x1000};
    OnLpc lpc({.kind = LpcKind::ck804}, pinned, chip.model == 0x2c ? 512 * kib : 256 * kib);
    lpc.open();
    const Buffer image = lpc.changed();
    EXPECT_THAT(thrown<Error>([&] { lpc.write(image); }),
                HasSubstr(chip.model == 0x2c ? "the chip reports an error" : "TBL# or WP#"));
    // The chip reads as its content, not as its status.
    EXPECT_EQ(lpc.device->read(false, lpc.run), lpc.content);
    // A chip that says so has changed nothing. Otherwise the journal finishes what was begun, once
    // the board's jumper is set.
    lpc.chip.set_pins({});
    if (chip.family == FwhFamily::intel) {
      ASSERT_THAT(lpc.bench.journals(), ::testing::IsEmpty());
      EXPECT_TRUE(lpc.write(image).verified_full);
    } else {
      ASSERT_EQ(lpc.bench.journals().size(), 1U);
      const WritePlan plan =
          lpc.device->plan_recovery(lpc.bench.journals().at(0), Recovery::finish, {}, lpc.run);
      EXPECT_TRUE(lpc.device->write(plan, lpc.bench.guard, lpc.run).verified_full);
    }
    EXPECT_EQ(lpc.content, image);
    EXPECT_THAT(lpc.bench.journals(), ::testing::IsEmpty());
  }
}

TEST(LpcFwh, AStopEndsBehindAWholeBlock) {
  OnLpc lpc({.kind = LpcKind::ck804}, sst49lf002a);
  lpc.open();
  Buffer image = lpc.content;
  for (std::uint8_t& byte : image) byte = static_cast<std::uint8_t>(~byte);
  const WritePlan plan = lpc.device->plan(image, {}, lpc.run);
  std::stop_source stop;
  Silence events;
  romwright::Run run{stop.get_token(), events};
  std::size_t done = 0;
  EXPECT_THROW(lpc.programmer->flash()->apply(
                   plan.erase.steps,
                   [&](std::size_t) {
                     if (++done == 2) stop.request_stop();
                   },
                   run),
               InterruptedError);
  EXPECT_EQ(done, 2U);
  EXPECT_THAT(lpc.chip.locks, Each(1));
  const std::uint64_t end = touched_ranges(plan.erase.steps[1]).back().end();
  const std::uint64_t begin = touched_ranges(plan.erase.steps[0]).front().offset;
  EXPECT_TRUE(std::equal(image.begin() + static_cast<std::ptrdiff_t>(begin),
                         image.begin() + static_cast<std::ptrdiff_t>(end),
                         lpc.content.begin() + static_cast<std::ptrdiff_t>(begin)));
}

TEST(LpcFwh, AByteThatDoesNotTakeIsProgrammedAgain) {
  FwhSettings weak = sst49lf020a;
  weak.weak_every = 100;
  OnLpc lpc({.kind = LpcKind::ck804}, weak);
  lpc.open();
  const Buffer image = lpc.changed();
  EXPECT_TRUE(lpc.write(image).verified_full);
  EXPECT_EQ(lpc.content, image);
}

TEST(LpcFwh, AChipThatNeverGetsReadyIsAnErrorInBoundedTime) {
  for (const FwhSettings& chip : {sst49lf020a, m50fw040}) {
    FwhSettings stuck = chip;
    stuck.hangs = true;
    OnLpc lpc({.kind = LpcKind::ck804}, stuck, chip.model == 0x2c ? 512 * kib : 256 * kib);
    lpc.open();
    EXPECT_THAT(thrown<Error>([&] { lpc.write(lpc.changed()); }), HasSubstr("still busy after"));
    EXPECT_LT(lpc.clock.now(), std::chrono::seconds(60));
  }
}

TEST(LpcFwh, NothingThatAnswersIsNoDevice) {
  OnLpc lpc({.kind = LpcKind::ck804, .has_chip = false}, sst49lf020a);
  EXPECT_THAT(thrown<NoDeviceError>([&] { lpc.open(); }),
              AllOf(HasSubstr("NVIDIA CK804 (10de:0051)"), HasSubstr("no known chip")));
  EXPECT_EQ(lpc.model.space(), lpc.before);
  FwhSettings unknown = sst49lf020a;
  unknown.model = 0x99;
  OnLpc other({.kind = LpcKind::ck804}, unknown);
  EXPECT_THAT(thrown<NoDeviceError>([&] { other.open(); }), HasSubstr("with the id bf 99"));
}

TEST(LpcFwh, WhatAnIchDecodes) {
  EXPECT_EQ(intel::decoded_below_4gib(0xff0f, 0, 0), 8U << 20);
  EXPECT_EQ(intel::decoded_below_4gib(0xc000, 0, 0), 1U << 20);
  EXPECT_EQ(intel::decoded_below_4gib(0xffff, 0x00112233, 0), 1U << 20);
  EXPECT_EQ(intel::decoded_below_4gib(0xff0f, 0, 0x0100), 5U << 20);
  EXPECT_EQ(intel::decoded_below_4gib(0x7f0f, 0, 0), 0U);
}

TEST(LpcFwh, EveryPartIsWhole) {
  for (const mapped::Part& part : mapped::parts()) {
    for (const mapped::PartErase& erase : part.erases) {
      std::uint64_t size = 0;
      for (const EraseRun& run : erase.runs) size += std::uint64_t{run.size} * run.count;
      EXPECT_EQ(size, part.size) << part.name;
    }
    std::uint64_t at = 0;
    for (const Range& block : mapped::lock_blocks(part)) {
      EXPECT_EQ(block.offset, at) << part.name;
      at = block.end();
    }
    EXPECT_TRUE(at == 0 || at == part.size) << part.name;
  }
}

}  // namespace
}  // namespace romwright::flash::scenario
