// SPDX-License-Identifier: GPL-2.0-or-later
// sim: a simulated chip on a simulated link, its content kept in a file.
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/bus/programmer.h"
#include "flash/sim/kept_chip.h"
#include "flash/sim/sim_bus.h"
#include "flash/wires/parameter_values.h"

namespace romwright::flash {
namespace {

constexpr std::uint32_t default_clock = 30'000'000;

SimLink link_named(const Parameters& parameters) {
  const std::string name = parameters.get("link").value_or("ideal");
  for (const SimLink& link : {ideal_link, ft2232h_link, serprog_link})
    if (link.name == name) return link;
  throw UsageError(fmt::format("programmer sim: unknown link '{}'", name),
                   "ideal, ft2232h or serprog");
}

/// "30M", "500k" or a number of hertz.
std::uint32_t parse_clock(const Parameters& parameters) {
  std::string text = parameters.get("clock").value_or("");
  if (text.empty()) return default_clock;
  std::uint64_t unit = 1;
  if (text.back() == 'M') unit = 1'000'000;
  if (text.back() == 'k') unit = 1'000;
  if (unit != 1) text.pop_back();
  const std::uint64_t value = parse_number("clock", text);
  if (value == 0 || value > 1'000'000'000 / unit)
    throw UsageError(
        fmt::format("programmer sim: clock={} is no SPI clock", *parameters.get("clock")),
        "such as 30M");
  return static_cast<std::uint32_t>(value * unit);
}

class SimProgrammer final : public Programmer {
 public:
  explicit SimProgrammer(const Parameters& parameters)
      : link_(link_named(parameters)),
        clock_hz_(parse_clock(parameters)),
        faults_(parse_faults(parameters)),
        millivolts_(voltage_parameter(parameters)),
        chip_("sim", parameters, clock_, faults_),
        bus_(chip_.model(), clock_, link_, clock_hz_, faults_) {}

  [[nodiscard]] std::string description() const override {
    return fmt::format("simulated {} {} on the {} link at {} MHz, content in {}",
                       chip_.chip().vendor, chip_.chip().name, link_.name,
                       static_cast<double>(clock_hz_) / 1e6, chip_.image());
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return &bus_; }
  [[nodiscard]] std::optional<int> millivolts() const noexcept override { return millivolts_; }
  [[nodiscard]] bool simulated() const noexcept override { return true; }
  void close() override { chip_.close(); }

 private:
  SimLink link_;
  std::uint32_t clock_hz_;
  Faults faults_;
  std::optional<int> millivolts_;
  VirtualClock clock_;
  KeptChip chip_;
  SimBus bus_;
};

const std::vector<ParameterHelp>& parameters() {
  static const std::vector<ParameterHelp> all = [] {
    std::vector<ParameterHelp> list = {
        {"chip", "NAME", "the chip, see 'romwright chips'"},
        {"image", "FILE", "keeps its content; made blank where there is none"},
        {"link", "ideal|ft2232h|serprog", "what lies between, ideal by default"},
        {"clock", "HZ", "of the wire, such as 30M (default)"},
        {"voltage", "1.8|3.3", "what it puts on the chip's pins; any by default"},
        {"sr1", "VALUE", "status register 1, protection bits for instance"},
    };
    const auto faults = fault_parameters();
    list.insert(list.end(), faults.begin(), faults.end());
    return list;
  }();
  return all;
}

}  // namespace

extern const ProgrammerEntry programmer_sim{
    "sim", "a simulated chip; results say SIMULATED, times are virtual", parameters(),
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      return std::make_unique<SimProgrammer>(given);
    }};

}  // namespace romwright::flash
