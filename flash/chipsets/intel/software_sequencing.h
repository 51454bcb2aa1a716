// SPDX-License-Identifier: GPL-2.0-or-later
// Software sequencing: the controller sends any command of a menu of eight, and is a SpiBus so.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "flash/bus/spi_bus.h"
#include "flash/chipsets/intel/controller.h"

namespace romwright::flash::intel {

/// What a menu entry does, as OPTYPE spells it.
enum class OpType : std::uint8_t { read = 0, write = 1, read_address = 2, write_address = 3 };

/// Eight opcodes, and two that may go before one of them in the same transaction.
struct OpcodeMenu {
  std::array<std::uint8_t, 8> opcodes{};
  std::array<OpType, 8> types{};
  std::array<std::uint8_t, 2> preops{};
};

/// The menu as the registers hold it.
OpcodeMenu read_menu(Controller& controller);

/// Whether a chip can be identified and read through a locked menu: 0x03 and 0x05 are in it, with
/// the types that they need.
bool menu_suffices(const OpcodeMenu& menu);

/// Whether it can be written, too: write enable, page program and an erase are in it.
bool menu_writes(const OpcodeMenu& menu);

class SoftwareSequencing final : public SpiBus {
 public:
  /// Sets up the menu where it is not locked. Throws NoDeviceError where no controller answers.
  /// `controller` outlives it.
  explicit SoftwareSequencing(Controller& controller);
  /// Puts the menu back as it was found.
  ~SoftwareSequencing() override;

  [[nodiscard]] SpiLimits limits() const noexcept override;
  [[nodiscard]] Clock& clock() noexcept override { return controller_.clock(); }
  [[nodiscard]] Access access(Range range) override { return controller_.access(range); }
  [[nodiscard]] std::vector<Protection> protections() override;
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override;

 private:
  using Nanoseconds = std::chrono::nanoseconds;

  void command(const SpiCommand& command, Nanoseconds deadline);
  void transfer(const SpiCommand& command, std::uint32_t address, ConstBytes out, Bytes in,
                Nanoseconds deadline);
  PollResult poll(const SpiPoll& poll, Nanoseconds since);
  unsigned slot_of(std::uint8_t opcode, OpType type);
  [[nodiscard]] std::optional<unsigned> preop_slot(std::uint8_t opcode) const;
  void write_menu(const OpcodeMenu& menu);
  std::uint32_t status();
  void start(std::uint32_t control);
  void check_controller();

  Controller& controller_;
  bool fixed_;         ///< the menu is locked
  bool sfdp_ = false;  ///< nothing hides the addresses that SFDP is read at
  OpcodeMenu found_, menu_;
  unsigned next_slot_ = 0;               ///< which is given up for another opcode
  std::optional<std::uint8_t> pending_;  ///< a preop that waits for its command
  std::uint32_t kept_address_;           ///< bits of the address register above the address
  bool checked_ = false;                 ///< writes are let through, since protections() was asked
  bool changed_ = false;                 ///< since then, a command has changed the chip
  std::uint32_t status_ = 0;
};

}  // namespace romwright::flash::intel
