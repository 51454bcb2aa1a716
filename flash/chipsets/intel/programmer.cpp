// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/programmer.h"

#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/intel/buc_top_swap.h"
#include "flash/chipsets/intel/controller.h"
#include "flash/chipsets/intel/findings.h"
#include "flash/chipsets/intel/firmware_hub.h"
#include "flash/chipsets/intel/hardware_sequencing.h"
#include "flash/chipsets/intel/software_sequencing.h"
#include "flash/chipsets/mapped/programmer.h"

namespace romwright::flash::intel {
namespace {

constexpr std::uint64_t three_byte_reach = 1U << 24;

/// As flashprog chooses, and hardware sequencing for what three address bytes do not reach.
Sequencing choose(Controller& controller, Sequencing wanted) {
  const Engine engine = controller.generation().engine;
  if (engine == Engine::ich7) {
    if (wanted == Sequencing::hardware)
      throw UsageError(fmt::format("programmer internal: {} has no hardware sequencing",
                                   controller.chipset().name()),
                       "bus=auto or bus=swseq");
    return Sequencing::software;
  }
  if (wanted != Sequencing::automatic) return wanted;
  if (!controller.has_descriptor()) return Sequencing::software;
  if (engine == Engine::pch100) return Sequencing::hardware;
  const std::vector<std::uint64_t> components = controller.components();
  const std::uint64_t size =
      std::accumulate(components.begin(), components.end(), std::uint64_t{0});
  if (components.size() > 1 || size > three_byte_reach) return Sequencing::hardware;
  if (controller.locked() && !menu_suffices(read_menu(controller))) return Sequencing::hardware;
  return Sequencing::software;
}

class IntelProgrammer final : public Programmer {
 public:
  IntelProgrammer(Machine& machine, const Chipset& chipset, Sequencing wanted)
      : controller_(machine, chipset) {
    if (controller_.generation().id == GenerationId::ich7) top_swap_.emplace(controller_.block());
    if (choose(controller_, wanted) == Sequencing::hardware) {
      hardware_ = std::make_unique<HardwareSequencing>(controller_);
      return;
    }
    software_ = std::make_unique<SoftwareSequencing>(controller_);
    cannot_write_ = controller_.locked() && !menu_writes(read_menu(controller_));
  }

  [[nodiscard]] std::string description() const override {
    return fmt::format("{}, {} sequencing{}, boots from {}", controller_.chipset().name(),
                       hardware_ ? "hardware" : "software", controller_.locked() ? " (locked)" : "",
                       to_string(controller_.straps().boots_from));
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return software_.get(); }
  [[nodiscard]] Flash* flash() noexcept override { return hardware_.get(); }
  [[nodiscard]] std::vector<std::string> warnings() const override;
  [[nodiscard]] std::vector<Finding> findings() override {
    std::vector<Finding> all = intel::findings(controller_, hardware_ != nullptr);
    if (hardware_) all.push_back(chip_status_finding(hardware_->chip_status()));
    return all;
  }
  [[nodiscard]] TopSwap* top_swap() noexcept override { return top_swap_ ? &*top_swap_ : nullptr; }
  void look_only() override { controller_.look_only(); }
  void close() override {
    software_.reset();
    controller_.close();
  }

 private:
  Controller controller_;
  std::optional<BucTopSwap> top_swap_;
  std::unique_ptr<HardwareSequencing> hardware_;
  std::unique_ptr<SoftwareSequencing> software_;
  bool cannot_write_ = false;  ///< the locked menu lacks what a write needs
};

std::vector<std::string> IntelProgrammer::warnings() const {
  std::vector<std::string> all;
  const Chipset& chipset = controller_.chipset();
  const Straps& straps = controller_.straps();
  if (chipset.id->status == ChipsetStatus::untested)
    all.push_back(
        fmt::format("{}: nobody has reported that this chipset works: read first, twice, "
                    "and compare",
                    chipset.name()));
  if (straps.boots_from == BootSource::unknown)
    all.emplace_back("the straps do not tell what the machine boots from");
  else if (straps.boots_from != BootSource::spi)
    all.push_back(fmt::format("the machine boots from {}: this is not the chip with its firmware",
                              to_string(straps.boots_from)));
  if (straps.top_swap)
    all.push_back(fmt::format("top swap is set{}: the machine boots from the block below the top",
                              straps.interface_locked ? ", and locked until reset" : ""));
  for (const Region& region : controller_.permissions().regions) {
    if (region.readable && region.writable) continue;
    if (!region.certain()) continue;
    all.push_back(fmt::format("region {} ({}): may not be {} from here", region.name,
                              to_string(region.range),
                              region.readable   ? "written"
                              : region.writable ? "read"
                                                : "read or written"));
  }
  for (const ProtectedRange& one : controller_.permissions().protected_ranges)
    all.push_back(fmt::format("{} forbids to {} {}{}", one.name,
                              one.no_write ? one.no_read ? "read and write" : "write" : "read",
                              to_string(one.range), one.locked ? ", locked until reset" : ""));
  if (cannot_write_)
    all.push_back(fmt::format("the locked opcode menu cannot write the chip{}",
                              controller_.has_descriptor()
                                  ? ": internal:bus=hwseq drives the controller without it"
                                  : ": an external programmer can"));
  if (hardware_)
    if (const Finding own = chip_status_finding(hardware_->chip_status());
        own.status == FindingStatus::warning)
      all.push_back(own.what);
  return all;
}

/// ICH and ICH2 to 6 have nothing but their firmware hub.
bool boots_from_spi(Machine& machine, const Chipset& chipset) {
  if (chipset.generation().engine == Engine::none) return false;
  return map_chipset(machine, chipset).straps.boots_from != BootSource::lpc;
}

}  // namespace

std::unique_ptr<Programmer> find(Machine& machine, const InternalOptions& options) {
  const std::optional<Chipset> chipset = find_chipset(machine.pci);
  if (!chipset) return nullptr;
  if (has_firmware_hub(*chipset) && !boots_from_spi(machine, *chipset))
    return within("the machine boots from LPC/FWH", [&] {
      return mapped::open(machine, std::make_unique<FirmwareHub>(machine, *chipset));
    });
  if (chipset->generation().engine == Engine::none)
    throw NoDeviceError(fmt::format("{} has no SPI controller", chipset->name()),
                        "its flash hangs on LPC or FWH");
  return std::make_unique<IntelProgrammer>(machine, *chipset, options.sequencing);
}

}  // namespace romwright::flash::intel
