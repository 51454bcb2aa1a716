// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/imc.h"

#include <chrono>

#include "flash/base/error.h"

namespace romwright::flash::amd {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::uint8_t straps = 0x40, port_register = 0xa4;
constexpr std::uint8_t enter = 0x5a, leave = 0xa5;
constexpr std::uint8_t select_device = 0x07, mailbox_device = 9, activated = 0x30;
constexpr std::uint8_t port_high = 0x60, port_low = 0x61;
constexpr std::uint8_t command = 0x80, reply = 0x82, argument = 0x83, argument_2 = 0x84;
constexpr std::uint8_t flash_command = 0x96, accepted = 0xfa;
constexpr std::uint8_t sleep_now = 0xb4, wake_up = 0xb5;
constexpr nanoseconds deadline = milliseconds(10);

}  // namespace

Imc::Imc(Machine& machine, const Chipset& chipset) : machine_(machine) {
  if (!chipset.generation().has_imc || (machine.pci.read8(chipset.lpc, straps) & 0x80U) == 0)
    return;
  const std::uint16_t port = machine.pci.read16(chipset.lpc, port_register);
  if ((port & 1U) == 0 || port == 0xffff) return;  // its registers are switched off
  port_ = static_cast<std::uint16_t>(port & ~1U);
  state_ = ImcState::unknown;
  if (machine.ports == nullptr) return;
  try {
    machine.ports->write8(port_, enter);
    machine.ports->write8(port_, select_device);
    machine.ports->write8(static_cast<std::uint16_t>(port_ + 1), mailbox_device);
    const bool active = (configuration(activated) & 1U) != 0;
    mailbox_ = static_cast<std::uint16_t>(configuration(port_high) << 8 | configuration(port_low));
    machine.ports->write8(port_, leave);
    state_ = active && mailbox_ != 0 && mailbox_ != 0xffff ? ImcState::active : ImcState::inactive;
  } catch (const NoDeviceError&) {
    // Lockdown: it may run, and nothing can ask it to sleep.
    state_ = ImcState::unknown;
  }
}

std::uint8_t Imc::configuration(std::uint8_t offset) {
  machine_.ports->write8(port_, offset);
  return machine_.ports->read8(static_cast<std::uint16_t>(port_ + 1));
}

void Imc::mailbox(std::uint8_t offset, std::uint8_t value) {
  machine_.ports->write8(mailbox_, offset);
  machine_.ports->write8(static_cast<std::uint16_t>(mailbox_ + 1), value);
}

bool Imc::tell(std::uint8_t subcommand) {
  mailbox(reply, 0);
  mailbox(argument, subcommand);
  mailbox(argument_2, 0);
  mailbox(command, flash_command);
  const nanoseconds from = machine_.clock.now();
  for (;;) {
    const nanoseconds waited = machine_.clock.now() - from;
    machine_.ports->write8(mailbox_, reply);
    if (machine_.ports->read8(static_cast<std::uint16_t>(mailbox_ + 1)) == accepted) return true;
    if (waited >= deadline) return false;
    machine_.clock.sleep(microseconds(100));
  }
}

std::optional<std::string> Imc::stop() {
  if (sleeping_ || state_ == ImcState::absent || state_ == ImcState::inactive) return std::nullopt;
  if (state_ == ImcState::unknown)
    return "the chipset's embedded controller (IMC) may run from this flash, and the I/O ports by "
           "which it is stopped are closed";
  sleeping_ = tell(sleep_now);
  if (sleeping_) return std::nullopt;
  return "the chipset's embedded controller (IMC) runs from this flash, and does not answer the "
         "request to stop";
}

void Imc::resume() {
  if (!sleeping_) return;
  sleeping_ = false;
  tell(wake_up);
}

}  // namespace romwright::flash::amd
