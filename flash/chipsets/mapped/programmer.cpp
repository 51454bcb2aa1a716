// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/mapped/programmer.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/mapped/mapped_flash.h"

namespace romwright::flash::mapped {
namespace {

constexpr std::array<std::uint32_t, 5> sizes{256U << 10, 384U << 10, 512U << 10, 1U << 20,
                                             2U << 20};

/// Chips that share an id are told apart by their lock registers.
const Part& choose(Machine& machine, RomGate& gate, const std::vector<const Part*>& found) {
  for (const Part* part : found)
    if (part->locks != Locks::none && !MappedFlash(machine, gate, *part).locks().empty())
      return *part;
  for (const Part* part : found)
    if (part->locks == Locks::none) return *part;
  return *found.front();
}

const Part* identify(Machine& machine, RomGate& gate, std::string& answers) {
  const std::uint64_t reach = gate.reach();
  for (const std::uint32_t size : sizes) {
    if (size > reach) break;
    ChipBus bus(machine, size);
    // A chip of the other family takes no notice of what this one is asked first.
    for (const Family family : {Family::intel, Family::jedec}) {
      const auto id = bus.identify(family);
      if (!id) continue;
      std::vector<const Part*> found;
      for (const Part& part : parts())
        if (part.family == family && part.size == size && part.manufacturer == id->manufacturer &&
            part.model == id->model)
          found.push_back(&part);
      if (!found.empty()) return &choose(machine, gate, found);
      answers = fmt::format(" (something answers with the id {:02x} {:02x})", id->manufacturer,
                            id->model);
    }
  }
  return nullptr;
}

class MappedProgrammer final : public Programmer {
 public:
  MappedProgrammer(Machine& machine, std::unique_ptr<RomGate> gate, const Part& part)
      : gate_(std::move(gate)), flash_(machine, *gate_, part) {}
  ~MappedProgrammer() override {
    try {
      gate_->close();
    } catch (const Error&) {
      // The configuration space is gone, and with it what was set there.
      return;
    }
  }

  [[nodiscard]] std::string description() const override {
    return fmt::format("{} (LPC/FWH, {}) behind {}", full_name(flash_.part()),
                       human_size(flash_.part().size), gate_->name());
  }
  [[nodiscard]] Flash* flash() noexcept override { return &flash_; }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all;
    for (const Finding& finding : gate_->findings())
      if (finding.status == FindingStatus::warning || finding.status == FindingStatus::problem)
        all.push_back(finding.what);
    return all;
  }
  [[nodiscard]] std::vector<Finding> findings() override;
  void close() override { gate_->close(); }

 private:
  std::unique_ptr<RomGate> gate_;
  MappedFlash flash_;
};

std::vector<Finding> MappedProgrammer::findings() {
  std::vector<Finding> all = gate_->findings();
  const std::vector<BlockLock> locks = flash_.locks();
  bool held = false;
  for (const BlockLock& one : locks) {
    if (!one.write_locked() || !one.locked_down()) continue;
    held = true;
    all.push_back({"block_locks", FindingStatus::warning,
                   fmt::format("{}: locked by the chip until reset", to_string(one.block)), ""});
  }
  if (!held)
    all.push_back({"block_locks", FindingStatus::ok,
                   locks.empty() ? "the chip has no block lock registers"
                                 : "no block of the chip is locked until reset",
                   ""});
  return all;
}

}  // namespace

std::unique_ptr<Programmer> open(Machine& machine, std::unique_ptr<RomGate> gate) {
  if (const auto refusal = gate->open()) {
    gate->close();
    throw NoDeviceError(fmt::format("{}: {}: a chip on LPC or FWH cannot even be asked who it is",
                                    gate->name(), *refusal),
                        "an external programmer reaches the chip");
  }
  try {
    std::string answers;
    const Part* const part = identify(machine, *gate, answers);
    if (part == nullptr)
      throw NoDeviceError(
          fmt::format("{}: no known chip on LPC or FWH answers{}", gate->name(), answers),
          "its write enable may be a pin of the board; an external programmer reaches the chip");
    return std::make_unique<MappedProgrammer>(machine, std::move(gate), *part);
  } catch (const Error&) {
    if (gate) gate->close();
    throw;
  }
}

}  // namespace romwright::flash::mapped
