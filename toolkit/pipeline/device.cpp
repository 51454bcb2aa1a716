// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/device.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/device/link_tuning.h"
#include "flash/device/probe.h"
#include "flash/device/size_check.h"
#include "flash/device/spi_nor.h"
#include "flash/device/split_flash.h"
#include "flash/programmers/table.h"
#include "toolkit/pipeline/date.h"

namespace romwright::pipeline {

namespace {

/// The virtual clocks of several simulations, which work one after the other.
class SumClock final : public Clock {
 public:
  explicit SumClock(std::vector<Clock*> parts) : parts_(std::move(parts)) {}
  [[nodiscard]] std::chrono::nanoseconds now() const override {
    std::chrono::nanoseconds sum{0};
    for (const Clock* part : parts_) sum += part->now();
    return sum;
  }
  void sleep(std::chrono::nanoseconds time) override { parts_.front()->sleep(time); }

 private:
  std::vector<Clock*> parts_;
};

std::string join(const std::vector<FoundChip>& chips, std::string FoundChip::*member) {
  std::vector<std::string> values;
  for (const FoundChip& chip : chips) values.push_back(chip.*member);
  return fmt::format("{}", fmt::join(values, " + "));
}

}  // namespace

struct Device::State {
  std::vector<std::unique_ptr<flash::Programmer>> programmers;
  std::vector<std::unique_ptr<flash::SpiNor>> spi_chips;
  std::vector<flash::Flash*> parts;
  std::unique_ptr<flash::SplitFlash> whole;
  std::vector<Clock*> clocks;
  std::unique_ptr<Clock> clock;
  std::vector<FoundChip> chips;

