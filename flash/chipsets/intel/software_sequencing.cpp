// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/software_sequencing.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::intel {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds idle_deadline = seconds(5);  // another master's erase may be under way
constexpr nanoseconds plain_deadline = milliseconds(60);
constexpr nanoseconds atomic_deadline = seconds(60);
constexpr int attempts = 3;
constexpr std::uint64_t three_byte_reach = 1U << 24;
constexpr std::uint8_t write_enable = 0x06, write_enable_volatile = 0x50;
constexpr std::uint8_t read_data = 0x03, page_program = 0x02, read_manufacturer = 0x90, wake = 0xab,
                       read_sfdp = 0x5a;
constexpr unsigned first_free_slot = 4;  // those below are needed all the time

/// What chips of PCs are driven with.
constexpr OpcodeMenu usual_menu{
    {read_data, 0x05, page_program, 0x20, 0xd8, 0x9f, 0x01, read_sfdp},
    {OpType::read_address, OpType::read, OpType::write_address, OpType::write_address,
     OpType::write_address, OpType::read, OpType::write, OpType::read_address},
    {write_enable, write_enable_volatile}};

bool changes_chip(const SpiCommand& command) {
  switch (command.opcode) {
    case write_enable:
    case write_enable_volatile:
    case 0x04:
    case wake:
    case 0xb9:
      return false;
    default:
      return command.in.empty();
  }
}

OpType type_of(const SpiCommand& command) {
  if (command.address_bytes != 0)
    return command.in.empty() ? OpType::write_address : OpType::read_address;
  // What changes nothing in the chip (wake up) must get through before writes are allowed.
  return command.in.empty() && changes_chip(command) ? OpType::write : OpType::read;
}

/// The type with which a command of that opcode is sent; nothing for what is not common.
std::optional<OpType> usual_type(std::uint8_t opcode) {
  switch (opcode) {
    case read_data:
    case 0x0b:
    case read_sfdp:
      return OpType::read_address;
    case page_program:
    case 0x20:
    case 0x52:
    case 0xd8:
      return OpType::write_address;
    case 0x05:
    case 0x9f:
      return OpType::read;
    case 0x01:
      return OpType::write;
    default:
      return std::nullopt;
  }
}

/// Whether an opcode is in the menu, with the type that it needs.
bool has(const OpcodeMenu& menu, std::uint8_t opcode) {
  for (unsigned i = 0; i < menu.opcodes.size(); ++i)
    if (menu.opcodes.at(i) == opcode && menu.types.at(i) == usual_type(opcode)) return true;
  return false;
}

/// As much as it may change: the largest block that an erase may mean.
Range touched_by(const SpiCommand& command) {
  constexpr std::uint64_t block = 65536;
  if (command.address_bytes != 0 && command.out.empty())
    return {command.address - command.address % block, block};
  if (command.address_bytes != 0) return {command.address, command.out.size()};
  const bool whole = command.opcode == 0xc7 || command.opcode == 0x60 || command.opcode == 0x62;
  return {0, whole ? three_byte_reach : 0};
}

}  // namespace

OpcodeMenu read_menu(Controller& controller) {
  OpcodeMenu menu;
  const Layout& layout = controller.layout();
  const std::uint16_t preop = controller.read16(layout.preop);
  const std::uint16_t types = controller.read16(layout.optype);
  menu.preops = {static_cast<std::uint8_t>(preop), static_cast<std::uint8_t>(preop >> 8)};
  for (unsigned i = 0; i < menu.opcodes.size(); ++i) {
    const std::uint32_t word = controller.read32(layout.opmenu + i / 4 * 4);
    menu.opcodes.at(i) = static_cast<std::uint8_t>(word >> (8 * (i % 4)));
    menu.types.at(i) = static_cast<OpType>((types >> (2 * i)) & 3U);
  }
  return menu;
}

bool menu_suffices(const OpcodeMenu& menu) { return has(menu, read_data) && has(menu, 0x05); }

