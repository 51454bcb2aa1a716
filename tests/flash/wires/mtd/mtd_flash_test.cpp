// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mtd/mtd_flash.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fake_mtd.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using romwright::test::pattern;
using Calls = std::vector<std::string>;

class MtdFlashTest : public ::testing::Test {
 protected:
  std::unique_ptr<MtdFlash> open(bool allow_ram = false) {
    return open_mtd(kernel, clock, 0, allow_ram);
  }
  void apply(MtdFlash& flash, std::vector<FlashStep> steps) {
    flash.apply(
        steps, [this](std::size_t step) { finished.push_back(step); }, run);
  }
  template <typename E>
  std::string error_of(const std::function<void()>& body) {
    try {
      body();
    } catch (const E& error) {
      return error.line();
    }
    return "none";
  }

  test::FakeKernel kernel;
  test::Mtd mtd;
  VirtualClock clock;
  EventSink events;
  std::stop_source stop;
  romwright::Run run{stop.get_token(), events};
  std::vector<std::size_t> finished;
};

TEST_F(MtdFlashTest, Geometry) {
  mtd.plug(kernel, 0);
  const auto flash = open();
  EXPECT_EQ(kernel.opened, (Calls{"rw /dev/mtd0"}));
  const Geometry& geometry = flash->geometry();
  EXPECT_EQ(geometry.size, 0x80000U);
  EXPECT_EQ(geometry.page_size, 256U);
  EXPECT_TRUE(geometry.bits_clear_again);
  ASSERT_EQ(geometry.erase_types.size(), 1U);
  EXPECT_EQ(geometry.erase_types[0].runs, (std::vector<EraseRun>{{0x10000, 8}}));
  EXPECT_TRUE(flash->access({0, 1}).writable);
  EXPECT_TRUE(flash->protections().empty());
}

TEST_F(MtdFlashTest, ReadsInPieces) {
  mtd.content = pattern(mtd.content.size(), 3);
  mtd.short_moves = 1000;
  mtd.plug(kernel, 0);
  const auto flash = open();
  Buffer in(0x1234);
  flash->read(0x4321, in, run);
  EXPECT_TRUE(std::equal(in.begin(), in.end(), mtd.content.begin() + 0x4321));
  EXPECT_EQ(flash->statistics().read_bytes, 0x1234U);
  Buffer beyond(2);
  EXPECT_EQ(error_of<DeviceError>([&] { flash->read(0x7ffff, beyond, run); }),
            "/dev/mtd0: reading at 0x80000: nothing was moved");
  stop.request_stop();
  EXPECT_EQ(error_of<InterruptedError>([&] { flash->read(0, in, run); }), "reading stopped at 0x0");
}

