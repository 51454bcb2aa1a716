// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/findings.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::intel {
namespace {

using enum FindingStatus;

constexpr const char* other_ways =
    "leave it as it is, or open it by the board's service jumper (descriptor override), or use an "
    "external programmer";

const char* source_text(const Region& region, bool access_registers) {
  switch (region.source) {
    case Source::registers:
      return access_registers ? "BIOS_BM_RAP and WAP" : "FRAP";
    case Source::overridden:
      return "the override strap is set";
    case Source::descriptor:
      return "FLMSTR, a hint";
    case Source::none:
      break;
  }
  return "nothing tells";
}

const char* may(bool readable, bool writable) {
  if (readable) return writable ? "may be read and written" : "may be read, not written";
  return writable ? "may be written, not read" : "may be neither read nor written";
}

bool is_bios(const Region& region) {
  return region.name == "bios" || region.name == "bios2" || region.name == "ifwi";
}

}  // namespace

Finding chipset_finding(const Chipset& chipset) {
  if (chipset.generation().engine == Engine::none)
    return {
        "chipset", problem,
        fmt::format("{}: it has no SPI controller, its flash hangs on LPC or FWH", chipset.name()),
        "use an external programmer"};
  switch (chipset.id->status) {
    case ChipsetStatus::untested:
      return {"chipset", warning,
              fmt::format("{}: nobody has reported that it works", chipset.name()),
              "read the chip twice and compare before a first write: doctor --times 2"};
    case ChipsetStatus::depends:
      return {"chipset", ok,
              fmt::format("{}: known to work as far as the board's flash descriptor allows",
                          chipset.name()),
              ""};
    case ChipsetStatus::ok:
      break;
  }
  return {"chipset", ok, fmt::format("{}: known to work", chipset.name()), ""};
}

Finding boot_finding(const Generation& generation, const Straps& straps) {
  const std::string what = fmt::format("the machine boots from {}", to_string(straps.boots_from));
  switch (straps.boots_from) {
    case BootSource::spi:
      return {"boots_from", ok, what, ""};
    case BootSource::unknown:
      return {"boots_from", unknown, "the straps do not tell what the machine boots from",
              "read the chip first: is it this machine's firmware?"};
    default:
      break;
  }
  return {"boots_from", problem,
          what + (generation.engine == Engine::ich7
                      ? ": its SPI controller is not in use and is left alone"
                      : ": a chip behind the SPI controller is read, and never written"),
          "use an external programmer on the chip that it boots from"};
}

Finding top_swap_finding(const Straps& straps) {
  if (!straps.top_swap) return {"top_swap", ok, "not set", ""};
  return {
      "top_swap", warning,
      fmt::format("set{}: the machine boots from the block below the top one",
                  straps.interface_locked ? ", and locked until reset" : ""),
      "before the top block alone is relied upon, clear it: without mains and battery, take the "
      "CMOS battery out for a minute"};
}

Finding bios_lock_finding(const BiosControl::State& state) {
  const std::string reads = fmt::format("BIOS_CNTL reads {:#04x}", state.value);
  if (state.smm_only && state.lock)
    return {"bios_lock", problem,
            reads + ": SMM_BWP is set, only the firmware itself writes its region",
            "switch the lock off in the firmware's set-up (BIOS lock, flash protection) where it "
            "has one, else use an external programmer"};
  if (state.smm_only)
    return {"bios_lock", warning, reads + ": SMM_BWP is set, but BLE is not: it may yield",
            "a write asks for leave before its first erase, and is refused where it is not given"};
  if (state.enabled) return {"bios_lock", ok, reads + ": writes are let through", ""};
  if (state.lock)
    return {"bios_lock", warning,
            reads + ": BLE is set, the firmware is called when leave to write is asked for",
            "a write asks before its first erase, and is refused where the firmware takes it back"};
  return {"bios_lock", ok, reads + ": a write may let itself through", ""};
}

