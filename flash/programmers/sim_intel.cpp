// SPDX-License-Identifier: GPL-2.0-or-later
// sim_intel: a simulated Intel machine, locked as firmware locks it, with its chip kept in a file.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/intel_descriptor.h"
#include "flash/base/output_file.h"
#include "flash/bus/programmer.h"
#include "flash/chipsets/driver.h"
#include "flash/sim/kept_chip.h"
#include "flash/sim/pch_model.h"
#include "flash/wires/parameter_values.h"

namespace romwright::flash {
namespace {

constexpr std::string_view name = "sim_intel";

PchKind kind_of(const Parameters& given) {
  constexpr std::pair<std::string_view, PchKind> kinds[] = {{"ich7", PchKind::ich7},
                                                            {"ich9", PchKind::ich9},
                                                            {"6series", PchKind::pch6},
                                                            {"100series", PchKind::pch100},
                                                            {"500series", PchKind::pch500}};
  const std::string wanted = given.get("chipset").value_or("6series");
  for (const auto& [spelled, kind] : kinds)
    if (spelled == wanted) return kind;
  refuse_parameter(given, "chipset", "ich7, ich9, 6series, 100series or 500series");
}

Sequencing sequencing_of(const Parameters& given) {
  const std::string wanted = given.get("bus").value_or("auto");
  if (wanted == "auto") return Sequencing::automatic;
  if (wanted == "hwseq") return Sequencing::hardware;
  if (wanted == "swseq") return Sequencing::software;
  refuse_parameter(given, "bus", "auto, hwseq or swseq");
}

/// PR0 over "OFFSET+SIZE", against writes.
std::uint32_t protection_of(const Parameters& given, PchKind kind) {
  const auto text = given.get("protect");
  if (!text) return 0;
  const std::size_t plus = text->find('+');
  Range range;
  if (plus != std::string::npos)
    range = {parse_number("protect", text->substr(0, plus)),
             parse_number("protect", text->substr(plus + 1))};
  constexpr std::uint64_t page = 0x1000, reach = 16U << 20;
  if (range.empty() || range.end() > reach || range.offset % page != 0 || range.size % page != 0)
    refuse_parameter(given, "protect", "OFFSET+SIZE in steps of 4 KiB, such as 0xf0000+0x10000");
  if (kind != PchKind::ich7) return 0x80000000U | encode_region(range);
  return 0x80000000U | static_cast<std::uint32_t>(range.end() / page - 1) << 12 |
         static_cast<std::uint32_t>(range.offset / page);
}

PchSettings settings_of(const Parameters& given, bool top_swap) {
  PchSettings made;
  made.kind = kind_of(given);
  made.boots_from_lpc = flag_parameter(given, "lpc");
  made.top_swap = top_swap;
  made.interface_locked = flag_parameter(given, "bild");
  made.hidden = flag_parameter(given, "hidden");
  made.locked = flag_parameter(given, "locked");
  made.override_strap = flag_parameter(given, "override");
  const std::string bios_lock = given.get("bios_lock").value_or("no");
  made.smm_only = bios_lock == "smm";
  made.takes_writes_back = bios_lock == "taken_back";
  if (bios_lock != "no" && !made.smm_only && !made.takes_writes_back)
    refuse_parameter(given, "bios_lock", "no, smm or taken_back");
  made.pr[0] = protection_of(given, made.kind);
  made.fail_every =
      static_cast<unsigned>(number_parameter(given, "fail_every", 1'000'000).value_or(0));
  if (made.locked) {  // what firmware commonly leaves: write and erase, two reads, ids and status
    made.menu = {{0x01, 0x02, 0x03, 0x05, 0x20, 0x9f, 0xd8, 0x0b}};
    made.menu_types = 0b10'11'00'11'00'10'11'01;
    made.preops = 0x5006;
  }
  return made;
}

/// The battery keeps the bit: it is in a file as soon as it changes.
class KeptTopSwap final : public TopSwap {
 public:
  KeptTopSwap(TopSwap& one, std::filesystem::path file) : one_(one), file_(std::move(file)) {}
  [[nodiscard]] std::uint64_t block_size() const noexcept override { return one_.block_size(); }
  [[nodiscard]] bool is_set() override { return one_.is_set(); }
  [[nodiscard]] bool is_locked() override { return one_.is_locked(); }
  void set(bool on) override {
    one_.set(on);
    if (on)
      write_whole(file_, as_bytes("set\n"));
    else
      std::filesystem::remove(file_);
  }

