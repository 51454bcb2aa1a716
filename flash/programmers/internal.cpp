// SPDX-License-Identifier: GPL-2.0-or-later
// internal: the flash of the machine that romwright runs on, by its chipset.
#include <array>
#include <utility>

#include <fmt/format.h>

#include "flash/base/clock.h"
#include "flash/base/error.h"
#include "flash/chipsets/driver.h"
#include "flash/host/kernel_facts.h"

namespace romwright::flash {

extern const ProgrammerEntry programmer_linux_mtd;

namespace {

constexpr std::array<ParameterHelp, 4> parameters{{
    {"laptop", "force_I_want_a_brick|this_is_not_a_laptop", "as flashprog spells it"},
    {"boardmismatch", "force", "writes although the machine is not the manifest's"},
    {"bus", "auto|hwseq|swseq", "how an Intel controller is driven"},
    {"ich_spi_mode", "auto|hwseq|swseq", "the same, as flashprog spells it"},
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

/// What is opened over the machine's own parts, with them.
class Internal final : public Programmer {
 public:
  explicit Internal(const InternalOptions& options)
      : pci_(machine_pci()),
        memory_(machine_memory()),
        machine_{*pci_, *memory_, clock_},
        opened_(open_internal(machine_, options)) {}

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
  Machine machine_;
  std::unique_ptr<Programmer> opened_;
};

/// Linux's own driver for the chip, where /dev/mem is closed.
class InternalMtd final : public Programmer {
 public:
  explicit InternalMtd(unsigned number)
      : opened_(programmer_linux_mtd.open(Parameters({{"dev", std::to_string(number)}}))) {}
  [[nodiscard]] std::string description() const override { return opened_->description(); }
  [[nodiscard]] Flash* flash() noexcept override { return opened_->flash(); }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    std::vector<std::string> all{
        fmt::format("/dev/mem is closed: the chip is reached by Linux's own driver, {}",
                    opened_->description())};
    for (std::string& one : opened_->warnings()) all.push_back(std::move(one));
    return all;
  }
  [[nodiscard]] std::vector<Finding> findings() override { return opened_->findings(); }
  void close() override { opened_->close(); }

 private:
  std::unique_ptr<Programmer> opened_;
};

}  // namespace

extern const ProgrammerEntry programmer_internal{
    "internal", "the flash of this machine, by its chipset", parameters,
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      check(given, "laptop", "force_I_want_a_brick", "this_is_not_a_laptop");
      check(given, "boardmismatch", "force", "force");
      const InternalOptions options{sequencing(given)};
      if (const auto number = mtd_in_place_of_memory(read_kernel_facts(SystemFiles::of_machine())))
        return std::make_unique<InternalMtd>(*number);
      return std::make_unique<Internal>(options);
    }};

}  // namespace romwright::flash