Finding region_finding(const Region& region, bool access_registers) {
  const std::string name = "region_" + region.name;
  const std::string where = to_string(region.range);
  const char* const source = source_text(region, access_registers);
  if (region.certain()) {
    const std::string what =
        fmt::format("{}: {} ({})", where, may(region.readable, region.writable), source);
    if (region.readable && region.writable) return {name, ok, what, ""};
    return {name, is_bios(region) ? problem : warning, what, other_ways};
  }
  if (region.tested && !region.readable)
    return {name, warning, where + ": reading its first 64 bytes was refused", other_ways};
  std::string what = where + ": ";
  what += region.tested ? "its first 64 bytes are read" : "whether it is read is not known";
  what += region.source == Source::descriptor
              ? fmt::format("; no register tells of writes, the descriptor {} them ({})",
                            region.writable ? "grants" : "denies", source)
              : "; nothing tells of writes";
  return {name, unknown, what, "it is written only when it is named: --ifd -i " + region.name};
}

Finding protected_range_finding(const ProtectedRange& range) {
  const std::string name = "protected_range_" + range.name;
  const std::string what =
      fmt::format("{} forbids to {} {}{}", range.name,
                  range.no_write ? range.no_read ? "read and write" : "write" : "read",
                  to_string(range.range), range.locked ? ", locked until reset" : "");
  if (!range.locked) return {name, warning, what, "--unprotect lifts it for the time of a write"};
  return {name, problem, what,
          "blocks below it must stay as they are (--ifd, -i, --layout leave them out); else use an "
          "external programmer"};
}

Finding chip_status_finding(std::optional<std::uint8_t> status) {
  constexpr std::uint8_t block_protection = 0x1c, register_lock = 0x80;  // BP0 to BP2; SRP0
  if (!status)
    return {"chip_status", unknown, "the controller does not show the chip's status register",
            "a block that the chip itself protects shows when it is written, and stops the write"};
  const std::string reads = fmt::format("the chip's status register reads {:#04x}", *status);
  if ((*status & block_protection) == 0)
    return {"chip_status", ok, reads + ": no block is protected by the chip itself", ""};
  return {
      "chip_status", warning,
      fmt::format("{}: blocks are protected by the chip itself{}", reads,
                  (*status & register_lock) != 0
                      ? ", and the setting is locked while its WP# pin is low"
                      : ""),
      "where the controller can be driven so, internal:bus=swseq shows which and lifts it; on a "
      "Chromebook see docs/chromebooks.md"};
}

std::vector<Finding> look(Machine& machine) {
  const std::optional<Chipset> chipset = find_chipset(machine.pci);
  if (!chipset) return {};
  std::vector<Finding> all{chipset_finding(*chipset)};
  if (chipset->generation().engine == Engine::none) return all;
  try {
    const Straps straps = map_chipset(machine, *chipset).straps;
    all.push_back(boot_finding(chipset->generation(), straps));
    all.push_back(top_swap_finding(straps));
  } catch (const Error& error) {
    all.push_back({"registers", problem, error.what(), error.hint()});
  }
  return all;
}

std::vector<Finding> findings(Controller& controller, bool hardware_sequencing) {
  const bool access_registers = controller.generation().access_registers;
  std::vector<Finding> all;
  all.push_back({"controller", ok,
                 fmt::format("it answers, and is driven by {} sequencing",
                             hardware_sequencing ? "hardware" : "software"),
                 ""});
  all.push_back(bios_lock_finding(controller.bios_lock()));
  if (controller.locked())
    all.push_back({"configuration_lock", ok,
                   "FLOCKDN is set: opcodes and protected ranges stay as they are until reset",
                   ""});
  else
    all.push_back({"configuration_lock", ok, "FLOCKDN is not set", ""});
  if (controller.hidden_below() != 0)
    all.push_back(
        {"bbar", problem,
         fmt::format("BBAR hides everything below {:#x} until reset", controller.hidden_below()),
         "use an external programmer for what is below it"});
  // Those that no register tells about are tried.
  for (const Region& region : controller.permissions().regions)
    if (!region.certain()) (void)controller.access({region.range.offset, 1});
  for (const Region& region : controller.permissions().regions)
    all.push_back(region_finding(region, access_registers));
  const auto& ranges = controller.permissions().protected_ranges;
  if (ranges.empty())
    all.push_back({"protected_ranges", ok, "no range of the chip is protected by the chipset", ""});
  for (const ProtectedRange& range : ranges) all.push_back(protected_range_finding(range));
  return all;
}

}  // namespace romwright::flash::intel
