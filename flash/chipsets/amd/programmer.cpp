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
      : controller_(Controller::open(machine, chipset)), pins_(pins_taken(machine.pci, chipset)) {}

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
  void close() override { controller_->close(); }

 private:
  [[nodiscard]] std::vector<Finding> examine() const;
  [[nodiscard]] Finding boot_finding() const;

  std::unique_ptr<Controller> controller_;
  std::vector<std::string> pins_;
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
  for (const std::string& pin : pins_)
    all.push_back({"spi_pins", FindingStatus::warning,
                   fmt::format("{} is not set up for SPI: SPI may not be in use", pin), ""});
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
  const bool on_lpc = source == BootSource::lpc || source == BootSource::fwh;
  if (!on_lpc && spi_in_use(machine.pci, *chipset))
    return std::make_unique<AmdProgrammer>(machine, *chipset);
  try {
    return within(on_lpc ? "the machine boots from LPC/FWH" : "SPI is not in use", [&] {
      return mapped::open(machine, std::make_unique<RomGate>(machine, *chipset));
    });
  } catch (const NoDeviceError&) {
    // What is on SPI can still be read.
    if (!spi_in_use(machine.pci, *chipset)) throw;
  }
  return std::make_unique<AmdProgrammer>(machine, *chipset);
}

}  // namespace romwright::flash::amd
