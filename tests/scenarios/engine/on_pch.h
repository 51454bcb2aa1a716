// SPDX-License-Identifier: GPL-2.0-or-later
// A modelled Intel machine with its chips, the internal driver and the engine above it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "flash/base/intel_descriptor.h"
#include "flash/chipsets/driver.h"
#include "flash/sim/pch_model.h"
#include "tests/scenarios/engine/bench.h"
#include "tests/support/host_descriptor.h"

namespace romwright::flash::scenario {

using test::MadeRegion;
using test::put_descriptor;

/// The value of a PR register.
constexpr std::uint32_t forbids(Range range, bool writing = true, bool reading = false) {
  return encode_region(range) | (writing ? 1U << 31 : 0) | (reading ? 1U << 15 : 0);
}

/// The machine, powered on: everything before `open` is as the firmware left it.
class OnPch {
 public:
  explicit OnPch(PchSettings settings, std::string_view chip_name = "W25Q80BV", unsigned count = 1)
      : row(chip_named(chip_name)), settings_(settings), content(count * row.size, 0xff) {
    const Buffer random = random_bytes(content.size(), 11);
    content = random;
    count_ = count;
  }
  OnPch(const OnPch&) = delete;
  OnPch& operator=(const OnPch&) = delete;
  /// Whatever a test is about, the driver keeps to the data sheets.
  ~OnPch() {
    nor.reset();
    programmer.reset();
    if (model) {
      EXPECT_THAT(model->misuse(), ::testing::IsEmpty());
    }
  }

  [[nodiscard]] bool v2() const {
    return settings_.kind == PchKind::pch100 || settings_.kind == PchKind::pch500;
  }
  /// Descriptor, ME and BIOS; the ME's region closed where `me` says so.
  void usual_descriptor(bool me_readable = true, bool me_writable = true,
                        const std::vector<MadeRegion>& more = {}) {
    std::vector<MadeRegion> regions{{0, {0, 0x1000}, true, false},
                                    {1, {0x40000, content.size() - 0x40000}},
                                    {2, {0x3000, 0x3d000}, me_readable, me_writable}};
    regions.insert(regions.end(), more.begin(), more.end());
    put_descriptor(content, v2() ? DescriptorVersion::v2 : DescriptorVersion::v1,
                   std::vector<std::uint64_t>(count_, row.size), regions);
  }
  void power_on() {
    std::vector<NorModel*> all;
    for (unsigned i = 0; i < count_; ++i) {
      chips.push_back(
          std::make_unique<NorModel>(row, Bytes(content).subspan(i * row.size, row.size), clock));
      all.push_back(chips.back().get());
    }
    model.emplace(settings_, all, clock);
  }
  void open(Sequencing sequencing = Sequencing::automatic) {
    if (!model) power_on();
    machine.emplace(model->machine());
    programmer = open_internal(*machine, {sequencing});
    if (SpiBus* bus = programmer->spi()) {
      found.emplace(probe(*bus, {}));
      nor.emplace(*bus, found->chip);
    }
    device.emplace(flash(), clock);
  }
  Flash& flash() { return nor ? *nor : *programmer->flash(); }
  WriteReport write(const Buffer& image, WriteOptions options = {}) {
    const WritePlan plan = device->plan(image, std::move(options), run);
    return device->write(plan, bench.guard, run);
  }
  void close() {
    nor.reset();
    programmer->close();
  }
  [[nodiscard]] std::uint64_t erases() const {
    std::uint64_t sum = 0;
    for (const auto& chip : chips) sum += chip->counts().erases;
    return sum;
  }

  Chip row;

 private:
  PchSettings settings_;
  unsigned count_ = 1;
  Silence events_;

 public:
  Buffer content;
  VirtualClock clock;
  std::vector<std::unique_ptr<NorModel>> chips;
  std::optional<PchModel> model;
  std::optional<Machine> machine;
  std::unique_ptr<Programmer> programmer;
  std::optional<ProbeResult> found;
  std::optional<SpiNor> nor;
  std::optional<FlashDevice> device;
  Bench bench{"W25Q80BV"};
  romwright::Run run{{}, events_};
};

}  // namespace romwright::flash::scenario