 private:
  TopSwap& one_;
  std::filesystem::path file_;
};

class SimIntel final : public Programmer {
 public:
  explicit SimIntel(const Parameters& given)
      : chip_(name, given, clock_, parse_faults(given)),
        model_(settings_of(given, std::filesystem::exists(top_swap_file())), {&chip_.model()},
               clock_),
        machine_(model_.machine()),
        opened_(open_internal(machine_, {sequencing_of(given)})) {
    if (TopSwap* const swap = opened_->top_swap()) top_swap_.emplace(*swap, top_swap_file());
  }

  [[nodiscard]] std::string description() const override {
    return fmt::format("simulated machine: {}, content in {}", opened_->description(),
                       chip_.image());
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return opened_->spi(); }
  [[nodiscard]] Flash* flash() noexcept override { return opened_->flash(); }
  [[nodiscard]] std::vector<std::string> warnings() const override { return opened_->warnings(); }
  [[nodiscard]] std::vector<Finding> findings() override {
    std::vector<Finding> all = look_at_chipset(machine_);
    for (Finding& finding : opened_->findings()) all.push_back(std::move(finding));
    return all;
  }
  [[nodiscard]] TopSwap* top_swap() noexcept override { return top_swap_ ? &*top_swap_ : nullptr; }
  [[nodiscard]] Clock* clock() noexcept override { return &clock_; }
  [[nodiscard]] bool simulated() const noexcept override { return true; }
  void look_only() override { opened_->look_only(); }
  void close() override {
    opened_->close();
    chip_.close();
  }

 private:
  [[nodiscard]] std::string top_swap_file() const { return chip_.image() + ".top_swap"; }

  VirtualClock clock_;
  KeptChip chip_;
  PchModel model_;
  Machine machine_;
  std::unique_ptr<Programmer> opened_;
  std::optional<KeptTopSwap> top_swap_;
};

const std::vector<ParameterHelp>& parameters() {
  static const std::vector<ParameterHelp> all = [] {
    std::vector<ParameterHelp> list = {
        {"chipset", "ich7|ich9|6series|100series|500series", "6series by default"},
        {"chip", "NAME", "the chip, see 'romwright chips'"},
        {"image", "FILE", "keeps its content; FILE.top_swap keeps that bit"},
        {"sr1", "VALUE", "status register 1, protection bits for instance"},
        {"bus", "auto|hwseq|swseq", "how the controller is driven"},
        {"locked", "yes", "FLOCKDN is set, with the opcodes that firmware commonly leaves"},
        {"protect", "OFFSET+SIZE", "a protected range, such as 0xf0000+0x10000"},
        {"bios_lock", "smm|taken_back", "BIOS_CNTL lets nothing but the firmware write"},
        {"bild", "yes", "top swap is locked"},
        {"override", "yes", "the strap that opens every region"},
        {"lpc", "yes", "the straps say that the machine boots from LPC"},
        {"hidden", "yes", "the SPI function is hidden (100 series and later)"},
        {"fail_every", "N", "every N-th cycle ends with an error"},
    };
    for (const ParameterHelp& fault : fault_parameters())
      if (fault.name != "drop" && fault.name != "carries") list.push_back(fault);
    return list;
  }();
  return all;
}

}  // namespace

extern const ProgrammerEntry programmer_sim_intel{
    "sim_intel", "a simulated Intel machine; results say SIMULATED", parameters(),
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      return std::make_unique<SimIntel>(given);
    }};

}  // namespace romwright::flash
