// SPDX-License-Identifier: GPL-2.0-or-later
// An AMD SPI controller, as a bus: commands one after the other, each within its deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/bus/spi_bus.h"
#include "flash/chipsets/amd/chipset.h"
#include "flash/chipsets/amd/imc.h"
#include "flash/chipsets/amd/rom_protect.h"

namespace romwright::flash::amd {

class Controller : public SpiBus {
 public:
  /// Maps the registers, and reads what they tell. Throws NoDeviceError where there is no
  /// controller, or the firmware has closed it. The machine outlives it.
  static std::unique_ptr<Controller> open(Machine& machine, const Chipset& chipset);
  /// Restores, if close() has not.
  ~Controller() override;

  [[nodiscard]] SpiLimits limits() const noexcept override;
  [[nodiscard]] Clock& clock() noexcept override { return machine_.clock; }
  /// Chooses among the clocks of the chipset.
  std::uint32_t set_clock_hz(std::uint32_t hz) override;
  void chip_found(std::uint64_t size) override { chip_size_ = size; }
  [[nodiscard]] Access access(Range range) override;
  [[nodiscard]] std::vector<Protection> protections() override;
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override;

  [[nodiscard]] const Chipset& chipset() const noexcept { return chipset_; }
  [[nodiscard]] BootSource source() const noexcept { return source_; }
  [[nodiscard]] const Imc& imc() const noexcept { return imc_; }
  [[nodiscard]] const RomProtects& rom_protects() const noexcept { return protects_; }
  /// What the firmware says of the host's access; where it counts, nothing is opened without.
  [[nodiscard]] bool open_to_host() const noexcept { return open_to_host_; }
  /// The chip select that commands go to: 0 but for boards with several chips.
  [[nodiscard]] unsigned chip_select() const noexcept { return chip_select_; }
  /// From now on the IMC is not stopped, and no ROM protect register tried.
  void look_only() noexcept { looks_only_ = true; }
  /// Speed, ROM protect registers and the IMC as they were found.
  void close();

 protected:
  using Nanoseconds = std::chrono::nanoseconds;
  Controller(Machine& machine, const Chipset& chipset, std::unique_ptr<Registers> registers);

  /// One command; `out` and `in` fit the controller.
  virtual void transfer(std::uint8_t opcode, ConstBytes out, Bytes in) = 0;

  [[nodiscard]] Registers& registers() noexcept { return *registers_; }
  /// Looks until `done`; throws NoDeviceError (TimeoutError once it has answered) past the
  /// deadline.
  void wait(const std::function<bool()>& done, const std::string& what);
  void answered() noexcept { answered_ = true; }
  [[nodiscard]] bool has_answered() const noexcept { return answered_; }
  /// Waits a moment for whoever else uses the controller.
  void wait_idle();
  /// Throws where the controller has refused the command.
  void check_refused(std::uint8_t opcode);

 private:
  void command(const SpiCommand& command);
  PollResult poll(const SpiPoll& poll, Nanoseconds since);
  void before_writing(const SpiCommand& command);
  [[nodiscard]] std::uint32_t clock_now() const;
  [[nodiscard]] std::uint32_t speed_of(unsigned code) const;

  Machine& machine_;
  Chipset chipset_;
  std::unique_ptr<Registers> registers_;
  BootSource source_;
  RomProtects protects_;
  Imc imc_;
  unsigned chip_select_ = 0;
  bool open_to_host_ = true;
  std::uint64_t chip_size_ = 0;
  std::optional<std::uint16_t> speed_before_;
  std::optional<std::uint8_t> spi100_before_;
  std::uint32_t clock_hz_ = 0;
  bool answered_ = false, checked_ = false, looks_only_ = false;
  bool refusal_known_ = false;  ///< the bit that tells of refused commands was seen at 0
};

/// Eight bytes behind one port: SB600 to Bolton.
class FifoController final : public Controller {
 public:
  FifoController(Machine& machine, const Chipset& chipset, std::unique_ptr<Registers> registers);

 private:
  void transfer(std::uint8_t opcode, ConstBytes out, Bytes in) override;
  void rewind();
  [[nodiscard]] bool pointer_is(std::size_t count);
};

/// 71 bytes side by side: Yangtze and all that follow.
class IndexedController final : public Controller {
 public:
  IndexedController(Machine& machine, const Chipset& chipset, std::unique_ptr<Registers> registers);

 private:
  void transfer(std::uint8_t opcode, ConstBytes out, Bytes in) override;
};

}  // namespace romwright::flash::amd
