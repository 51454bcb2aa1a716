// SPDX-License-Identifier: GPL-2.0-or-later
// The engine over MTD devices in memory: NOR flash, and RAM that needs no erase.
#include <gtest/gtest.h>

#include "flash/wires/mtd/mtd_flash.h"
#include "tests/scenarios/engine/on_bus.h"
#include "tests/support/fake_mtd.h"

namespace romwright::flash::scenario {
namespace {

class LinuxMtd : public ::testing::Test {
 protected:
  void write_and_check(std::uint64_t allowed_size) {
    const auto flash = open_mtd(kernel, clock, 0, true);
    FlashDevice device(*flash, clock);
    Silence events;
    romwright::Run run{{}, events};
    WriteOptions options;
    if (allowed_size != 0) options.allowed = {{0x1000, allowed_size}};
    const WritePlan plan = device.plan(work.image, options, run);
    const WriteReport report = device.write(plan, bench.guard, run);
    EXPECT_TRUE(report.verified_full);
    EXPECT_EQ(report.rewritten_blocks + report.link_errors, 0U);
  }
  Bench bench{"W25Q80BV"};
  VirtualClock clock;
  test::FakeKernel kernel;
  test::Mtd mtd;
  SmallWrite work{mtd.content.size()};
};

TEST_F(LinuxMtd, Nor) {
  mtd.content = work.old;
  mtd.erase_size = 0x1000;
  mtd.plug(kernel, 0);
  write_and_check(0);
  EXPECT_EQ(mtd.content, work.image);
}

TEST_F(LinuxMtd, NorWithBlocksThatCrossWhatMayChange) {
  mtd.content = work.old;
  mtd.plug(kernel, 0);
  write_and_check(0x200);
  Buffer wanted = work.old;
  std::copy_n(work.image.begin() + 0x1000, 0x200, wanted.begin() + 0x1000);
  EXPECT_EQ(mtd.content, wanted);
}

TEST_F(LinuxMtd, Ram) {
  mtd.content = work.old;
  mtd.erases_needed = mtd.has_locks = false;
  mtd.plug(kernel, 0, "ram", MTD_CAP_RAM);
  write_and_check(0);
  EXPECT_EQ(mtd.content, work.image);
  for (const std::string& call : mtd.calls) EXPECT_TRUE(call.starts_with("write")) << call;
}

}  // namespace
}  // namespace romwright::flash::scenario
