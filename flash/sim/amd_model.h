// SPDX-License-Identifier: GPL-2.0-or-later
// AMD chipsets in software, behind configuration space, registers and I/O ports: the SPI controller
// with ROM protect and its embedded controller, over a simulated chip.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "flash/base/clock.h"
#include "flash/host/machine.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash {

enum class AmdKind : std::uint8_t { sb600, sb700, sb800, hudson, yangtze, spi100 };

/// How the firmware left the chipset, and what is wrong with it.
struct AmdSettings {
  AmdKind kind = AmdKind::sb700;
  std::optional<std::uint8_t> revision;  ///< of the SMBus function, in place of the kind's
  std::uint8_t strap_override = 0;       ///< register 0x8f of power management
  bool closed = false;                   ///< SpiHostAccessRomEn is 0
  bool rom_armor = false;                ///< the base address reads all ones
  bool spi_off = false;                  ///< the base address is 0
  bool lockdown = false;                 ///< no I/O ports
  std::array<std::uint32_t, 4> rom_protect{};
  bool protect_locked = false;        ///< ROM protect registers stay until reset
  bool imc = false;                   ///< the embedded controller runs
  bool imc_deaf = false;              ///< and answers nothing
  std::vector<std::uint8_t> refused;  ///< opcodes (Yangtze and later)
  bool stuck_refusal = false;         ///< the bit that tells of them is always set
  bool memory_only = false;           ///< no controller: registers keep what is written
  bool hangs = false;                 ///< no command ever ends
  unsigned disturb_every = 0;   ///< at every so many-th command somebody moves the FIFO's pointer
  std::uint8_t gpio_taken = 0;  ///< SMBus configuration register 0xab (SB600, SB700)
};

struct AmdCounts {
  std::uint64_t register_accesses = 0;  ///< of the SPI block
  std::uint64_t configuration_writes = 0;
  std::uint64_t commands = 0;
  std::uint64_t blocked = 0;         ///< programs and erases that ROM protect swallowed
  std::uint64_t while_imc_runs = 0;  ///< programs and erases while the embedded controller ran
};

class AmdModel final : public PciBus, public PhysicalMemory, public IoPorts {
 public:
  /// Chip and clock outlive the model.
  AmdModel(const AmdSettings& settings, NorModel& chip, VirtualClock& clock);

  [[nodiscard]] Machine machine() { return {*this, *this, clock_, this}; }
  [[nodiscard]] const AmdCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] bool imc_sleeps() const noexcept { return imc_sleeps_; }
  [[nodiscard]] std::uint32_t rom_protect(unsigned index) const { return protects_.at(index); }
  /// A SPI register, without an access being counted.
  [[nodiscard]] std::uint8_t peek(std::uint32_t offset) const { return registers_.at(offset); }

  std::vector<PciFunction> functions() override;
  std::uint8_t read8(PciAddress at, std::uint8_t offset) override;
  std::uint16_t read16(PciAddress at, std::uint8_t offset) override;
  std::uint32_t read32(PciAddress at, std::uint8_t offset) override;
  void write8(PciAddress at, std::uint8_t offset, std::uint8_t value) override;
  void write16(PciAddress at, std::uint8_t offset, std::uint16_t value) override;
  void write32(PciAddress at, std::uint8_t offset, std::uint32_t value) override;
  std::unique_ptr<Registers> map(std::uint64_t address, std::size_t size) override;
  std::uint8_t read8(std::uint16_t port) override;
  void write8(std::uint16_t port, std::uint8_t value) override;

 private:
  friend class AmdRegisters;
  using Nanoseconds = std::chrono::nanoseconds;

  [[nodiscard]] bool indexed() const { return settings_.kind >= AmdKind::yangtze; }
  std::uint8_t load(std::uint32_t offset);
  void store(std::uint32_t offset, std::uint8_t value);
  void settle();
  void begin();
  void send(std::uint8_t opcode, ConstBytes out, Bytes in);
  [[nodiscard]] bool swallowed(std::uint8_t opcode, ConstBytes out) const;
  [[nodiscard]] std::uint32_t configuration(PciAddress at, std::uint8_t dword) const;
  void mailbox_command();

  AmdSettings settings_;
  NorModel& chip_;
  VirtualClock& clock_;
  std::array<std::uint8_t, 256> registers_{};
  std::array<std::uint32_t, 4> protects_{};
  std::array<std::uint8_t, 8> fifo_{};
  unsigned pointer_ = 0;
  std::optional<Nanoseconds> busy_until_;
  std::uint8_t power_index_ = 0;
  bool configuring_ = false, imc_sleeps_ = false, disturbed_ = false;
  std::uint8_t super_io_index_ = 0, super_io_device_ = 0, mailbox_index_ = 0;
  std::array<std::uint8_t, 256> mailbox_{};
  AmdCounts counts_;
};

}  // namespace romwright::flash
