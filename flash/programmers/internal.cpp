// SPDX-License-Identifier: GPL-2.0-or-later
// internal: the flash of the machine that romwright runs on, by its chipset.
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "flash/base/clock.h"
#include "flash/base/error.h"
#include "flash/chipsets/driver.h"
#include "flash/host/kernel_facts.h"
#include "flash/wires/mtd/mtd_info.h"
#include "flash/wires/parameter_values.h"

namespace romwright::flash {

extern const ProgrammerEntry programmer_linux_mtd;

namespace {

constexpr std::array<ParameterHelp, 6> parameters{{
    {"laptop", "force_I_want_a_brick|this_is_not_a_laptop", "as flashprog spells it"},
    {"boardmismatch", "force", "writes although the machine is not the manifest's"},
    {"bus", "auto|hwseq|swseq", "how an Intel controller is driven"},
    {"ich_spi_mode", "auto|hwseq|swseq", "the same, as flashprog spells it"},
    {"spispeed", "CLOCK", "of an AMD controller: 16M, 33M; the firmware's by default"},
    {"amd_imc_force", "yes", "as flashprog spells it: AMD's embedded controller is stopped anyway"},
}};

void check(const Parameters& given, std::string_view key, std::string_view one,
           std::string_view other) {
  const auto value = given.get(key);
  if (value && *value != one && *value != other)
    throw UsageError(fmt::format("programmer internal: {}={}: no such value", key, *value),
                     fmt::format("{}={}", key, one));
}

Sequencing sequencing(const Parameters& given) {
  Sequencing chosen = Sequencing::automatic;
  for (const char* key : {"bus", "ich_spi_mode"}) {
    const auto value = given.get(key);
    if (!value || *value == "auto") continue;
    if (*value == "hwseq")
      chosen = Sequencing::hardware;
    else if (*value == "swseq")
      chosen = Sequencing::software;
    else
      throw UsageError(fmt::format("programmer internal: {}={}: no such value", key, *value),
                       "auto, hwseq or swseq");
  }
  return chosen;
}

/// "33M", or "33 MHz" as flashprog spells it.
std::optional<std::uint32_t> clock(const Parameters& given) {
  auto values = given.all();
  if (const auto found = values.find("spispeed"); found != values.end())
    std::erase(found->second, ' ');
  return clock_parameter(Parameters(std::move(values)), "spispeed", 1'000'000);
}

/// What is opened over the machine's own parts, with them.
class Internal final : public Programmer {
 public:
  Internal(const InternalOptions& options, std::optional<std::uint32_t> clock_hz)
      : pci_(machine_pci()),
        memory_(machine_memory()),
        ports_(machine_ports()),
        machine_{*pci_, *memory_, clock_, ports_.get()},
        opened_(open_internal(machine_, options)) {
    // 33 MHz is 33.33 MHz, too.
    if (clock_hz && (spi() == nullptr || spi()->set_clock_hz(*clock_hz + *clock_hz / 50) == 0))
      throw UsageError(
          "programmer internal: spispeed: the clock of this machine's controller is "
          "not chosen by software");
  }

  [[nodiscard]] std::string description() const override { return opened_->description(); }
  [[nodiscard]] SpiBus* spi() noexcept override { return opened_->spi(); }
  [[nodiscard]] Flash* flash() noexcept override { return opened_->flash(); }
  [[nodiscard]] std::vector<std::string> warnings() const override { return opened_->warnings(); }
  [[nodiscard]] std::vector<Finding> findings() override { return opened_->findings(); }
  [[nodiscard]] TopSwap* top_swap() noexcept override { return opened_->top_swap(); }
  void look_only() override { opened_->look_only(); }
  void close() override { opened_->close(); }

 private:
  SystemClock clock_;
  std::unique_ptr<PciBus> pci_;
  std::unique_ptr<PhysicalMemory> memory_;
  std::unique_ptr<IoPorts> ports_;
  Machine machine_;
  std::unique_ptr<Programmer> opened_;
};

/// Linux's own driver for the chip, where the way through /dev/mem is closed.
class InternalMtd final : public Programmer {
 public:
  /// `why` says what is closed.
  InternalMtd(unsigned number, std::string why)
      : opened_(programmer_linux_mtd.open(Parameters({{"dev", std::to_string(number)}}))),
        why_(std::move(why)) {}
  [[nodiscard]] std::string description() const override { return opened_->description(); }
  [[nodiscard]] Flash* flash() noexcept override { return opened_->flash(); }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all{fmt::format("{}: the chip is reached by Linux's own driver, {}",
                                             why_, opened_->description())};
    for (std::string& one : opened_->warnings()) all.push_back(std::move(one));
    return all;
  }
  [[nodiscard]] std::vector<Finding> findings() override { return opened_->findings(); }
  void close() override { opened_->close(); }

 private:
  std::unique_ptr<Programmer> opened_;
  std::string why_;
};

/// The machine's chip by Linux's own driver; nullptr where Linux drives none.
std::unique_ptr<Programmer> open_mtd_instead(const std::string& why) {
  const std::optional<unsigned> number =
      within(why, [] { return only_nor_chip(machine_kernel()); });
  return number ? std::make_unique<InternalMtd>(*number, why) : nullptr;
}

std::unique_ptr<Programmer> open_own(const InternalOptions& options,
                                     std::optional<std::uint32_t> clock_hz) {
  if (memory_closed(read_kernel_facts(SystemFiles::of_machine())))
    if (auto instead = open_mtd_instead("/dev/mem is closed")) return instead;
  try {
    return std::make_unique<Internal>(options, clock_hz);
  } catch (const ClosedMemoryError& closed) {
    if (auto instead = open_mtd_instead(closed.what())) return instead;
    throw;
  }
}

}  // namespace

extern const ProgrammerEntry programmer_internal{
    "internal",
    "the flash of this machine, by its chipset",
    parameters,
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      check(given, "laptop", "force_I_want_a_brick", "this_is_not_a_laptop");
      check(given, "boardmismatch", "force", "force");
      check(given, "amd_imc_force", "yes", "yes");
      const InternalOptions options{sequencing(given)};
      const std::optional<std::uint32_t> clock_hz = clock(given);
      return open_own(options, clock_hz);
    },
    {},
    look_at_chipset};

}  // namespace romwright::flash
