// SPDX-License-Identifier: GPL-2.0-or-later
// A simulated chip on a simulated link, with the engine above it, and a folder for its journal.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string_view>

#include "flash/base/error.h"
#include "flash/chips/table.h"
#include "flash/device/flash_device.h"
#include "flash/device/probe.h"
#include "flash/device/spi_nor.h"
#include "flash/sim/nor_model.h"
#include "flash/sim/sim_bus.h"
#include "tests/support/fixtures.h"

namespace romwright::flash::scenario {

inline Buffer random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Buffer bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

struct Silence final : EventSink {};

/// The row of a chip, by the name of a part.
inline const Chip& chip_named(std::string_view name) { return *find_chips(name).at(0); }

/// What stays when the programmer is unplugged: the chip's content, the files.
struct Bench {
  explicit Bench(std::string_view name, SimLink on = ideal_link, std::uint32_t hz = 30'000'000)
      : chip(chip_named(name)), link(on), clock_hz(hz), content(chip.size, 0xff) {}

  const Chip& chip;
  SimLink link;
  std::uint32_t clock_hz;
  Buffer content;
  romwright::test::TemporaryFolder folder;
  WriteGuard guard{folder / "backups",
                   folder / "journals",
                   {"chip", "id", "sim", "", "2026-01-31T12:00:00Z"},
                   "image.rom"};

  [[nodiscard]] std::vector<OpenJournal> journals() const {
    return Journal::list(guard.journal_folder);
  }
};

/// The programmer plugged in: chip powered, probed and opened.
class Plugged {
 public:
  explicit Plugged(Bench& bench, Faults faults = {})
      : bench_(bench),
        model_(bench.chip, bench.content, clock, faults),
        bus(model_, clock, bench.link, bench.clock_hz, faults) {}

  /// Probes and opens the chip.
  void open() {
    found.emplace(probe(bus, {.chip = std::string(bench_.chip.name)}));
    nor.emplace(bus, found->chip);
    device.emplace(*nor, clock);
  }
  WriteReport write(const Buffer& image, WriteOptions options = {}) {
    if (!device) open();
    const WritePlan plan = device->plan(image, std::move(options), run);
    return device->write(plan, bench_.guard, run);
  }
  WriteReport recover(Recovery recovery) {
    if (!device) open();
    const WritePlan plan = device->plan_recovery(bench_.journals().at(0), recovery, {}, run);
    return device->write(plan, bench_.guard, run);
  }
  [[nodiscard]] const NorCounts& counts() const { return model_.counts(); }

 private:
  Bench& bench_;

 public:
  VirtualClock clock;

 private:
  NorModel model_;
  Silence events_;

 public:
  SimBus bus;
  romwright::Run run{{}, events_};
  std::optional<ProbeResult> found;
  std::optional<SpiNor> nor;
  std::optional<FlashDevice> device;
};

}  // namespace romwright::flash::scenario