TEST_F(MtdFlashTest, UnlocksErasesAndProgramsNonBlankPages) {
  mtd.content = pattern(mtd.content.size(), 3);
  mtd.plug(kernel, 0);
  const auto flash = open();
  Buffer data(0x400, 0xff);
  std::fill_n(data.begin() + 0x120, 0x20, std::uint8_t{0x11});
  data[0x3ff] = 0;
  apply(*flash,
        {{Erase{{0x20000, 0x10000}, 0}, {{0x20080, data}}}, {{}, {{0x30000, Buffer{0x00}}}}});
  EXPECT_EQ(mtd.calls, (Calls{"unlock 0x0+0x80000", "erase64 0x20000+0x10000",
                              "write 0x20100+0x100", "write 0x20400+0x80", "write 0x30000+0x1"}));
  EXPECT_EQ(finished, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(mtd.content[0x201a0], 0x11);
  EXPECT_EQ(mtd.content[0x2047f], 0x00);
  EXPECT_EQ(mtd.content[0x20480], 0xff);
  EXPECT_EQ(mtd.content[0x30000], 0x00);
  EXPECT_EQ(flash->statistics().erased_bytes, 0x10000U);
  EXPECT_EQ(flash->statistics().programmed_bytes, 0x401U);
}

TEST_F(MtdFlashTest, OldKernels) {
  mtd.has_64 = mtd.has_locks = false;
  mtd.plug(kernel, 0);
  apply(*open(), {{Erase{{0x10000, 0x10000}, 0}, {}}});
  EXPECT_EQ(mtd.calls, (Calls{"erase 0x10000+0x10000"}));
}

TEST_F(MtdFlashTest, AnInterruptedEraseIsRepeated) {
  mtd.content.assign(mtd.content.size(), 0);
  mtd.interrupts = 1;
  mtd.plug(kernel, 0);
  apply(*open(), {{Erase{{0x10000, 0x10000}, 0}, {}}});
  EXPECT_EQ(mtd.calls,
            (Calls{"unlock 0x0+0x80000", "erase64 0x10000+0x10000", "erase64 0x10000+0x10000"}));
  EXPECT_EQ(mtd.content[0x10000], 0xff);
}

TEST_F(MtdFlashTest, LocksAgainWhatWasLocked) {
  mtd.locked = {0x60000, 0x70000};
  mtd.plug(kernel, 0);
  const auto flash = open();
  const auto protections = flash->protections();
  ASSERT_EQ(protections.size(), 1U);
  EXPECT_EQ(protections[0].range, (Range{0x60000, 0x20000}));
  EXPECT_EQ(protections[0].by, "the chip's lock bits");
  EXPECT_TRUE(protections[0].removable);
  apply(*flash, {{Erase{{0x60000, 0x10000}, 0}, {}}});
  EXPECT_EQ(mtd.calls,
            (Calls{"unlock 0x0+0x80000", "erase64 0x60000+0x10000", "lock 0x60000+0x20000"}));
  mtd.calls.clear();
  mtd.bad_blocks = {0};
  EXPECT_EQ(error_of<DeviceError>([&] {
              apply(*flash, {{Erase{{0, 0x10000}, 0}, {}}});
            }),
            "/dev/mtd0: erasing at 0x0: Input/output error");
  EXPECT_EQ(mtd.locked, (std::set<std::uint64_t>{0x60000, 0x70000}));
  mtd.locked.clear();
  for (std::uint64_t at = 0; at < 0x80000; at += 0x10000) mtd.locked.insert(at);
  EXPECT_EQ(flash->protections().at(0).range, (Range{0, 0x80000}));
}

TEST_F(MtdFlashTest, LockedAtPowerUpIsNoProtection) {
  mtd.locked = {0};
  mtd.plug(kernel, 0, "nor", MTD_CAP_NORFLASH | MTD_POWERUP_LOCK);
  const auto flash = open();
  EXPECT_TRUE(flash->protections().empty());
  apply(*flash, {{Erase{{0, 0x10000}, 0}, {}}});
  EXPECT_EQ(mtd.calls, (Calls{"unlock 0x0+0x80000", "erase64 0x0+0x10000"}));
}

TEST_F(MtdFlashTest, AChipThatStaysLocked) {
  mtd.unlocks = false;
  mtd.plug(kernel, 0);
  const auto flash = open();
  EXPECT_EQ(error_of<ProtectedError>([&] {
              apply(*flash, {{Erase{{0, 0x10000}, 0}, {}}});
            }),
            "/dev/mtd0: it cannot be unlocked: Input/output error (its status register may be "
            "locked by the WP# pin)");
  EXPECT_TRUE(finished.empty());
}

TEST_F(MtdFlashTest, ReadOnlyIsExplained) {
  mtd.plug(kernel, 0, "nor", MTD_BIT_WRITEABLE);
  const auto flash = open();
  EXPECT_EQ(kernel.opened, (Calls{"r /dev/mtd0"}));
  const Access access = flash->access({0, 1});
  EXPECT_TRUE(access.readable);
  EXPECT_FALSE(access.writable);
  EXPECT_EQ(access.reason,
            "the kernel's driver has made /dev/mtd0 read-only (a PC's controller: load spi_intel "
            "with writeable=1, which opens it unless the firmware protects a range)");
  EXPECT_EQ(error_of<ProtectedError>([&] { apply(*flash, {}); }), access.reason);
}

TEST_F(MtdFlashTest, PermissionToReadOnly) {
  mtd.plug(kernel, 0);
  kernel.devices["/dev/mtd0"] = [this](bool writable) -> OpenedFile {
    if (writable) return {nullptr, EACCES};
    return {std::make_unique<test::FakeMtd>(mtd, false), 0};
  };
  EXPECT_EQ(open()->access({0, 1}).reason, "/dev/mtd0 may not be written by you (run it as root)");
  kernel.devices["/dev/mtd0"] = [](bool) -> OpenedFile { return {nullptr, EACCES}; };
  EXPECT_EQ(error_of<NoDeviceError>([&] { open(); }), "/dev/mtd0: no permission (run it as root)");
  kernel.devices["/dev/mtd0"] = [](bool) -> OpenedFile { return {nullptr, EBUSY}; };
  EXPECT_EQ(error_of<NoDeviceError>([&] { open(); }),
            "/dev/mtd0: in use by another program (wait until it ends)");
}

TEST_F(MtdFlashTest, RamIsWrittenDirectly) {
  mtd.content = pattern(mtd.content.size(), 3);
  mtd.erases_needed = false;
  mtd.has_locks = false;
  mtd.plug(kernel, 0, "ram", MTD_CAP_RAM);
  EXPECT_EQ(error_of<NoDeviceError>([&] { open(); }),
            "/dev/mtd0 ('BIOS') is RAM, not a flash chip (allow_ram=yes takes it all the same, for "
            "tests with mtdram)");
  const auto flash = open(true);
  apply(*flash, {{Erase{{0x10000, 0x10000}, 0}, {{0x10002, Buffer{1, 2}}}},
                 {{}, {{0x20000, Buffer{0xff}}}}});
  EXPECT_EQ(mtd.calls, (Calls{"write 0x10000+0x10000", "write 0x20000+0x1"}));
  EXPECT_EQ(Buffer(mtd.content.begin() + 0x10000, mtd.content.begin() + 0x10005),
            (Buffer{0xff, 0xff, 1, 2, 0xff}));
  EXPECT_EQ(mtd.content[0x20000], 0xff);
}

TEST_F(MtdFlashTest, ChipsWithCheckBitsAreWrittenInWholePieces) {
  mtd.write_size = 16;
  mtd.plug(kernel, 0, "nor", MTD_WRITEABLE);
  const auto flash = open();
  EXPECT_FALSE(flash->geometry().bits_clear_again);
  apply(*flash, {{{}, {{0x109, Buffer{1, 2}}}}});
  EXPECT_EQ(mtd.calls, (Calls{"unlock 0x0+0x80000", "write 0x100+0x10"}));
  EXPECT_EQ(mtd.content[0x109], 1);
  EXPECT_EQ(mtd.content[0x108], 0xff);
}

TEST_F(MtdFlashTest, StopsBehindAStep) {
  mtd.plug(kernel, 0);
  const auto flash = open();
  const std::vector<FlashStep> steps{{Erase{{0, 0x10000}, 0}, {}},
                                     {Erase{{0x10000, 0x10000}, 0}, {}}};
  EXPECT_EQ(error_of<InterruptedError>([&] {
              flash->apply(
                  steps, [&](std::size_t) { stop.request_stop(); }, run);
            }),
            "stopped behind step 1 of 2");
  EXPECT_EQ(mtd.calls, (Calls{"unlock 0x0+0x80000", "erase64 0x0+0x10000"}));
}

}  // namespace
}  // namespace romwright::flash
