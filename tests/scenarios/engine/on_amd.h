// SPDX-License-Identifier: GPL-2.0-or-later
// A modelled AMD machine with its chip, the internal driver and the engine above it.
#pragma once

#include <memory>
#include <optional>

#include "flash/chipsets/driver.h"
#include "flash/sim/amd_model.h"
#include "tests/scenarios/engine/bench.h"

namespace romwright::flash::scenario {

/// The machine, powered on: everything before `open` is as the firmware left it.
class OnAmd {
 public:
  explicit OnAmd(const AmdSettings& settings, std::string_view chip_name = "W25X05")
      : row(chip_named(chip_name)),
        content(row.size <= (1U << 20) ? random_bytes(row.size, 11) : Buffer(row.size, 0xff)),
        chip(row, content, clock),
        model(settings, chip, clock),
        machine(model.machine()) {}

  void open() {
    programmer = open_internal(machine, {});
    found.emplace(probe(*programmer->spi(), {}));
    nor.emplace(*programmer->spi(), found->chip);
    device.emplace(*nor, clock);
  }
  WriteReport write(const Buffer& image, WriteOptions options = {}) {
    const WritePlan plan = device->plan(image, std::move(options), run);
    return device->write(plan, bench.guard, run);
  }
  void close() {
    nor.reset();
    programmer->close();
  }

  const Chip& row;
  Buffer content;
  VirtualClock clock;
  NorModel chip;
  AmdModel model;
  Machine machine;

 private:
  Silence events_;

 public:
  std::unique_ptr<Programmer> programmer;
  std::optional<ProbeResult> found;
  std::optional<SpiNor> nor;
  std::optional<FlashDevice> device;
  Bench bench{"W25X05"};
  romwright::Run run{{}, events_};
};

}  // namespace romwright::flash::scenario
