// SPDX-License-Identifier: GPL-2.0-or-later
// ch347_spi: boards with WCH's CH347, the fast successor of the CH341A.
#include <array>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/ch34x/ch347.h"
#include "flash/wires/ch34x/ch34x_bus.h"
#include "flash/wires/ch34x/ch34x_devices.h"
#include "flash/wires/parameter_values.h"

namespace romwright::flash {
namespace {

constexpr int driven_millivolts = 3300;

constexpr std::array<ParameterHelp, 4> parameters{{
    {"spispeed", "KHZ", "the wire's clock in kHz, or such as 30M; 7.5M by default, at most 60M"},
    {"serial", "TEXT", "the device with this serial number, of several"},
    {"bus", "BUS:ADDRESS", "the device in this place, as lsusb prints it, such as 3:7"},
    {"voltage", "1.8|3.3", "what an adapter puts on the chip's pins; 3.3 by default"},
}};

constexpr std::array<UsbDeviceId, 2> usb_devices{
    {{0x1a86, 0x55db, "CH347T"}, {0x1a86, 0x55de, "CH347F"}}};

class Ch347Spi final : public Programmer {
 public:
  explicit Ch347Spi(const Parameters& given)
      : millivolts_(voltage_parameter(given).value_or(driven_millivolts)),
        clock_hz_(clock_parameter(given, "spispeed", 1000).value_or(ch347_default_hz)),
        device_(ch347_kinds, usb_choice(given)),
        pipe_(device_, ch347_shape),
        bus_(pipe_, clock_, std::make_unique<Ch347Protocol>(clock_hz_)) {}

  [[nodiscard]] std::string description() const override {
    return fmt::format("{}{} at {} MHz", device_.name(),
                       device_.serial().empty() ? "" : ", serial " + device_.serial(),
                       static_cast<double>(bus_.limits().clock_hz) / 1e6);
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return &bus_; }
  [[nodiscard]] std::optional<int> millivolts() const noexcept override { return millivolts_; }
  void close() override { bus_.release(); }

 private:
  int millivolts_;
  std::uint32_t clock_hz_;
  SystemClock clock_;
  UsbDevice device_;
  UsbPipe pipe_;
  Ch34xBus bus_;
};

}  // namespace

extern const ProgrammerEntry programmer_ch347_spi{
    "ch347_spi", "boards with WCH's CH347", parameters,
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      return std::make_unique<Ch347Spi>(given);
    },
    usb_devices};

}  // namespace romwright::flash
