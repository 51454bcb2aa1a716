// SPDX-License-Identifier: GPL-2.0-or-later
// Intel chipsets in software, behind configuration space and registers: the SPI controller with its
// locks, over simulated chips, each register access taking its microsecond of virtual time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/clock.h"
#include "flash/host/machine.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash {

enum class PchKind : std::uint8_t { ich7, ich9, pch6, pch100, pch500 };

/// How the firmware left the chipset, and what is wrong with it.
struct PchSettings {
  PchKind kind = PchKind::pch6;
  bool boots_from_lpc = false;
  bool top_swap = false;
  bool interface_locked = false;   ///< BILD: top swap stays as it is
  bool hidden = false;             ///< the SPI function is not listed (100 series and later)
  bool locked = false;             ///< FLOCKDN
  bool override_strap = false;     ///< the masters' limits do not apply
  bool takes_writes_back = false;  ///< SMM clears BIOSWE as soon as it is set
  unsigned takes_back_later = 0;   ///< or so many accesses of configuration space afterwards
  unsigned takes_back_every = 0;   ///< or at every so many-th cycle
  bool smm_only = false;           ///< SMM_BWP, which stays
  bool denies_writes = false;      ///< for a reason that no register tells
  std::chrono::nanoseconds other_master{0};  ///< so long its cycle runs after power-on
  std::array<std::uint32_t, 6> pr{};
  std::uint32_t bbar = 0;
  std::optional<std::array<std::uint8_t, 8>> menu;  ///< of opcodes, as firmware left it
  std::uint16_t menu_types = 0;
  std::uint16_t preops = 0;
  bool memory_only = false;  ///< no controller: registers keep what is written
  bool hangs = false;        ///< no cycle ever ends
  unsigned fail_every = 0;   ///< every so many-th cycle reports an error, and does nothing
  std::uint32_t clock_hz = 20'000'000;
};

struct PchCounts {
  std::uint64_t register_accesses = 0;  ///< of the SPI block
  std::uint64_t cycles = 0, denied = 0;
};

class PchModel final : public PciBus, public PhysicalMemory {
 public:
  /// Chips (the first has the descriptor) and clock outlive the model.
  PchModel(const PchSettings& settings, std::vector<NorModel*> chips, VirtualClock& clock);

  [[nodiscard]] Machine machine() { return {*this, *this, clock_}; }
  [[nodiscard]] const PchCounts& counts() const noexcept { return counts_; }
  /// BUC.TS, as it stands: the battery keeps it.
  [[nodiscard]] bool top_swap() const noexcept { return settings_.top_swap; }
  /// BIOS_CNTL, as it stands.
  [[nodiscard]] std::uint8_t bios_control() const noexcept { return bios_control_; }
  /// How often a byte of configuration space was written.
  [[nodiscard]] std::uint64_t configuration_writes() const noexcept { return config_writes_; }
  /// What the driver did that a data sheet forbids, one line each: accesses of another width than
  /// the register's, cycles that start on top of one another or of an error, changed locks and
  /// reserved bits.
  [[nodiscard]] const std::vector<std::string>& misuse() const noexcept { return misuse_; }
  /// A SPI register, without an access being counted.
  [[nodiscard]] std::uint32_t peek(std::uint32_t offset) const;

  std::vector<PciFunction> functions() override;
  std::uint8_t read8(PciAddress at, std::uint8_t offset) override;
  std::uint16_t read16(PciAddress at, std::uint8_t offset) override;
  std::uint32_t read32(PciAddress at, std::uint8_t offset) override;
  void write8(PciAddress at, std::uint8_t offset, std::uint8_t value) override;
  void write16(PciAddress at, std::uint8_t offset, std::uint16_t value) override;
  void write32(PciAddress at, std::uint8_t offset, std::uint32_t value) override;
  std::unique_ptr<Registers> map(std::uint64_t address, std::size_t size) override;

 private:
  friend class PchRegisters;
  using Nanoseconds = std::chrono::nanoseconds;

  std::uint32_t load(std::uint32_t offset, unsigned bytes);
  void store(std::uint32_t offset, unsigned bytes, std::uint32_t value);
  void store_byte(std::uint32_t at, std::uint8_t value);
  void check_width(std::uint32_t offset, unsigned bytes);
  void check_store(std::uint32_t offset, unsigned bytes, std::uint32_t value);
  void misused(std::uint32_t offset, const char* what);
  [[nodiscard]] bool is_locked_register(std::uint32_t at) const;
  void settle();
  void set_busy(bool busy);
  void show_denied();
  void power_up();
  void begin_hardware();
  void begin_software();
  void end(bool software, Nanoseconds at, std::uint8_t bits);
  void fail(bool software, bool denied);
  [[nodiscard]] bool in_bios(Range range) const;
  [[nodiscard]] bool allowed(Range range, bool writing) const;
  [[nodiscard]] bool disturbed();
  Nanoseconds send(std::uint64_t address, ConstBytes command, Bytes in, bool waits,
                   std::uint8_t preop);
  std::uint32_t descriptor_dword(std::uint32_t offset) const;
  [[nodiscard]] std::uint8_t config(PciAddress at, std::uint8_t offset);
  void set_config(PciAddress at, std::uint8_t offset, std::uint8_t value);
  [[nodiscard]] bool pch100() const {
    return settings_.kind == PchKind::pch100 || settings_.kind == PchKind::pch500;
  }
  [[nodiscard]] std::uint32_t word(std::uint32_t offset) const;
  void set_word(std::uint32_t offset, std::uint32_t value);

  PchSettings settings_;
  std::vector<NorModel*> chips_;
  VirtualClock& clock_;
  std::uint32_t swseq_, control_, preop_, optype_, opmenu_, pr_, fdoc_, fdod_;
  std::uint32_t data_;
  std::uint64_t size_ = 0;
  std::array<std::uint8_t, 0x200> registers_{};
  std::uint8_t bios_control_ = 0;
  unsigned until_taken_back_ = 0;
  std::uint64_t config_writes_ = 0;
  std::uint32_t master_reads_ = 0, master_writes_ = 0;
  struct Pending {
    Nanoseconds at;
    bool software;
    std::uint8_t bits;
  };
  std::optional<Pending> pending_;
  PchCounts counts_;
  std::vector<std::string> misuse_;
};

}  // namespace romwright::flash
