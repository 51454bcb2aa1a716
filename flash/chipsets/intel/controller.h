// SPDX-License-Identifier: GPL-2.0-or-later
// An Intel SPI controller below either way of driving it: its registers, and who may write what.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/bus/access.h"
#include "flash/chipsets/intel/bios_control.h"
#include "flash/chipsets/intel/chipset.h"
#include "flash/chipsets/intel/layout.h"
#include "flash/chipsets/intel/permissions.h"

namespace romwright::flash::intel {

/// Why a cycle did not come to its good end.
enum class CycleEnd : std::uint8_t { done, error, denied, timeout };

class Controller {
 public:
  /// Maps the registers, and reads what they tell; nothing is written, and on an ICH7 that is not
  /// strapped to SPI the controller is not even read. Throws NoDeviceError.
  Controller(Machine& machine, Chipset chipset);
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;
  /// Restores, as far as the registers still take it, if close() has not.
  ~Controller();

  [[nodiscard]] const Chipset& chipset() const noexcept { return chipset_; }
  [[nodiscard]] const Generation& generation() const { return chipset_.generation(); }
  [[nodiscard]] const Layout& layout() const noexcept { return layout_; }
  [[nodiscard]] const Straps& straps() const noexcept { return blocks_.straps; }
  /// The block that the SPI registers lie in.
  [[nodiscard]] Registers& block() noexcept { return *blocks_.registers; }
  [[nodiscard]] Clock& clock() noexcept { return machine_.clock; }

  [[nodiscard]] std::uint8_t read8(std::uint32_t offset) {
    return blocks_.registers->read8(blocks_.spi + offset);
  }
  [[nodiscard]] std::uint16_t read16(std::uint32_t offset) {
    return blocks_.registers->read16(blocks_.spi + offset);
  }
  [[nodiscard]] std::uint32_t read32(std::uint32_t offset) {
    return blocks_.registers->read32(blocks_.spi + offset);
  }
  void write8(std::uint32_t offset, std::uint8_t value) {
    blocks_.registers->write8(blocks_.spi + offset, value);
  }
  void write16(std::uint32_t offset, std::uint16_t value) {
    blocks_.registers->write16(blocks_.spi + offset, value);
  }
  void write32(std::uint32_t offset, std::uint32_t value) {
    blocks_.registers->write32(blocks_.spi + offset, value);
  }

  /// Clears bits of HSFS, by writing ones.
  void clear_status(std::uint16_t bits);
  /// Data of a cycle, at most 64 bytes, to and from the data registers.
  void put_data(ConstBytes data);
  void get_data(Bytes into);

  /// FLOCKDN: opcodes, protected ranges and BBAR stay as they are until reset.
  [[nodiscard]] bool locked() const noexcept { return locked_; }
  /// The chip has a flash descriptor, and the controller goes by it.
  [[nodiscard]] bool has_descriptor() const noexcept { return descriptor_; }
  /// A dword of the descriptor, by section (0 map, 1 components, 2 regions, 3 masters) and index.
  std::uint32_t descriptor_word(unsigned section, unsigned index);
  /// Sizes of the chips, as the descriptor says; none where it cannot be read.
  std::vector<std::uint64_t> components();
  [[nodiscard]] const Permissions& permissions() const noexcept { return permissions_; }

  /// How a region that no register tells about is tried: 64 bytes are read at an offset.
  void set_test_read(std::function<bool(std::uint64_t offset)> test) { test_ = std::move(test); }
  Access access(Range range);
  /// From now on BIOS_CNTL is read, and not asked for leave to write.
  void look_only() noexcept { looks_only_ = true; }
  [[nodiscard]] BiosControl::State bios_lock() const { return bios_control_.state(); }
  /// What BIOS_CNTL locks: the BIOS regions of the descriptor, or everything without one.
  [[nodiscard]] std::vector<Range> bios_ranges() const;
  /// BBAR that does not let itself be cleared: below it nothing is reached; 0 for none.
  [[nodiscard]] std::uint64_t hidden_below() const noexcept { return hidden_below_; }
  /// Asks BIOS_CNTL for leave to write, and reads back whether it was given.
  std::vector<Protection> protections();
  /// Just before the first erase: looks at BIOS_CNTL again, and lifts what protected ranges of
  /// `ranges` can be lifted. Throws ProtectedError, nothing being changed.
  void before_writing(std::span<const Range> ranges);
  /// Lifts what protected ranges of `range` can be lifted, until close(). Throws ProtectedError.
  void lift(Range range);
  /// BIOS_CNTL, protected ranges and BBAR as they were found.
  void close();

  /// Reads `status` until a bit of `ends` is set; nothing when `deadline` passes before.
  std::optional<std::uint32_t> wait(const std::function<std::uint32_t()>& status,
                                    std::uint32_t ends, std::chrono::nanoseconds deadline);
  /// The error of a cycle that timed out: NoDeviceError while none has ever succeeded.
  [[noreturn]] void timed_out(const std::string& what, std::uint32_t status);
  /// Whether firmware has taken the leave to write back in the middle, and gives it again.
  [[nodiscard]] bool allowed_again();
  /// The error of an erase or program that was denied, and so did nothing: ProtectedError for
  /// `range` unless one before it has `changed` the chip.
  [[noreturn]] void write_denied(Range range, const std::string& line, bool changed);
  void answered() noexcept { answered_ = true; }

 private:
  void clear_bbar();

  Machine& machine_;
  Chipset chipset_;
  const Layout& layout_;
  Blocks blocks_;
  BiosControl bios_control_;
  bool locked_ = false, descriptor_ = false, answered_ = false, looks_only_ = false;
  Permissions permissions_;
  std::function<bool(std::uint64_t)> test_;
  std::optional<std::uint32_t> bbar_before_;
  std::uint64_t hidden_below_ = 0;  ///< BBAR that does not let itself be cleared
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lifted_;  ///< PR registers, as they were
};

}  // namespace romwright::flash::intel
