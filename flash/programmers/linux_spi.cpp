// SPDX-License-Identifier: GPL-2.0-or-later
// linux_spi: a SPI bus of the machine itself, such as a Raspberry Pi's, by its spidev device.
#include <array>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/parameter_values.h"
#include "flash/wires/spidev/spidev_bus.h"

namespace romwright::flash {
namespace {

constexpr std::array<ParameterHelp, 3> parameters{{
    {"dev", "/dev/spidevX.Y", "the bus and its chip-select line"},
    {"spispeed", "KHZ", "the wire's clock in kHz, or such as 16M; 2M by default"},
    {"voltage", "1.8|3.3", "what is on the chip's pins, where you know it"},
}};

std::string device_of(const Parameters& given) {
  const auto device = given.get("dev");
  if (!device || device->empty())
    throw UsageError("programmer linux_spi: no device given", "linux_spi:dev=/dev/spidev0.0");
  if (device->front() != '/')
    throw UsageError(fmt::format("programmer linux_spi: dev={} is no path", *device),
                     "such as /dev/spidev0.0");
  return *device;
}

class LinuxSpi final : public Programmer {
 public:
  explicit LinuxSpi(const Parameters& given)
      : millivolts_(voltage_parameter(given)),
        bus_(machine_kernel(), clock_, device_of(given),
             clock_parameter(given, "spispeed", 1000).value_or(spidev_default_clock)) {}

  [[nodiscard]] std::string description() const override {
    return fmt::format("{} at {} MHz, {} bytes a message", bus_.path(),
                       static_cast<double>(bus_.limits().clock_hz) / 1e6, bus_.capacity());
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return &bus_; }
  [[nodiscard]] std::optional<int> millivolts() const noexcept override { return millivolts_; }

 private:
  std::optional<int> millivolts_;
  SystemClock clock_;
  SpidevBus bus_;
};

}  // namespace

extern const ProgrammerEntry programmer_linux_spi{
    "linux_spi", "a SPI bus of this machine, by spidev", parameters,
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      return std::make_unique<LinuxSpi>(given);
    }};

}  // namespace romwright::flash