  void add(const std::string& text, const flash::ProbeOptions& options, bool only_probe,
           EventSink& events);
  void check_size(FoundChip& found, EventSink& events);
};

namespace {

/// A 1.8 V chip does not survive 3.3 V on its pins for long.
void check_voltage(const flash::Chip& chip, const flash::Programmer& programmer, bool only_probe,
                   EventSink& events) {
  const std::optional<int> driven = programmer.millivolts();
  if (!driven || *driven <= chip.millivolts[1]) return;
  const RefusedError error(
      fmt::format("{} {} is for {:.2f} to {:.2f} V, and the programmer puts {:.1f} V on its pins",
                  chip.vendor, chip.name, chip.millivolts[0] / 1000.0, chip.millivolts[1] / 1000.0,
                  *driven / 1000.0),
      "use a level-shifting adapter, and say so with voltage=1.8 behind the programmer's name");
  if (!only_probe) throw error;
  events.warning(error.line());
}

}  // namespace

void Device::State::add(const std::string& text, const flash::ProbeOptions& options,
                        bool only_probe, EventSink& events) {
  const flash::ProgrammerChoice choice = flash::parse_programmer(text, flash::programmers());
  programmers.push_back(choice.entry->open(choice.parameters));
  flash::Programmer& programmer = *programmers.back();
  if (only_probe) programmer.look_only();
  events.detail(fmt::format("programmer: {}", programmer.description()));
  for (const std::string& warning : programmer.warnings()) events.warning(warning);
  FoundChip found;
  found.programmer = text;
  if (flash::SpiBus* bus = programmer.spi(); bus != nullptr) {
    flash::LinkTuning tuning(*bus);
    const flash::ProbeResult probed = flash::probe(*bus, options);
    for (const std::string& note : probed.notes) events.note(note);
    check_voltage(*probed.chip, programmer, only_probe, events);
    for (const std::string& note : tuning.raise()) events.warning(note);
    found.vendor = probed.chip->vendor;
    found.name = probed.chip->name;
    found.id = to_hex(probed.id);
    found.size = probed.chip->size;
    found.candidates = probed.candidates;
    spi_chips.push_back(std::make_unique<flash::SpiNor>(*bus, probed.chip));
    parts.push_back(spi_chips.back().get());
    if (probed.from_sfdp) check_size(found, events);
    clocks.push_back(&bus->clock());
  } else {
    parts.push_back(programmer.flash());
    found.name = programmer.description();
    found.size = parts.back()->geometry().size;
    found.candidates = {found.name};
    if (Clock* const own = programmer.clock()) clocks.push_back(own);
  }
  chips.push_back(std::move(found));
}

/// Nobody but SFDP tells the size: is it true?
void Device::State::check_size(FoundChip& found, EventSink& events) {
  Run run{{}, events};
  const std::uint64_t size = flash::repeating_size(*parts.back(), run);
  if (size == found.size) return;
  found.doubt = fmt::format("SFDP says {}, but the content repeats after {}",
                            human_size(found.size), human_size(size));
  events.warning(found.doubt);
}

Device::Device(std::unique_ptr<State> state) : state_(std::move(state)) {}
Device::Device(Device&&) noexcept = default;
Device::~Device() = default;

Device Device::open(const DeviceRequest& request, EventSink& events) {
  if (request.programmers.empty())
    throw UsageError("no programmer given", "-p NAME, see 'romwright programmers'");
  if (!request.chips.empty() && request.chips.size() != request.programmers.size())
    throw UsageError(fmt::format("{} times --chip for {} programmers", request.chips.size(),
                                 request.programmers.size()),
                     "give --chip once for each -p, or not at all");
  auto state = std::make_unique<State>();
  for (std::size_t i = 0; i < request.programmers.size(); ++i) {
    flash::ProbeOptions options;
    if (!request.chips.empty()) options.chip = request.chips[i];
    if (request.sizes.size() == request.programmers.size()) options.size = request.sizes[i];
    within(request.programmers[i],
           [&] { state->add(request.programmers[i], options, request.only_probe, events); });
  }
  if (state->parts.size() > 1) state->whole = std::make_unique<flash::SplitFlash>(state->parts);
  Device device(std::move(state));
  if (device.simulated() && device.state_->clocks.size() == device.state_->programmers.size())
    device.state_->clock = std::make_unique<SumClock>(device.state_->clocks);
  else
    device.state_->clock = std::make_unique<SystemClock>();
  return device;
}

flash::Flash& Device::flash() { return state_->whole ? *state_->whole : *state_->parts.front(); }

Clock& Device::clock() { return *state_->clock; }

const std::vector<FoundChip>& Device::chips() const { return state_->chips; }

std::uint64_t Device::size() const {
  std::uint64_t sum = 0;
  for (const FoundChip& chip : state_->chips) sum += chip.size;
  return sum;
}

bool Device::simulated() const {
  for (const auto& programmer : state_->programmers)
    if (programmer->simulated()) return true;
  return false;
}

std::vector<std::string> Device::descriptions() const {
  std::vector<std::string> lines;
  for (const auto& programmer : state_->programmers) lines.push_back(programmer->description());
  return lines;
}

flash::TopSwap* Device::top_swap() {
  return state_->programmers.size() == 1 ? state_->programmers.front()->top_swap() : nullptr;
}

std::vector<Finding> Device::findings() {
  std::vector<Finding> all;
  for (const auto& programmer : state_->programmers)
    for (Finding& finding : programmer->findings()) all.push_back(std::move(finding));
  return all;
}

flash::BackupFacts Device::facts(const std::string& board) const {
  flash::BackupFacts facts;
  std::vector<std::string> names;
  for (const FoundChip& chip : state_->chips)
    names.push_back(chip.vendor.empty() ? chip.name : chip.vendor + " " + chip.name);
  facts.chip = fmt::format("{}", fmt::join(names, " + "));
  facts.id = join(state_->chips, &FoundChip::id);
  facts.programmer = join(state_->chips, &FoundChip::programmer);
  facts.board = board;
  facts.date = date_now();
  return facts;
}

void Device::close() {
  state_->whole.reset();
  state_->spi_chips.clear();
  for (const auto& programmer : state_->programmers) programmer->close();
}

void require_certain(const Device& device) {
  for (const FoundChip& chip : device.chips())
    if (!chip.doubt.empty())
      throw RefusedError(chip.doubt, "an unknown chip: name one that it is like with --chip");
}

std::string describe(const FoundChip& chip) {
  return fmt::format("{}{}{} ({}{})", chip.vendor, chip.vendor.empty() ? "" : " ", chip.name,
                     chip.id.empty() ? "" : fmt::format("id {}, ", chip.id), human_size(chip.size));
}

}  // namespace romwright::pipeline
