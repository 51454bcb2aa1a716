// SPDX-License-Identifier: GPL-2.0-or-later
// The integrated micro-controller (IMC): it may run from the flash that is written, and is asked to
// sleep for that time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flash/chipsets/amd/chipset.h"
#include "flash/host/machine.h"

namespace romwright::flash::amd {

enum class ImcState : std::uint8_t {
  absent,    ///< the chipset has none, or its strap is off
  inactive,  ///< there, without firmware that runs
  active,
  unknown,  ///< the I/O ports are closed
};

class Imc {
 public:
  /// Asks nothing of the controller but whether it runs.
  Imc(Machine& machine, const Chipset& chipset);

  [[nodiscard]] ImcState state() const noexcept { return state_; }
  /// Puts it to sleep where it runs; nothing when it sleeps, else why not.
  std::optional<std::string> stop();
  /// Wakes it where `stop` has put it to sleep.
  void resume();

 private:
  std::uint8_t configuration(std::uint8_t offset);
  bool tell(std::uint8_t subcommand);
  void mailbox(std::uint8_t offset, std::uint8_t value);

  Machine& machine_;
  ImcState state_ = ImcState::absent;
  std::uint16_t port_ = 0;     ///< of the configuration registers
  std::uint16_t mailbox_ = 0;  ///< of the mailbox
  bool sleeping_ = false;
};

}  // namespace romwright::flash::amd