bool menu_writes(const OpcodeMenu& menu) {
  const bool erases = has(menu, 0x20) || has(menu, 0x52) || has(menu, 0xd8);
  const bool enables = std::ranges::find(menu.preops, write_enable) != menu.preops.end();
  return has(menu, page_program) && erases && enables;
}

SoftwareSequencing::SoftwareSequencing(Controller& controller)
    : controller_(controller),
      fixed_(controller.locked()),
      kept_address_(controller.read32(controller.layout().address) &
                    ~controller.layout().address_mask) {
  if (controller.generation().engine == Engine::pch100 &&
      (controller.read32(dlock) & dlock_swseq) != 0)
    throw NoDeviceError(
        fmt::format("{}: software sequencing is locked until reset", controller.chipset().name()),
        "internal:bus=hwseq");
  check_controller();
  found_ = menu_ = read_menu(controller);
  if (!fixed_) write_menu(usual_menu);
  // The controller sees an address like any other.
  constexpr Range sfdp{0, 4096};
  sfdp_ = controller_.access(sfdp).readable;
  controller_.set_test_read([this](std::uint64_t offset) {
    if (offset >= three_byte_reach) return false;
    std::array<std::uint8_t, cycle_bytes> ignored{};
    try {
      command({.opcode = read_data,
               .address_bytes = 3,
               .address = static_cast<std::uint32_t>(offset),
               .in = ignored},
              plain_deadline);
    } catch (const DeviceError&) {
      return false;
    }
    return true;
  });
}

SoftwareSequencing::~SoftwareSequencing() {
  controller_.set_test_read({});
  if (!fixed_) write_menu(found_);
}

/// Memory in place of a controller keeps what is written to it; a controller's bits are cleared by
/// ones.
void SoftwareSequencing::check_controller() {
  const auto idle = controller_.wait([this] { return ~status(); }, swseq_busy, idle_deadline);
  if (!idle) controller_.timed_out("waiting until it is idle", status_);
  start(0);
  if ((status() & (swseq_done | swseq_error)) != 0)
    throw NoDeviceError(fmt::format("{}: no SPI controller answers, its status does not let itself "
                                    "be cleared (it reads {:#x})",
                                    controller_.chipset().name(), status_),
                        "an external programmer reaches the chip");
}

std::uint32_t SoftwareSequencing::status() {
  const Layout& layout = controller_.layout();
  status_ = controller_.generation().engine == Engine::ich7 ? controller_.read16(layout.swseq)
                                                            : controller_.read32(layout.swseq);
  return status_;
}

/// Clears what the last cycle left, and starts one where `control` says so.
void SoftwareSequencing::start(std::uint32_t control) {
  const Layout& layout = controller_.layout();
  const std::uint32_t kept = status_ & layout.keep;
  const std::uint32_t cleared = kept | swseq_done | swseq_error;
  if (controller_.generation().engine == Engine::ich7) {
    controller_.write16(layout.swseq, static_cast<std::uint16_t>(cleared));
    if (control != 0) controller_.write16(layout.swseq + 2, static_cast<std::uint16_t>(control));
    return;
  }
  // SSFS only shows the bit of a refused access, which is HSFS's.
  if ((status_ & swseq_denied) != 0) controller_.clear_status(hsfs_denied);
  controller_.write32(layout.swseq, cleared | swseq_denied);
  if (control != 0) controller_.write32(layout.swseq, kept | control << layout.control_shift);
}

void SoftwareSequencing::write_menu(const OpcodeMenu& menu) {
  const Layout& layout = controller_.layout();
  std::uint32_t types = 0;
  std::array<std::uint32_t, 2> words{};
  for (unsigned i = 0; i < menu.opcodes.size(); ++i) {
    types |= static_cast<std::uint32_t>(menu.types.at(i)) << (2 * i);
    words.at(i / 4) |= std::uint32_t{menu.opcodes.at(i)} << (8 * (i % 4));
  }
  controller_.write16(layout.preop,
                      static_cast<std::uint16_t>(menu.preops[0] | menu.preops[1] << 8));
  controller_.write16(layout.optype, static_cast<std::uint16_t>(types));
  controller_.write32(layout.opmenu, words[0]);
  controller_.write32(layout.opmenu + 4, words[1]);
  menu_ = menu;
}

