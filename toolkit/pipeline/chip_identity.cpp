// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/chip_identity.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/ifd.h"
#include "toolkit/pipeline/chip_mac.h"

namespace romwright::pipeline {
namespace {

constexpr std::uint64_t descriptor_size = 4096;

bool readable(Device& device, Range range) {
  return device.size() >= range.end() && device.flash().access(range).readable;
}

void read_descriptor(ChipIdentity& identity, Device& device, EventSink& events, Run& run) {
  if (!readable(device, {0, descriptor_size})) return;
  Buffer start(descriptor_size);
  device.flash().read(0, start, run);
  const std::uint8_t erased = device.flash().geometry().erased_value;
  if (std::ranges::all_of(start, [&](std::uint8_t byte) { return byte == erased; })) return;
  identity.descriptor = false;
  try {
    const auto ifd = images::find_ifd(start);
    if (!ifd) return;
    identity.descriptor = true;
    for (const char* name : {"bios", "me", "gbe"})
      if (const auto region = ifd->region(name); region && !region->empty())
        identity.regions.emplace(name, *region);
  } catch (const ImageError& error) {
    return events.note(fmt::format("the chip's descriptor: {}", error.line()));
  }
  if (const auto gbe = identity.regions.find("gbe");
      gbe != identity.regions.end() && readable(device, gbe->second))
    if (const auto mac = mac_of_chip(device, events, run)) identity.mac = images::to_string(*mac);
}

}  // namespace

std::string ChipIdentity::text() const {
  std::string line =
      coreboot ? fmt::format("coreboot: {} {}, ", coreboot->vendor, coreboot->part) : std::string();
  if (!descriptor) return line + "its descriptor is not known";
  if (!*descriptor) return line + "without a flash descriptor";
  line += "with a flash descriptor";
  for (const auto& [name, range] : regions) line += fmt::format(", {} {}", name, to_string(range));
  return mac.empty() ? line : line + ", MAC " + mac;
}

ChipIdentity chip_identity(Device& device, EventSink& events, Run& run) {
  ChipIdentity identity;
  try {
    const std::uint64_t reach = std::min<std::uint64_t>(device.size(), images::coreboot_id_reach);
    if (readable(device, {device.size() - reach, reach})) {
      Buffer end(reach);
      device.flash().read(device.size() - reach, end, run);
      identity.coreboot = images::find_coreboot_id(end, device.size());
    }
    read_descriptor(identity, device, events, run);
  } catch (const DeviceError& error) {
    events.note(fmt::format("what is in the chip is not known: {}", error.line()));
  }
  return identity;
}

MachineMatch match_chip(const manifests::Board& board, const ChipIdentity& chip) {
  if (chip.coreboot && !board.machine.coreboot.empty()) {
    MachineIdentity as_running;
    as_running.coreboot.emplace();
    as_running.coreboot->vendor = chip.coreboot->vendor;
    as_running.coreboot->part = chip.coreboot->part;
    return match_machine({{}, board.machine.coreboot}, as_running);
  }
  if (!chip.descriptor) return MachineMatch::unknown;
  if (*chip.descriptor != board.image.descriptor.has_value()) return MachineMatch::mismatch;
  if (!*chip.descriptor) return MachineMatch::unknown;
  return chip.regions.contains("gbe") == board.image.descriptor->expect.contains("gbe")
             ? MachineMatch::unknown
             : MachineMatch::mismatch;
}

void require_chip_of(const manifests::Board& board, MachineMatch machine,
                     const std::vector<std::string>& programmers, Device& device, EventSink& events,
                     Run& run) {
  const OwnMachine own = own_machine(programmers);
  if (!own.own || machine != MachineMatch::unknown) return;
  const ChipIdentity chip = chip_identity(device, events, run);
  switch (match_chip(board, chip)) {
    case MachineMatch::match:
      return events.note(fmt::format("the chip's content: {}", chip.text()));
    case MachineMatch::unknown:
      return;
    case MachineMatch::mismatch:
      break;
  }
  refuse_machine(
      fmt::format("another than {} by what its chip holds ({})", board.name, chip.text()),
      fmt::format(
          "{} is for {}{}", board.name, describe(board.machine),
          board.image.descriptor ? ", with a flash descriptor" : ", without a flash descriptor"),
      own.forced, events);
}

}  // namespace romwright::pipeline
