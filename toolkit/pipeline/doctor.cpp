// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/doctor.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/bus/programmer.h"
#include "flash/programmers/table.h"
#include "toolkit/pipeline/board_text.h"
#include "toolkit/pipeline/boot_block_swap.h"
#include "toolkit/pipeline/chip_identity.h"
#include "toolkit/pipeline/chromebook.h"
#include "toolkit/pipeline/device.h"

namespace romwright::pipeline {

namespace {

using enum FindingStatus;

/// A backup of the largest image, twice, with room for journals.
constexpr std::uint64_t room_for_backups = std::uint64_t{64} << 20;

Finding protection_finding(flash::Flash& chip) {
  const std::vector<flash::Protection> protections = chip.protections();
  if (protections.empty() && chip.write_protect() == nullptr)
    return {"protection", ok,
            "nothing that is visible from here protects the chip; its own protection is not", ""};
  if (protections.empty()) return {"protection", ok, "nothing protects the chip", ""};
  std::string text;
  bool removable = true;
  for (const flash::Protection& protection : protections) {
    text += fmt::format("{}{} by {}", text.empty() ? "" : ", ", to_string(protection.range),
                        protection.by);
    removable = removable && protection.removable;
  }
  return {"protection", removable ? warning : problem, fmt::format("protected: {}", text),
          removable ? "--unprotect lifts it for the time of a write"
                    : "it cannot be lifted from here: blocks below it must stay as they are"};
}

Finding repeat_finding(flash::Flash& chip, unsigned times, Run& run) {
  Buffer content(chip.geometry().size);
  std::string first;
  for (unsigned i = 0; i < times; ++i) {
    chip.read(0, content, run);
    const std::string digest = hex_digest(Hash::sha512, content);
    if (first.empty()) first = digest;
    if (digest != first)
      return {"repeatable", problem,
              fmt::format("dump {} of {} differs from the first", i + 1, times),
              "an unsound link: seat the clip again, shorten the wires, lower the clock"};
  }
  return {"repeatable", ok, fmt::format("{} dumps are the same", times), ""};
}

/// True where one of the programmers goes through the machine's own controller.
bool uses_internal(const std::vector<std::string>& programmers) {
  return programmers.empty() || std::ranges::any_of(programmers, [](const std::string& text) {
           return text.substr(0, text.find(':')) == "internal";
         });
}

bool on_this_machine(const std::vector<std::string>& programmers) {
  return uses_internal(programmers) ||
         std::ranges::any_of(programmers, [](const std::string& text) {
           return text.substr(0, text.find(':')) == "linux_mtd";
         });
}

/// What was found twice, by a look and by the programmer, is shown once.
void add(Findings& all, Findings more) {
  for (Finding& finding : more)
    if (std::ranges::find(all, finding) == all.end()) all.push_back(std::move(finding));
}

/// Does the chip fit the board, all of it or one of its chips?
Finding size_finding(const manifests::Board& board, std::uint64_t size) {
  if (size == board.image.size)
    return {"size", ok, fmt::format("{}, as {} has", human_size(size), board.name), ""};
  for (const manifests::BoardChip& chip : board.chips)
    if (chip.size == size)
      return {"size", ok,
              fmt::format("{}, as chip {} of {} has", human_size(size), chip.name, board.name), ""};
  if (board.image.part_of_chip && size > board.image.size)
    return {"size", ok,
            fmt::format("{}, of which {} uses {}", human_size(size), board.name,
                        human_size(board.image.size)),
            ""};
  return {"size", problem,
          fmt::format("{}, and {} is for {}", human_size(size), board.name,
                      board.chips.empty() ? human_size(board.image.size) : chips_text(board)),
          "choose the board that has such a chip; 'romwright boards' lists them"};
}

/// What the chip holds, where nothing else tells which board the machine is.
Finding content_finding(const manifests::Board& board, Device& device, bool forced, Run& run) {
  const ChipIdentity chip = chip_identity(device, run.events, run);
  const std::string what = fmt::format("the chip holds: {}", chip.text());
  switch (match_chip(board, chip)) {
    case MachineMatch::match:
      return {"chip_content", ok, fmt::format("{}, a {}", what, board.name), ""};
    case MachineMatch::unknown:
      return {"chip_content", unknown, what, "compare the label on the mainboard yourself"};
    case MachineMatch::mismatch:
      break;
  }
  return {"chip_content", forced ? warning : problem,
          fmt::format("{}, which {} has not", what, board.name),
          "choose its board; where you know better, boardmismatch=force behind the programmer's "
          "name"};
}

/// The stages of a write go round what protects the chip.
void go_round_protection(Findings& all) {
  for (Finding& finding : all)
    if (finding.status == problem &&
        (finding.name == "protection" || finding.name.starts_with("protected_range"))) {
      finding.status = warning;
      finding.remedy = "see two_stages";
    }
}

/// The registers were mapped: nothing closes them.
void settle_registers(Findings& all, const Findings& looked) {
  if (std::ranges::find(looked, "boots_from", &Finding::name) == looked.end()) return;
  for (Finding& finding : all)
    if (finding.name == "io_strict" && finding.status != ok)
      finding = {"io_strict", ok, "the flash controller's registers are open", ""};
}

}  // namespace

Findings device_findings(const DoctorRequest& request, const MachineIdentity* machine, Run& run) {
  Findings all;
  try {
    Device device = Device::open({request.programmers, request.chips, {}, true}, run.events);
    for (const FoundChip& chip : device.chips())
      all.push_back({"chip", chip.doubt.empty() ? ok : problem,
                     describe(chip) + (device.simulated() ? " SIMULATED" : "") +
                         (chip.doubt.empty() ? "" : ": " + chip.doubt),
                     chip.doubt.empty() ? "" : "name one that it is like with --chip"});
    add(all, device.findings());
    all.push_back(protection_finding(device.flash()));
    if (request.board) {
      all.push_back(size_finding(*request.board, device.size()));
      if (auto stages = two_stages_finding(device.flash(), device.top_swap(),
                                           request.board->internal.boot_block_swap)) {
        if (stages->status == warning) go_round_protection(all);
        all.push_back(std::move(*stages));
      }
    }
    if (machine != nullptr && request.board &&
        match_machine(request.board->machine, *machine) == MachineMatch::unknown)
      all.push_back(
          content_finding(*request.board, device, own_machine(request.programmers).forced, run));
    if (machine != nullptr) {
      const auto hint = machine->coreboot ? machine->coreboot->fmap : std::nullopt;
      if (const auto found = find_verified_boot(device.flash(), hint, run))
        all.push_back(verified_boot_finding(*found, device.flash()));
    }
    if (request.times > 1) all.push_back(repeat_finding(device.flash(), request.times, run));
    device.close();
  } catch (const UsageError&) {
    throw;
  } catch (const InterruptedError&) {
    throw;
  } catch (const Error& error) {
    all.push_back({"device", problem, error.what(), error.hint()});
  }
  return all;
}

Findings examine(const DoctorRequest& request, const flash::SystemFiles& files, Run& run) {
  std::vector<flash::ProgrammerChoice> choices;
  for (const std::string& programmer : request.programmers)
    choices.push_back(flash::parse_programmer(programmer, flash::programmers()));
  if (choices.empty()) choices.push_back(flash::parse_programmer("internal", flash::programmers()));
  Findings all;
  const flash::KernelFacts kernel = flash::read_kernel_facts(files);
  if (uses_internal(request.programmers)) add(all, kernel_findings(kernel));
  std::optional<MachineIdentity> machine;
  if (on_this_machine(request.programmers)) {
    machine = machine_identity(files);
    add(all, power_findings(flash::read_power(files)));
    add(all, machine_findings(*machine, request.board, own_machine(request.programmers).forced));
  }
  all.push_back(disk_finding(files, request.backups, room_for_backups));
  for (const flash::ProgrammerChoice& choice : choices) {
    if (choice.entry->look == nullptr) continue;
    Findings looked = choice.entry->look();
    settle_registers(all, looked);
    if (drives_chip(kernel, true))
      for (Finding& finding : looked)
        if (finding.name == "registers") finding.status = warning;
    add(all, std::move(looked));
  }
  if (request.programmers.empty()) all.push_back(programmers_finding(files, kernel));
  // The machine's own chip is what is asked about where nothing is named.
  DoctorRequest own = request;
  if (own.programmers.empty() && kernel.root && (kernel.memory_readable || drives_chip(kernel)))
    own.programmers = {"internal"};
  if (!own.programmers.empty()) add(all, device_findings(own, machine ? &*machine : nullptr, run));
  return all;
}

bool may_write(const Findings& findings) {
  return std::ranges::none_of(
      findings, [](const Finding& finding) { return finding.status == FindingStatus::problem; });
}

}  // namespace romwright::pipeline
