// SPDX-License-Identifier: GPL-2.0-or-later
// What a programmer is: a name, its parameters, and how it is opened. One file each in
// flash/programmers, which defines `programmer_<file>`; the build collects them in a table.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/clock.h"
#include "flash/base/finding.h"
#include "flash/base/table.h"
#include "flash/bus/flash.h"
#include "flash/bus/spi_bus.h"
#include "flash/bus/top_swap.h"

namespace romwright::flash {

/// One KEY=VALUE that a programmer takes.
struct ParameterHelp {
  std::string_view name;
  std::string_view values;  ///< "HOST:PORT", "A|B", ...
  std::string_view help;
};

/// The parameters as given, `-p NAME:KEY=VALUE,...`; keys are unique.
class Parameters {
 public:
  explicit Parameters(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  [[nodiscard]] std::optional<std::string> get(std::string_view key) const;
  [[nodiscard]] const std::map<std::string, std::string>& all() const noexcept { return values_; }

 private:
  std::map<std::string, std::string> values_;
};

/// An opened programmer. It offers a bus to a SPI chip, or a finished Flash (a controller that
/// hides its chip, a kernel device), never both.
class Programmer {
 public:
  Programmer() = default;
  Programmer(const Programmer&) = delete;
  Programmer& operator=(const Programmer&) = delete;
  virtual ~Programmer() = default;
  /// One line: device, serial number, clock.
  [[nodiscard]] virtual std::string description() const = 0;
  [[nodiscard]] virtual SpiBus* spi() noexcept { return nullptr; }
  [[nodiscard]] virtual Flash* flash() noexcept { return nullptr; }
  /// What time goes by for its Flash, where that is not the machine's: a simulation's.
  [[nodiscard]] virtual Clock* clock() noexcept { return nullptr; }
  /// The millivolts that it puts on the chip's pins; absent where they are not its own.
  [[nodiscard]] virtual std::optional<int> millivolts() const noexcept { return std::nullopt; }
  /// What the user must know of this programmer before a chip is touched, one line each.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }
  /// The machine's own, where the programmer is of the machine and its chipset has one.
  [[nodiscard]] virtual TopSwap* top_swap() noexcept { return nullptr; }
  /// From now on nothing is tried that only a write needs: `protections()` of its bus or Flash
  /// tells what can be read. For examinations, right after opening.
  virtual void look_only() {}
  /// What stands between this programmer and a write, as `doctor` shows it. Changes nothing.
  [[nodiscard]] virtual std::vector<Finding> findings() { return {}; }
  /// True for the embedded simulation: its results say SIMULATED, its times are virtual.
  [[nodiscard]] virtual bool simulated() const noexcept { return false; }
  /// Writes back whatever must outlive the process; called once, before destruction.
  virtual void close() {}
};

/// A USB device that a programmer drives: what its udev rule names.
struct UsbDeviceId {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string_view name;
};

struct ProgrammerEntry {
  std::string_view name;   ///< as in `-p NAME`
  std::string_view title;  ///< one line for `programmers`
  std::span<const ParameterHelp> parameters;
  /// Throws UsageError for a value that does not parse, NoDeviceError where nothing is found.
  std::unique_ptr<Programmer> (*open)(const Parameters& parameters);
  std::span<const UsbDeviceId> usb_devices = {};
  /// What can be told before anything is opened: the machine's chipset. Changes nothing; what
  /// fails is a finding.
  std::vector<Finding> (*look)() = nullptr;
};

/// A `-p` argument: the entry and its parameters.
struct ProgrammerChoice {
  const ProgrammerEntry* entry = nullptr;
  Parameters parameters;
};

/// Parses `NAME[:KEY=VALUE,...]` against `table`. Throws UsageError with the nearest name for an
/// unknown programmer or key, and for a key given twice.
ProgrammerChoice parse_programmer(std::string_view text, Table<ProgrammerEntry> table);

}  // namespace romwright::flash
