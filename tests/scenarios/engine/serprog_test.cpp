// SPDX-License-Identifier: GPL-2.0-or-later
// The engine over serprog devices of every kind, with a simulated chip.
#include <gtest/gtest.h>

#include "flash/wires/serprog/serprog_bus.h"
#include "tests/scenarios/engine/on_bus.h"
#include "tests/support/serprog_model_link.h"

namespace romwright::flash::scenario {
namespace {

using namespace std::chrono_literals;

struct Device {
  Device(Bench& bench, SerprogTraits traits)
      : chip(bench.chip, bench.content, clock), model(chip, clock, traits), link(model, clock) {
    bus.emplace(conversation, negotiate(conversation));
    bus->set_clock_hz(24'000'000);
  }
  VirtualClock clock;
  NorModel chip;
  SerprogModel model;
  test::SerprogModelLink link;
  SerprogConversation conversation{link, clock};
  std::optional<SerprogBus> bus;
};

struct Kind {
  const char* name;
  SerprogTraits traits;
};

class SerprogKinds : public ::testing::TestWithParam<Kind> {};

TEST_P(SerprogKinds, AreWrittenOver) {
  Bench bench("W25Q80BV");
  const SmallWrite work(bench.chip.size);
  bench.content = work.old;
  Device device(bench, GetParam().traits);
  const WriteReport report = write_over(*device.bus, work.image, bench.guard);
  EXPECT_EQ(bench.content, work.image);
  EXPECT_TRUE(report.verified_full);
  EXPECT_EQ(report.retries + report.link_errors + report.rewritten_blocks, 0U);
  EXPECT_EQ(device.model.lost_bytes(), 0U);
  EXPECT_EQ(device.chip.counts().ignored, 0U);
}

constexpr std::uint32_t hz = 24'000'000, speed = 30'000'000, baud_115200 = 11520;
constexpr Kind kinds[] = {
    {"usual", {.fastest_hz = hz, .link_bytes_per_second = speed}},
    {"without_delays", {.fastest_hz = hz, .delays = false, .link_bytes_per_second = speed}},
    {"small_buffer", {.fastest_hz = hz, .serial_buffer = 16, .link_bytes_per_second = speed}},
    {"small_buffer_without_delays", {.fastest_hz = hz, .delays = false, .serial_buffer = 16}},
    {"silent_and_poor",
     {.delays = false, .settable_clock = false, .silent = true, .serial_buffer = 64}},
    {"short_operations", {.max_write = 64, .max_read = 100, .delays = false}},
    {"serial_115200", {.delays = false, .link_bytes_per_second = baud_115200}},
};

INSTANTIATE_TEST_SUITE_P(All, SerprogKinds, ::testing::ValuesIn(kinds),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace romwright::flash::scenario
