// SPDX-License-Identifier: GPL-2.0-or-later
// ch341a_spi: the many boards with WCH's CH341A.
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/ch34x/ch341a.h"
#include "flash/wires/ch34x/ch34x_bus.h"
#include "flash/wires/ch34x/ch34x_devices.h"
#include "flash/wires/parameter_values.h"

namespace romwright::flash {
namespace {

constexpr int least_millivolts = 3300;

constexpr std::array<ParameterHelp, 3> parameters{{
    {"serial", "TEXT", "the device with this serial number, of several"},
    {"bus", "BUS:ADDRESS", "the device in this place, as lsusb prints it, such as 3:7"},
    {"voltage", "1.8|3.3", "what is on the chip's pins, measured or by an adapter"},
}};

constexpr std::array<UsbDeviceId, 1> usb_devices{{{0x1a86, 0x5512, "CH341A"}}};

class Ch341aSpi final : public Programmer {
 public:
  explicit Ch341aSpi(const Parameters& given)
      : millivolts_(voltage_parameter(given)),
        device_(ch341a_kinds, usb_choice(given)),
        pipe_(device_, ch341a_shape),
        bus_(pipe_, clock_, std::make_unique<Ch341aProtocol>()) {}

  [[nodiscard]] std::string description() const override {
    return fmt::format("{}{}, its clock fixed", device_.name(),
                       device_.serial().empty() ? "" : ", serial " + device_.serial());
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return &bus_; }
  /// Without an adapter at least 3.3 V, which a 1.8 V chip does not survive.
  [[nodiscard]] std::optional<int> millivolts() const noexcept override {
    return millivolts_.value_or(least_millivolts);
  }
  [[nodiscard]] std::vector<std::string> warnings() const override {
    if (millivolts_) return {};
    return {
        "many CH341A boards put 5 V on the pins of a 3.3 V chip: measure it, and say voltage=3.3 "
        "once it is"};
  }
  void close() override { bus_.release(); }

 private:
  std::optional<int> millivolts_;
  SystemClock clock_;
  UsbDevice device_;
  UsbPipe pipe_;
  Ch34xBus bus_;
};

}  // namespace

extern const ProgrammerEntry programmer_ch341a_spi{
    "ch341a_spi", "boards with WCH's CH341A (fixed clock; check the voltage)", parameters,
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      return std::make_unique<Ch341aSpi>(given);
    },
    usb_devices};

}  // namespace romwright::flash
