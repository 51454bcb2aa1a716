// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/programmer.h"

#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/amd/controller.h"

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
  [[nodiscard]] Finding chipset_finding() const;
  [[nodiscard]] Finding boot_finding() const;
  [[nodiscard]] Finding imc_finding() const;
  void add_protects(std::vector<Finding>& all) const;

  std::unique_ptr<Controller> controller_;
  std::vector<std::string> pins_;
};

Finding AmdProgrammer::chipset_finding() const {
  const Chipset& chipset = controller_->chipset();
  if (chipset.part->status == ChipsetStatus::ok)
    return {"chipset", FindingStatus::ok, chipset.name(), ""};
  const bool untested = chipset.part->status == ChipsetStatus::untested;
  return {"chipset", FindingStatus::warning,
          fmt::format("{}: {}", chipset.name(),
                      untested ? "nobody has reported that this chipset works"
                               : "whether it works depends on the board"),
          "read first, twice, and compare"};
}

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

Finding AmdProgrammer::imc_finding() const {
  switch (controller_->imc().state()) {
    case ImcState::active:
      return {"imc", FindingStatus::warning,
              "the chipset's embedded controller (IMC) is active, and may run from this flash",
              "it is stopped for the time of a write; the fans may be its business, so keep it "
              "short"};
    case ImcState::unknown:
      return {"imc", FindingStatus::problem,
              "the chipset has an embedded controller (IMC), and the I/O ports that tell whether "
              "it runs are closed",
              "lift lockdown (switch Secure Boot off): nothing is written while it may run"};
    case ImcState::inactive:
      return {"imc", FindingStatus::ok, "the chipset's embedded controller (IMC) does not run", ""};
    case ImcState::absent:
      break;
  }
  return {"imc", FindingStatus::ok, "the chipset has no embedded controller (IMC) in use", ""};
}

void AmdProgrammer::add_protects(std::vector<Finding>& all) const {
  if (controller_->rom_protects().empty()) {
    all.push_back({"protected_ranges", FindingStatus::ok, "no ROM protect register is in use", ""});
    return;
  }
  for (const RomProtect& one : controller_->rom_protects())
    all.push_back({"protected_ranges", FindingStatus::warning,
                   fmt::format("{} forbids to {} {} of the machine's addresses", one.name,
                               one.no_write ? one.no_read ? "read and write" : "write" : "read",
                               to_string(one.mapped)),
                   ""});
}

std::vector<Finding> AmdProgrammer::examine() const {
  std::vector<Finding> all{chipset_finding(), boot_finding()};
  add_protects(all);
  all.push_back(imc_finding());
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
  return std::make_unique<AmdProgrammer>(machine, *chipset);
}

}  // namespace romwright::flash::amd
