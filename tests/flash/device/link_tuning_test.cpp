// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/link_tuning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/flash/device/fake_nor.h"

namespace romwright::flash {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A chip behind wiring that carries a clock up to `usual_hz`, or `late_hz` when sampled late.
class Wiring final : public SpiBus {
 public:
  SpiLimits limits() const noexcept override { return nor.limits(); }
  Clock& clock() noexcept override { return nor.clock(); }
  std::uint32_t set_clock_hz(std::uint32_t hz) override {
    if (!fixed) nor.limits_.clock_hz = hz;
    return nor.limits_.clock_hz;
  }
  bool set_sampling(SpiSampling wanted) override {
    if (has_late) sampling = wanted;
    return has_late;
  }
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override {
    const RunResult result = nor.run(program, stop);
    const std::uint32_t carried = sampling == SpiSampling::late ? late_hz : usual_hz;
    ++runs;
    if (nor.limits_.clock_hz > carried && runs % 5 == 0)
      for (const SpiOp& op : program)
        if (const auto* command = std::get_if<SpiCommand>(&op); !command->in.empty())
          command->in[0] ^= 1;
    return result;
  }

  test::FakeNor nor{1 << 20};
  std::uint32_t usual_hz = 100'000'000, late_hz = 100'000'000;
  bool fixed = false, has_late = false;
  SpiSampling sampling = SpiSampling::usual;
  std::size_t runs = 0;
};

TEST(LinkTuning, GoodWiringCarriesWhatWasAsked) {
  Wiring bus;
  bus.nor.limits_.clock_hz = 30'000'000;
  LinkTuning tuning(bus);
  EXPECT_EQ(bus.limits().clock_hz, 2'000'000U);
  EXPECT_THAT(tuning.raise(), IsEmpty());
  EXPECT_EQ(bus.limits().clock_hz, 30'000'000U);
}

TEST(LinkTuning, StepsDownAndSaysSo) {
  Wiring bus;
  bus.nor.limits_.clock_hz = 30'000'000;
  bus.usual_hz = bus.late_hz = 8'000'000;
  LinkTuning tuning(bus);
  EXPECT_THAT(tuning.raise(), ElementsAre("the wiring does not carry 30 MHz: going on at 7.5 MHz"));
  EXPECT_EQ(bus.limits().clock_hz, 7'500'000U);
  bus.nor.limits_.clock_hz = 30'000'000;
  bus.usual_hz = bus.late_hz = 2'000'000;
  LinkTuning slow(bus);
  EXPECT_THAT(slow.raise(), ElementsAre("the wiring does not carry 30 MHz: going on at 2 MHz"));
  EXPECT_EQ(bus.limits().clock_hz, 2'000'000U);
}

TEST(LinkTuning, TriesTheOtherEdgeBeforeASlowerClock) {
  Wiring bus;
  bus.nor.limits_.clock_hz = 30'000'000;
  bus.usual_hz = 8'000'000;
  bus.has_late = true;
  LinkTuning tuning(bus);
  EXPECT_THAT(tuning.raise(), ElementsAre("sampling half a clock later, which 30 MHz need"));
  EXPECT_EQ(bus.limits().clock_hz, 30'000'000U);
  EXPECT_EQ(bus.sampling, SpiSampling::late);
}

TEST(LinkTuning, AFixedClockIsProvedOnly) {
  Wiring bus;
  bus.fixed = true;
  EXPECT_THAT(LinkTuning(bus).raise(), IsEmpty());
  bus.usual_hz = bus.late_hz = 1'000'000;
  EXPECT_THAT(LinkTuning(bus).raise(),
              ElementsAre("the chip's id does not read the same every time: check the wiring"));
}

}  // namespace
}  // namespace romwright::flash