SpiLimits SoftwareSequencing::limits() const noexcept {
  SpiLimits limits;
  limits.max_out = limits.max_in = cycle_bytes;
  limits.four_byte_address = false;
  if (!sfdp_) limits.opcodes.emplace().set();
  if (fixed_) {
    limits.opcodes.emplace();
    for (unsigned i = 0; i < menu_.opcodes.size(); ++i)
      if (usual_type(menu_.opcodes.at(i)).value_or(menu_.types.at(i)) == menu_.types.at(i))
        limits.opcodes->set(menu_.opcodes.at(i));
    for (const std::uint8_t opcode : menu_.preops) limits.opcodes->set(opcode);
  }
  if (!sfdp_) limits.opcodes->reset(read_sfdp);
  return limits;
}

std::vector<Protection> SoftwareSequencing::protections() {
  checked_ = changed_ = false;
  return controller_.protections();
}

std::optional<unsigned> SoftwareSequencing::preop_slot(std::uint8_t opcode) const {
  for (unsigned i = 0; i < menu_.preops.size(); ++i)
    if (menu_.preops.at(i) == opcode) return i;
  return std::nullopt;
}

unsigned SoftwareSequencing::slot_of(std::uint8_t opcode, OpType type) {
  for (unsigned i = 0; i < menu_.opcodes.size(); ++i)
    if (menu_.opcodes.at(i) == opcode && menu_.types.at(i) == type) return i;
  if (fixed_)
    throw DeviceError(fmt::format("{}: the opcode {:#04x} is not in the locked menu",
                                  controller_.chipset().name(), opcode));
  OpcodeMenu menu = menu_;
  const unsigned slot = first_free_slot + next_slot_;
  next_slot_ = (next_slot_ + 1) % (static_cast<unsigned>(menu.opcodes.size()) - first_free_slot);
  menu.opcodes.at(slot) = opcode;
  menu.types.at(slot) = type;
  write_menu(menu);
  return slot;
}

void SoftwareSequencing::transfer(const SpiCommand& command, std::uint32_t address, ConstBytes out,
                                  Bytes in, nanoseconds deadline) {
  const Layout& layout = controller_.layout();
  const auto what = [&] {
    return command.address_bytes == 0
               ? fmt::format("opcode {:#04x}", command.opcode)
               : fmt::format("opcode {:#04x} at {:#x}", command.opcode, address);
  };
  std::uint32_t control = control_go | slot_of(command.opcode, type_of(command))
                                           << control_opcode_shift;
  const std::size_t count = std::max(out.size(), in.size());
  if (count != 0)
    control |= control_data | static_cast<std::uint32_t>(count - 1) << control_count_shift;
  if (pending_) {
    const auto preop = preop_slot(*pending_);
    control |= control_atomic | (preop == 1U ? control_second_preop : 0);
    pending_.reset();
  }
  for (int attempt = 1;; ++attempt) {
    const auto idle = controller_.wait([this] { return ~status(); }, swseq_busy, idle_deadline);
    if (!idle) controller_.timed_out(what(), status_);
    if (command.address_bytes != 0)
      controller_.write32(layout.address, kept_address_ | (address & 0xffffff));
    if (!out.empty()) controller_.put_data(out);
    start(control);
    const auto end =
        controller_.wait([this] { return status(); }, swseq_done | swseq_error, deadline);
    if (!end) controller_.timed_out(what(), status_);
    controller_.answered();
    if ((*end & swseq_error) == 0) break;
    // An ICH7 has one bit for both.
    const bool ich7 = controller_.generation().engine == Engine::ich7;
    const bool denied = !ich7 && (*end & swseq_denied) != 0;
    const bool again = changes_chip(command) && controller_.allowed_again();
    if (attempt < attempts && (again || !denied)) continue;
    const std::string line =
        fmt::format("{}: the controller {} (status {:#x})", what(),
                    denied || ich7 ? "denies access" : "reports an error", *end);
    if ((denied || ich7) && changes_chip(command))
      controller_.write_denied(touched_by(command), line, changed_);
    throw DeviceError(line);
  }
  changed_ |= changes_chip(command);
  if (!in.empty()) controller_.get_data(in);
}

