// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/machine_identity.h"

#include <algorithm>
#include <fnmatch.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "flash/bus/programmer.h"
#include "flash/programmers/table.h"
#include "toolkit/images/formats/coreboot_id.h"
#include "toolkit/pipeline/chromebook.h"

namespace romwright::pipeline {

namespace {

bool fits(const std::string& pattern, const std::string& text) {
  return pattern.empty() || fnmatch(pattern.c_str(), text.c_str(), FNM_CASEFOLD) == 0;
}

bool fits(const manifests::DmiPattern& pattern, const flash::Dmi& dmi) {
  return fits(pattern.vendor, dmi.vendor) && fits(pattern.product, dmi.product) &&
         fits(pattern.version, dmi.version) && fits(pattern.board, dmi.board);
}

bool fits(const manifests::CorebootPattern& pattern, const std::string& vendor,
          const std::string& part) {
  return fits(pattern.vendor, vendor) && fits(pattern.part, part);
}

std::string words(std::initializer_list<std::string> texts) {
  std::string line;
  for (const std::string& text : texts)
    if (!text.empty()) line += (line.empty() ? "" : " ") + text;
  return line;
}

std::string or_any(const std::string& pattern) { return pattern.empty() ? "*" : pattern; }

/// What the parameters of a programmer of this machine say of the wrong board; nothing for a
/// programmer that reaches another machine.
std::optional<bool> forced(const std::string& programmer) {
  const flash::ProgrammerChoice choice = flash::parse_programmer(programmer, flash::programmers());
  const auto is = [&](const char* key, std::string_view value) {
    return choice.parameters.get(key).value_or("") == value;
  };
  if (choice.entry->name == "linux_mtd")
    return is("allow_ram", "yes") ? std::nullopt : std::optional(is("boardmismatch", "force"));
  if (choice.entry->name != "internal") return std::nullopt;
  return is("boardmismatch", "force");
}

/// A text as a pattern that fits it alone.
std::string escaped(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace

std::string MachineIdentity::text() const {
  std::vector<std::string> parts;
  const std::string name = dmi.product.empty() ? dmi.board : dmi.product;
  if (!dmi.empty())
    parts.push_back(words({dmi.vendor, name}) +
                    (dmi.version.empty() ? "" : fmt::format(" ({})", dmi.version)));
  if (coreboot) parts.push_back("coreboot: " + words({coreboot->vendor, coreboot->part}));
  return parts.empty() ? "unknown" : fmt::format("{}", fmt::join(parts, ", "));
}

bool MachineIdentity::runs_coreboot() const {
  return coreboot || fits("*coreboot*", dmi.firmware_vendor) ||
         fits("*libreboot*", dmi.firmware_vendor);
}

MachineIdentity machine_identity(const flash::SystemFiles& files) {
  return {flash::read_dmi(files), flash::read_coreboot_table(files), flash::read_chromeos(files)};
}

MachineMatch match_machine(const manifests::Machine& wanted, const MachineIdentity& running) {
  bool compared = false;
  if (!running.dmi.empty())
    for (const manifests::DmiPattern& pattern : wanted.dmi) {
      if (fits(pattern, running.dmi)) return MachineMatch::match;
      compared = true;
    }
  for (const manifests::CorebootPattern& pattern : wanted.coreboot) {
    if (running.coreboot && !running.coreboot->part.empty()) {
      if (fits(pattern, running.coreboot->vendor, running.coreboot->part))
        return MachineMatch::match;
      compared = true;
    }
    // coreboot's SMBIOS tables repeat the mainboard's vendor and part.
    if (running.runs_coreboot() && !running.dmi.empty()) {
      if (fits(pattern, running.dmi.vendor, running.dmi.product)) return MachineMatch::match;
      compared = true;
    }
  }
  return compared ? MachineMatch::mismatch : MachineMatch::unknown;
}

std::string describe(const manifests::Machine& wanted) {
  std::vector<std::string> parts;
  for (const manifests::DmiPattern& pattern : wanted.dmi)
    parts.push_back(
        words({or_any(pattern.vendor), or_any(pattern.product), pattern.version, pattern.board}));
  for (const manifests::CorebootPattern& pattern : wanted.coreboot)
    parts.push_back("coreboot: " + words({pattern.vendor, or_any(pattern.part)}));
  return parts.empty() ? "not told" : fmt::format("{}", fmt::join(parts, ", or "));
}

OwnMachine own_machine(const std::vector<std::string>& programmers) {
  OwnMachine found;
  for (const std::string& programmer : programmers)
    if (const auto leave = forced(programmer)) {
      found.own = true;
      found.forced = found.forced || *leave;
    }
  return found;
}

void refuse_machine(const std::string& running, const std::string& wanted, bool force,
                    EventSink& events) {
  const RefusedError error(
      fmt::format("this machine is {}, and {}", running, wanted),
      "choose its board; where you know better, boardmismatch=force behind the programmer's name");
  if (!force) throw error;
  events.warning(error.what());
}

MachineMatch require_machine(const manifests::Board& board,
                             const std::vector<std::string>& programmers,
                             const flash::SystemFiles& files, EventSink& events) {
  const OwnMachine machine = own_machine(programmers);
  if (!machine.own) return MachineMatch::match;
  for (const manifests::Note& note : board.notes)
    if (note.before == manifests::NoteTime::internal) events.note(note.text);
  const MachineIdentity running = machine_identity(files);
  warn_of_chromebook(running, events);
  const MachineMatch match = match_machine(board.machine, running);
  if (match != MachineMatch::mismatch && running.runs_vendor_firmware() &&
      board.internal.from_vendor_firmware == manifests::FromVendorFirmware::never)
    events.warning(fmt::format(
        "{} is not written from its vendor's firmware, which locks the chip: the first write "
        "needs an external programmer",
        board.name));
  switch (match) {
    case MachineMatch::match:
      events.note(fmt::format("this machine: {}", running.text()));
      break;
    case MachineMatch::unknown:
      events.warning(
          fmt::format("it is not known whether this machine is a {}: it is {}, the "
                      "board's manifest wants {}",
                      board.name, running.text(), describe(board.machine)));
      break;
    case MachineMatch::mismatch:
      refuse_machine(running.text(),
                     fmt::format("{} is for {}", board.name, describe(board.machine)),
                     machine.forced, events);
  }
  return match;
}

void require_machine_of(ConstBytes image, const std::vector<manifests::Board>& boards,
                        const std::vector<std::string>& programmers,
                        const flash::SystemFiles& files, EventSink& events) {
  const OwnMachine machine = own_machine(programmers);
  if (!machine.own) return;
  const MachineIdentity running = machine_identity(files);
  warn_of_chromebook(running, events);
  const auto id = images::find_coreboot_id(image);
  if (!id)
    return events.note(fmt::format(
        "the image does not tell its mainboard: whether it is for this machine, {}, is not known",
        running.text()));
  const std::string wanted = words({id->vendor, id->part});
  bool mismatch = false;
  for (const manifests::Board& board : boards) {
    if (std::ranges::none_of(board.machine.coreboot, [&](const manifests::CorebootPattern& one) {
          return fits(one, id->vendor, id->part);
        }))
      continue;
    const MachineMatch match = match_machine(board.machine, running);
    if (match == MachineMatch::match)
      return events.note(fmt::format("this machine: {}", running.text()));
    mismatch = mismatch || match == MachineMatch::mismatch;
  }
  // No manifest knows it, or none tells: coreboot's own word.
  manifests::Machine itself;
  itself.coreboot = {{escaped(id->vendor), escaped(id->part)}};
  const MachineMatch match = match_machine(itself, running);
  if (match == MachineMatch::match)
    return events.note(fmt::format("this machine: {}", running.text()));
  if (mismatch || match == MachineMatch::mismatch)
    return refuse_machine(running.text(), fmt::format("the image is for {}", wanted),
                          machine.forced, events);
  events.warning(
      fmt::format("it is not known whether this machine, {}, is a {}, which the image "
                  "is for",
                  running.text(), wanted));
}

}  // namespace romwright::pipeline
