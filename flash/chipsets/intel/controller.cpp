// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/controller.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::intel {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::uint32_t descriptor_signature = 0x0ff0a55a;
constexpr std::uint16_t absent = 0xffff;
constexpr Range everything{0, std::numeric_limits<std::uint32_t>::max()};
/// So long, and so often, the register is read without a pause.
constexpr nanoseconds impatient = microseconds(100);
constexpr int impatient_looks = 256;

BiosControlAccess bios_control_of(Machine& machine, const Chipset& chipset, Blocks& blocks) {
  const Generation& generation = chipset.generation();
  const std::uint8_t offset = generation.bios_cntl;
  if (generation.place == Place::silvermont)
    return {[&blocks, offset] { return blocks.registers->read32(offset); },
            [&blocks, offset](std::uint32_t value) { blocks.registers->write32(offset, value); }};
  const PciAddress at = generation.place == Place::spi_function ? chipset.spi : chipset.found;
  return {[&machine, at, offset] { return std::uint32_t{machine.pci.read8(at, offset)}; },
          [&machine, at, offset](std::uint32_t value) {
            machine.pci.write8(at, offset, static_cast<std::uint8_t>(value));
          }};
}

/// Lynx Point and later have four bits a component.
unsigned density_bits(GenerationId id) { return id >= GenerationId::pch8 ? 4 : 3; }

std::string denial(const Region& region, bool reading) {
  const char* what = reading ? "read" : "written";
  switch (region.source) {
    case Source::registers:
      return fmt::format("region {} may not be {} from here, by the flash descriptor", region.name,
                         what);
    case Source::descriptor:
      if (reading && region.tested)
        return fmt::format("region {}: reading its first 64 bytes was refused", region.name);
      return fmt::format(
          "region {}: no register tells whether it may be {}; the descriptor says "
          "that it may{}",
          region.name, what, (reading ? region.readable : region.writable) ? "" : " not");
    default:
      return fmt::format("region {}: nothing tells whether it may be {}", region.name, what);
  }
}

}  // namespace

Controller::Controller(Machine& machine, Chipset chipset)
    : machine_(machine),
      chipset_(chipset),
      layout_(layout_of(chipset.generation().engine)),
      blocks_(map_chipset(machine, chipset)),
      bios_control_(bios_control_of(machine, chipset, blocks_), chipset.generation().smm_bwp_bit) {
  const bool ich7 = generation().engine == Engine::ich7;
  const BootSource source = straps().boots_from;
  if (ich7 && source != BootSource::spi && source != BootSource::unknown)
    throw NoDeviceError(fmt::format("{}: the machine boots from {}, its SPI controller is not in "
                                    "use and is left alone",
                                    chipset_.name(), to_string(source)),
                        "an external programmer reaches the chip");
  const std::uint16_t status = read16(ich7 ? 0 : hsfs);
  if (status == absent && read16(ich7 ? 2 : hsfc) == absent)
    throw NoDeviceError(
        fmt::format("{}: no SPI controller answers, its registers read all ones", chipset_.name()),
        "the firmware may hide it; an external programmer reaches the chip");
  locked_ = (status & hsfs_locked) != 0;
  descriptor_ = !ich7 && (status & hsfs_descriptor) != 0;
  permissions_ = read_permissions(
      generation(), status, [this](std::uint32_t offset) { return read32(offset); },
      [this](unsigned section, unsigned index) { return descriptor_word(section, index); });
  clear_bbar();
}

Controller::~Controller() {
  try {
    close();
  } catch (const Error&) {
    // The configuration space is gone, and with it what was set there.
    lifted_.clear();
  }
}

/// Below BBAR no cycle gets through.
void Controller::clear_bbar() {
  if (!generation().has_bbar) return;
  const std::uint32_t value = read32(layout_.bbar);
  if ((value & bbar_mask) == 0) return;
  if (!locked_) write32(layout_.bbar, value & ~bbar_mask);
  hidden_below_ = read32(layout_.bbar) & bbar_mask;
  if (hidden_below_ == 0) bbar_before_ = value;
}

void Controller::clear_status(std::uint16_t bits) {
  write16(hsfs, static_cast<std::uint16_t>((read16(hsfs) & hsfs_locks) | bits));
}

void Controller::put_data(ConstBytes data) {
  for (std::size_t at = 0; at < data.size(); at += 4) {
    std::uint32_t word = 0;
    for (std::size_t i = at; i < std::min(at + 4, data.size()); ++i)
      word |= std::uint32_t{data[i]} << (8 * (i - at));
    write32(layout_.data + static_cast<std::uint32_t>(at), word);
  }
}

void Controller::get_data(Bytes into) {
  for (std::size_t at = 0; at < into.size(); at += 4) {
    const std::uint32_t word = read32(layout_.data + static_cast<std::uint32_t>(at));
    for (std::size_t i = at; i < std::min(at + 4, into.size()); ++i)
      into[i] = static_cast<std::uint8_t>(word >> (8 * (i - at)));
  }
}

std::uint32_t Controller::descriptor_word(unsigned section, unsigned index) {
  write32(layout_.fdoc, section << 12 | index << 2);
  return read32(layout_.fdod);
}

std::vector<std::uint64_t> Controller::components() {
  if (!descriptor_ || descriptor_word(0, 0) != descriptor_signature) return {};
  const std::uint32_t map = descriptor_word(0, 1);
  const std::uint32_t component = descriptor_word(1, 0);
  const unsigned bits = density_bits(chipset_.id->generation);
  constexpr unsigned largest = 8;  // 128 MiB
  std::vector<std::uint64_t> sizes;
  for (unsigned i = 0; i <= ((map >> 8) & 1U); ++i) {
    const unsigned density = (component >> (bits * i)) & ((1U << bits) - 1);
    if (density <= largest) sizes.push_back(std::uint64_t{512U << 10} << density);
  }
  return sizes;
}