void SoftwareSequencing::command(const SpiCommand& command, nanoseconds deadline) {
  if (command.in.empty() && command.out.empty() && command.address_bytes == 0 &&
      preop_slot(command.opcode)) {
    // It goes out in one transaction with the command behind it.
    pending_ = command.opcode;
    return;
  }
  if (changes_chip(command)) {
    const Range touched = touched_by(command);
    if (!checked_) controller_.before_writing({&touched, 1});
    checked_ = true;
    controller_.lift(touched);
  }
  const std::size_t dummies = command.dummy_bytes;
  if (command.in.empty()) {
    transfer(command, command.address, command.out, {}, deadline);
    return;
  }
  // An id is the same at any address, and BBAR forbids the lower ones.
  const bool id = command.opcode == read_manufacturer || command.opcode == wake;
  const auto from = static_cast<std::uint32_t>(
      std::max<std::uint64_t>(command.address, id ? controller_.hidden_below() : 0));
  // The controller knows no dummy bytes: they are read, and dropped.
  std::array<std::uint8_t, cycle_bytes> data{};
  for (std::size_t at = 0; at < command.in.size();) {
    const std::size_t part = std::min(command.in.size() - at, cycle_bytes - dummies);
    const Bytes in = Bytes(data).first(dummies + part);
    transfer(command, from + static_cast<std::uint32_t>(at), {}, in, deadline);
    std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(dummies), part,
                command.in.begin() + static_cast<std::ptrdiff_t>(at));
    at += part;
  }
}

PollResult SoftwareSequencing::poll(const SpiPoll& poll, nanoseconds since) {
  PollResult result;
  // A controller that sent a preop has waited for the chip already.
  for (int looks = 1;; ++looks) {
    const bool late = clock().now() - since >= poll.deadline;
    command({.opcode = poll.opcode, .in = {&result.value, 1}}, plain_deadline);
    result.elapsed = clock().now() - since;
    result.passed = (result.value & poll.mask) == poll.expect;
    if (result.passed || late) return result;
    clock().sleep(std::clamp<nanoseconds>(result.elapsed / 64, microseconds(20), milliseconds(10)));
  }
}

RunResult SoftwareSequencing::run(std::span<const SpiOp> program, std::stop_token stop) {
  RunResult result;
  nanoseconds last = clock().now();
  for (std::size_t i = 0; i < program.size(); ++i) {
    // Between a preop and its command is no place to stop.
    if (!pending_ && stop.stop_requested()) return result;
    if (const auto* one = std::get_if<SpiCommand>(&program[i])) {
      const bool atomic = pending_.has_value();
      const SpiPoll* next =
          i + 1 < program.size() ? std::get_if<SpiPoll>(&program[i + 1]) : nullptr;
      last = clock().now();
      command(*one, !atomic           ? plain_deadline
                    : next != nullptr ? std::max<nanoseconds>(next->deadline, plain_deadline)
                                      : atomic_deadline);
      // An atomic cycle ends when the chip is ready: a poll counts from where it began.
      if (!atomic) last = clock().now();
    } else if (const auto* wait = std::get_if<SpiWait>(&program[i])) {
      clock().sleep(wait->time);
    } else {
      PollResult seen = poll(std::get<SpiPoll>(program[i]), last);
      seen.op = i;
      result.polls.push_back(seen);
      if (!seen.passed) return result;
    }
    ++result.completed;
  }
  return result;
}

}  // namespace romwright::flash::intel
