// SPDX-License-Identifier: GPL-2.0-or-later
// Chips from before 0x9f are found by the commands that they answer, written and verified.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/engine/bench.h"

namespace romwright::flash::scenario {
namespace {

TEST(OldIds, EveryChipIsFoundByItsOwnCommand) {
  std::size_t seen = 0;
  for (const Chip* chip : all_chips()) {
    if (chip->id_method == IdMethod::rdid) continue;
    ++seen;
    Buffer content(chip->size, 0xff);
    VirtualClock clock;
    NorModel model(*chip, content, clock, {});
    SimBus bus(model, clock, ideal_link, 10'000'000);
    ProbeOptions options;
    options.size = chip->size;
    const ProbeResult found = probe(bus, options);
    EXPECT_THAT(found.candidates, testing::Contains(std::string(chip->name)));
    EXPECT_EQ(found.chip->size, chip->size) << chip->name;
    SpiNor nor(bus, found.chip);
    Silence silence;
    romwright::Run run{{}, silence};
    const Buffer image = random_bytes(chip->size, 3);
    romwright::test::TemporaryFolder folder;
    FlashDevice device(nor, clock);
    const WritePlan plan = device.plan(Buffer(image), {}, run);
    device.write(plan, {folder / "b", folder / "j", {}, "image"}, run);
    EXPECT_TRUE(content == image) << chip->name;
  }
  EXPECT_EQ(seen, 27U);
}

}  // namespace
}  // namespace romwright::flash::scenario
