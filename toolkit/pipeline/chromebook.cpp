// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/chromebook.h"

#include <algorithm>
#include <array>
#include <fnmatch.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"

namespace romwright::pipeline {

namespace {

using enum FindingStatus;

constexpr const char* page = "see docs/chromebooks.md";
constexpr std::uint64_t map_alignment = 4096;
/// Of the two alignments that are tried first: most maps lie at one.
constexpr std::uint64_t coarse_alignment = 65536;
constexpr std::size_t signature_size = 8;

bool fits(const char* pattern, const std::string& text) {
  return fnmatch(pattern, text.c_str(), FNM_CASEFOLD) == 0;
}

/// The map at `offset`, if it is one.
std::optional<images::Fmap> map_at(flash::Flash& chip, std::uint64_t offset, Run& run) {
  const std::uint64_t size = chip.geometry().size;
  const auto read = [&](std::uint64_t bytes) -> std::optional<Buffer> {
    const Range range{offset, bytes};
    if (!Range{0, size}.contains(range) || !chip.access(range).readable) return std::nullopt;
    Buffer content(bytes);
    chip.read(offset, content, run);
    return content;
  };
  const auto start = read(signature_size);
  if (!start || c_string(*start) != "__FMAP__") return std::nullopt;
  const auto header = read(images::fmap_header_size);
  if (!header) return std::nullopt;
  const auto length = images::fmap_length(*header);
  if (!length) return std::nullopt;
  const auto whole = read(*length);
  return whole ? images::parse_fmap(*whole, offset, size) : std::nullopt;
}

}  // namespace

std::vector<std::string> chromebook_signs(const MachineIdentity& machine) {
  std::vector<std::string> signs;
  const flash::Dmi& dmi = machine.dmi;
  if (fits("Google", dmi.vendor) && !fits("Google *", dmi.product))
    signs.push_back(fmt::format("DMI: {} {}", dmi.vendor, dmi.product));
  else if (fits("Google_*", dmi.firmware_version))
    signs.push_back(fmt::format("DMI: firmware {}", dmi.firmware_version));
  if (machine.coreboot && fits("Google", machine.coreboot->vendor))
    signs.push_back(
        fmt::format("coreboot: {} {}", machine.coreboot->vendor, machine.coreboot->part));
  const flash::ChromeOs& told = machine.chromeos;
  if (told.acpi)
    signs.push_back(fmt::format("chromeos_acpi: {}",
                                told.hardware_id.empty() ? "without an id" : told.hardware_id));
  if (!told.compatible.empty())
    signs.push_back(fmt::format("device tree: {}", told.compatible));
  else if (told.device_tree)
    signs.emplace_back("device tree: firmware/chromeos");
  return signs;
}

std::optional<WriteProtectSignal> write_protect_signal(const MachineIdentity& machine) {
  if (machine.chromeos.pin_on) return WriteProtectSignal{*machine.chromeos.pin_on, "chromeos_acpi"};
  if (machine.coreboot && machine.coreboot->write_protect)
    return WriteProtectSignal{*machine.coreboot->write_protect, "the coreboot table"};
  return std::nullopt;
}

std::vector<Finding> chromebook_findings(const MachineIdentity& machine) {
  const std::vector<std::string> signs = chromebook_signs(machine);
  if (signs.empty()) return {};
  std::vector<Finding> all;
  all.push_back({"chromebook", warning, fmt::format("a Chromebook ({})", fmt::join(signs, "; ")),
                 fmt::format("a screw, the battery or a debug cable keeps its firmware's read-only "
                             "part write-protected: {}",
                             page)});
  const auto signal = write_protect_signal(machine);
  if (!signal)
    all.push_back(
        {"write_protect_signal", unknown,
         "the firmware does not tell whether the write-protect signal is on",
         fmt::format("in ChromeOS, 'crossystem wpsw_cur' prints 1 where it is; {}", page)});
  else if (signal->on)
    all.push_back({"write_protect_signal", warning,
                   fmt::format("on when the machine booted, says {}: what the chip's status "
                               "registers protect stays so",
                               signal->by),
                   fmt::format("take out the write-protect screw, disconnect the battery, or open "
                               "it by cable: {}",
                               page)});
  else
    all.push_back({"write_protect_signal", ok,
                   fmt::format("off when the machine booted, says {}", signal->by), ""});
  return all;
}

void warn_of_chromebook(const MachineIdentity& machine, EventSink& events) {
  const std::vector<std::string> signs = chromebook_signs(machine);
  if (signs.empty()) return;
  const auto signal = write_protect_signal(machine);
  events.warning(fmt::format("a Chromebook ({}), its write-protect signal {}: {}",
                             fmt::join(signs, "; "),
                             !signal      ? "not told"
                             : signal->on ? "on when it booted"
                                          : "off when it booted",
                             page));
}

std::optional<VerifiedBoot> verified_boot(const images::Fmap& map) {
  if (map.area("GBB") == nullptr) return std::nullopt;
  VerifiedBoot found;
  found.map = map.where;
  for (const char* name : {"GBB", "VBLOCK_A", "VBLOCK_B", "RO_SECTION", "WP_RO"})
    if (map.area(name) != nullptr) found.areas.emplace_back(name);
  if (found.areas.size() == 1) return std::nullopt;
  for (const char* name : {"WP_RO", "RO_SECTION"})
    if (const images::FmapArea* area = map.area(name)) {
      found.read_only = area->range;
      break;
    }
  return found;
}

std::optional<VerifiedBoot> find_verified_boot(flash::Flash& chip,
                                               std::optional<std::uint64_t> hint, Run& run) {
  const auto at = [&](std::uint64_t offset) -> std::optional<VerifiedBoot> {
    const auto map = map_at(chip, offset, run);
    return map ? verified_boot(*map) : std::nullopt;
  };
  if (hint)
    if (auto found = at(*hint)) return found;
  const std::uint64_t size = chip.geometry().size;
  for (const bool coarse : {true, false})
    for (std::uint64_t offset = 0; offset < size;
         offset += coarse ? coarse_alignment : map_alignment) {
      if (!coarse && offset % coarse_alignment == 0) continue;
      if (auto found = at(offset)) return found;
    }
  return std::nullopt;
}

void warn_of_verified_boot(flash::Flash& chip, const std::vector<std::string>& programmers,
                           EventSink& events, Run& run) {
  if (!own_machine(programmers).own) return;
  try {
    const auto found = find_verified_boot(chip, std::nullopt, run);
    if (!found) return;
    const Finding finding = verified_boot_finding(*found, chip);
    events.warning(finding.remedy.empty() ? finding.what
                                          : fmt::format("{}: {}", finding.what, finding.remedy));
  } catch (const DeviceError& error) {
    events.note(
        fmt::format("whether the chip holds ChromeOS's firmware is not known: {}", error.line()));
  }
}

Finding verified_boot_finding(const VerifiedBoot& found, flash::Flash& chip) {
  std::string what =
      fmt::format("the chip holds ChromeOS's verified boot ({} in the FMAP at {:#x})",
                  fmt::join(found.areas, ", "), found.map.offset);
  if (found.read_only.empty()) return {"verified_boot", ok, what, ""};
  what += fmt::format("; its read-only part {}", to_string(found.read_only));
  std::string mode;
  if (flash::WriteProtect* own = chip.write_protect()) {
    const flash::WriteProtectStatus status = own->status();
    mode = fmt::format("; the registers' own protection: {}", status.mode);
  }
  for (const flash::Protection& protection : chip.protections())
    if (protection.range.overlaps(found.read_only))
      return {
          "verified_boot", warning,
          fmt::format("{} is protected: {} by {}{}", what, to_string(protection.range),
                      protection.by, mode),
          protection.removable
              ? fmt::format("--unprotect lifts it where the write-protect signal is off; {}", page)
              : std::string(page)};
  return {"verified_boot", ok, fmt::format("{} is not protected{}", what, mode), ""};
}

}  // namespace romwright::pipeline
