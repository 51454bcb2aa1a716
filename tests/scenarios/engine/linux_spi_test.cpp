// SPDX-License-Identifier: GPL-2.0-or-later
// The engine over a spidev device with a simulated chip.
#include <gtest/gtest.h>

#include "flash/wires/spidev/spidev_bus.h"
#include "tests/scenarios/engine/on_bus.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/fake_spidev.h"

namespace romwright::flash::scenario {
namespace {

using namespace std::chrono_literals;

TEST(LinuxSpi, ProbesReadsWritesAndVerifies) {
  Bench bench("W25Q80BV");
  const SmallWrite work(bench.chip.size);
  bench.content = work.old;
  VirtualClock clock;
  NorModel model(bench.chip, bench.content, clock);
  test::SpidevWire wire;
  wire.clock = &clock;
  wire.call = 30us;
  wire.cycle = [&](ConstBytes out, Bytes in) { model.cycle(out, in); };
  test::FakeKernel kernel;
  kernel.devices["/dev/spidev0.0"] = [&](bool) -> OpenedFile {
    return {std::make_unique<test::FakeSpidev>(wire), 0};
  };
  SpidevBus bus(kernel, clock, "/dev/spidev0.0", 16'000'000);
  const WriteReport report = write_over(bus, work.image, bench.guard);
  EXPECT_EQ(bench.content, work.image);
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.retries + report.link_errors + report.rewritten_blocks, 0U);
  EXPECT_EQ(model.counts().erases, 2U);
  EXPECT_EQ(model.counts().programs, 16U + 2 + 1);
  EXPECT_EQ(model.counts().ignored, 0U);
  // Looking is cheap beside the work: two sector erases and 19 pages.
  EXPECT_LE(model.counts().status_reads, 250U);
  EXPECT_TRUE(write_over(bus, work.image, bench.guard).identical);
}

}  // namespace
}  // namespace romwright::flash::scenario