Access Controller::access(Range range) {
  Access all;
  const auto because = [&](std::string reason) {
    if (all.reason.empty()) all.reason = std::move(reason);
  };
  if (range.offset < hidden_below_) {
    all.readable = all.writable = false;
    because(fmt::format("BBAR hides everything below {:#x} until reset", hidden_below_));
  }
  for (const ProtectedRange& one : permissions_.protected_ranges)
    if (one.no_read && one.range.overlaps(range)) {
      all.readable = false;
      because(fmt::format("{} forbids to read it", one.name));
    }
  for (Region& region : permissions_.regions) {
    if (!region.range.overlaps(range)) continue;
    if (!region.certain() && !region.tested && test_) {
      region.tested = true;
      region.readable = test_(region.range.offset);
    }
    if (!region.readable) {
      all.readable = false;
      because(denial(region, true));
    }
    if (region.certain()) {
      all.writable &= region.writable;
      if (!region.writable) because(denial(region, false));
    } else {
      all.uncertain = true;
      because(denial(region, false));
    }
  }
  return all;
}

std::vector<Range> Controller::bios_ranges() const {
  std::vector<Range> found;
  for (const Region& region : permissions_.regions)
    if (region.name == "bios" || region.name == "bios2" || region.name == "ifwi")
      found.push_back(region.range);
  return found.empty() ? std::vector<Range>{everything} : found;
}

std::vector<Protection> Controller::protections() {
  std::vector<Protection> found;
  const BootSource source = straps().boots_from;
  if (source != BootSource::spi && source != BootSource::unknown)
    found.push_back({everything, fmt::format("the straps: the machine boots from {}, not from here",
                                             to_string(source))});
  // What firmware is asked for is for a write alone: a look goes by the lock that shows.
  const bool hopeless = looks_only_ && bios_lock().smm_only && bios_lock().lock;
  if (const auto refusal = !looks_only_ ? bios_control_.allow()
                           : hopeless   ? bios_control_.refusal()
                                        : std::nullopt)
    for (const Range& range : bios_ranges()) found.push_back({range, *refusal});
  for (const ProtectedRange& one : permissions_.protected_ranges)
    if (one.no_write)
      found.push_back({one.range,
                       fmt::format("{}{}", one.name, one.locked ? ", locked until reset" : ""),
                       !one.locked});
  return found;
}

void Controller::before_writing(std::span<const Range> ranges) {
  const std::vector<Range> locked = bios_ranges();
  // A command without a range is for the chip as a whole.
  const auto concerned = [&](const Range& range) {
    return range.empty() ||
           std::ranges::any_of(locked, [&](const Range& bios) { return bios.overlaps(range); });
  };
  const auto refusal = bios_control_.allow();
  // Firmware may take it back a little later.
  const auto again = refusal ? refusal : bios_control_.refusal();
  if (const auto first = std::ranges::find_if(ranges, concerned); again && first != ranges.end())
    throw ProtectedError(*first, fmt::format("protected by {}", *again));
  for (const Range& range : ranges) lift(range);
}

void Controller::lift(Range range) {
  for (const ProtectedRange& one : permissions_.protected_ranges) {
    if (one.locked || !one.no_write || !range.overlaps(one.range)) continue;
    if (std::ranges::any_of(lifted_, [&](const auto& was) { return was.first == one.offset; }))
      continue;
    lifted_.emplace_back(one.offset, one.value);
    write32(one.offset, 0);
    if (read32(one.offset) != 0)
      throw ProtectedError(
          one.range, fmt::format("protected by {}: it does not let itself be cleared", one.name));
  }
}

void Controller::close() {
  for (const auto& [offset, value] : lifted_) write32(offset, value);
  lifted_.clear();
  if (bbar_before_) write32(layout_.bbar, *bbar_before_);
  bbar_before_.reset();
  bios_control_.restore();
}

std::optional<std::uint32_t> Controller::wait(const std::function<std::uint32_t()>& status,
                                              std::uint32_t ends, nanoseconds deadline) {
  const nanoseconds from = clock().now();
  for (int looks = 1;; ++looks) {
    // Taken before the look: a process that is halted behind it looks once more.
    const nanoseconds waited = clock().now() - from;
    const std::uint32_t value = status();
    if ((value & ends) != 0) return value;
    if (waited >= deadline) return std::nullopt;
    if (waited >= impatient || looks >= impatient_looks)
      clock().sleep(std::clamp<nanoseconds>(waited / 64, microseconds(20), milliseconds(10)));
  }
}

bool Controller::allowed_again() { return bios_control_.refusal() && !bios_control_.allow(); }

void Controller::write_denied(Range range, const std::string& line, bool changed) {
  const std::string hint = bios_control_.refusal().value_or("");
  if (!changed) throw ProtectedError(range, line, hint);
  throw DeviceError(line, hint);
}

void Controller::timed_out(const std::string& what, std::uint32_t status) {
  const std::string line = fmt::format("{}: {}: the controller does not finish (status {:#x})",
                                       chipset_.name(), what, status);
  if (!answered_)
    throw NoDeviceError(line, "no SPI controller, or no chip, is behind these registers");
  throw TimeoutError(line, "switch the machine off and on before the next attempt");
}

}  // namespace romwright::flash::intel
