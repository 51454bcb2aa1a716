// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/programmer.h"

#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/amd/controller.h"
#include "flash/chipsets/amd/findings.h"
#include "flash/chipsets/amd/rom_gate.h"
#include "flash/chipsets/mapped/programmer.h"

namespace romwright::flash::amd {
namespace {

class AmdProgrammer final : public Programmer {
 public:
  AmdProgrammer(Machine& machine, const Chipset& chipset)
      : controller_(Controller::open(machine, chipset)),
        rom_enabled_(spi_rom_enabled(machine.pci, chipset)) {}

  [[nodiscard]] std::string description() const override {
    return fmt::format("{}, boots from {}", controller_->chipset().name(),
                       to_string(controller_->source()));
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return controller_.get(); }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all;
    for (const Finding& finding : examine())
      if (finding.status == FindingStatus::warning || finding.status == FindingStatus::problem)
        all.push_back(finding.remedy.empty() ? finding.what : finding.what + ": " + finding.remedy);
    return all;
  }
  [[nodiscard]] std::vector<Finding> findings() override { return examine(); }
  void look_only() override { controller_->look_only(); }
  void close() override { controller_->close(); }

 private:
  [[nodiscard]] std::vector<Finding> examine() const;
  [[nodiscard]] Finding boot_finding() const;

  std::unique_ptr<Controller> controller_;
  bool rom_enabled_;
};

Finding AmdProgrammer::boot_finding() const {
  const BootSource source = controller_->source();
  if (source == BootSource::spi)
    return {"boot_source", FindingStatus::ok, "the straps say that the machine boots from SPI", ""};
  if (source == BootSource::unknown)
    return {"boot_source", FindingStatus::unknown,
            "no strap override tells what the machine boots from", ""};
  return {"boot_source", FindingStatus::problem,
          fmt::format("the machine boots from {}: this is not the chip with its firmware",
                      to_string(source)),
          "it is not written"};
}

std::vector<Finding> AmdProgrammer::examine() const {
  std::vector<Finding> all{chipset_finding(controller_->chipset()), boot_finding()};
  add_protects(all, controller_->rom_protects());
  all.push_back(imc_finding(controller_->imc()));
  if (!rom_enabled_)
    all.push_back({"spi_rom", FindingStatus::warning,
                   "SpiRomEnable is 0: the processor may read its firmware from another chip", ""});
  if (!controller_->open_to_host())
    all.push_back({"host_access", FindingStatus::warning,
                   "SpiAccessMacRomEn and SpiHostAccessRomEn are not both 1: the firmware may have "
                   "closed the flash until reset",
                   ""});
  if (controller_->chip_select() != 0)
    all.push_back({"chip_select", FindingStatus::warning,
                   fmt::format("commands go to chip select {}: it may not be the chip with the "
                               "firmware",
                               controller_->chip_select()),
                   ""});
  if (controller_->chipset().generation().has_psp)
    all.push_back({"psp", FindingStatus::unknown,
                   "a platform security processor may start from this flash too, and refuse an "
                   "image without its signed parts",
                   "keep a backup, and an external programmer at hand"});
  return all;
}

}  // namespace

std::unique_ptr<Programmer> find(Machine& machine, const InternalOptions& options) {
  const std::optional<Chipset> chipset = find_chipset(machine.pci);
  if (!chipset) return nullptr;
  if (options.sequencing == Sequencing::hardware)
    throw UsageError(
        fmt::format("programmer internal: {} has no hardware sequencing", chipset->name()),
        "bus=auto");
  const BootSource source = boot_source(machine);
  const std::vector<std::string> pins = pins_taken(machine.pci, *chipset);
  const bool spi = spi_in_use(machine.pci, *chipset) && pins.empty();
  std::string why;
  if (source == BootSource::lpc || source == BootSource::fwh)
    why = fmt::format("the straps say {}", to_string(source));
  else if (!pins.empty())
    why = fmt::format("SPI is not in use ({} is set up for something else)", pins.front());
  else if (!spi)
    why = "SPI is not in use";
  else
    return std::make_unique<AmdProgrammer>(machine, *chipset);
  try {
    return within(
        why, [&] { return mapped::open(machine, std::make_unique<RomGate>(machine, *chipset)); });
  } catch (const NoDeviceError&) {
    // What is on SPI can still be read.
    if (!spi) throw;
  }
  return std::make_unique<AmdProgrammer>(machine, *chipset);
}

}  // namespace romwright::flash::amd
