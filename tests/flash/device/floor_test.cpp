// SPDX-License-Identifier: GPL-2.0-or-later
// The whole engine against the floor that chip and wire set: a W25Q64FV at 30 MHz, in virtual time.
#include <array>
#include <chrono>
#include <random>

#include <gtest/gtest.h>

#include "flash/device/flash_device.h"
#include "flash/device/spi_nor.h"
#include "tests/flash/device/fake_flash.h"
#include "tests/flash/device/fake_nor.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t chip_size = 8U << 20;
constexpr double clock_hz = 30e6;
constexpr std::array erases{ChipErase{0x20, 0x1000}, ChipErase{0xd8, 0x10000},
                            ChipErase{0xc7, chip_size}};

/// The data sheet's typical times, and one bit a clock.
double floor_seconds(std::uint64_t erased_blocks, std::uint64_t pages) {
  const double read = 8 * chip_size / clock_hz;
  return 2 * read + 0.150 * static_cast<double>(erased_blocks) +
         (0.0007 + 8 * (256 + 4) / clock_hz) * static_cast<double>(pages);
}

struct Fixture {
  explicit Fixture(bool streams) {
    std::mt19937 random(7);
    for (std::uint8_t& byte : nor.content) byte = static_cast<std::uint8_t>(random());
    image = nor.content;
    nor.limits_.clock_hz = 30'000'000;
    nor.limits_.streams = streams;
  }
  WriteReport write() {
    Chip chip;
    chip.size = chip_size;
    chip.erases = erases;
    chip.times = {std::chrono::microseconds(700), std::chrono::milliseconds(45),
                  std::chrono::milliseconds(120), std::chrono::milliseconds(150),
                  std::chrono::seconds(20)};
    SpiNor flash(nor, OwnedChip(chip));
    FlashDevice device(flash, nor.time);
    const WritePlan plan = device.plan(image, {}, run);
    return device.write(plan, {folder / "b", folder / "j", {"c", "i", "p", "", "d"}, ""}, run);
  }
  test::FakeNor nor{chip_size};
  Buffer image;
  romwright::test::TemporaryFolder folder;
  test::Listener events;
  romwright::Run run{{}, events};
};

class Floor : public ::testing::TestWithParam<bool> {};

TEST_P(Floor, FullReplacement) {
  Fixture fixture(GetParam());
  for (std::uint8_t& byte : fixture.image) byte = static_cast<std::uint8_t>(~byte);
  const WriteReport report = fixture.write();
  EXPECT_EQ(fixture.nor.content, fixture.image);
  EXPECT_EQ(report.erased_bytes, chip_size);
  EXPECT_EQ(report.retries, 0U);
  const double taken = Seconds(fixture.nor.time.now()).count();
  const double floor = floor_seconds(128, 32768);
  EXPECT_NEAR(floor, 48.9, 0.05);
  // Reading half of it again is the largest part of what is above the floor.
  RecordProperty("seconds", std::to_string(taken));
  EXPECT_LE(taken, 1.03 * floor) << "ratio " << taken / floor;
  EXPECT_GE(taken, floor);
}

TEST_P(Floor, OneBlockOf64KiB) {
  Fixture fixture(GetParam());
  for (std::size_t at = 0x230000; at < 0x240000; ++at)
    fixture.image[at] = static_cast<std::uint8_t>(~fixture.image[at]);
  const WriteReport report = fixture.write();
  EXPECT_EQ(fixture.nor.content, fixture.image);
  EXPECT_EQ(report.erased_bytes, 0x10000U);
  const double taken = Seconds(fixture.nor.time.now()).count();
  const double floor = floor_seconds(1, 256);
  RecordProperty("seconds", std::to_string(taken));
  EXPECT_LE(taken, 1.05 * floor) << "ratio " << taken / floor;
  EXPECT_GE(taken, floor);
}

INSTANTIATE_TEST_SUITE_P(Buses, Floor, ::testing::Bool(),
                         [](const auto& bus) { return bus.param ? "Streaming" : "Waiting"; });

}  // namespace
}  // namespace romwright::flash
