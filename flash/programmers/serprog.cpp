// SPDX-License-Identifier: GPL-2.0-or-later
// serprog: any device that speaks the serprog protocol, on a serial port or on the network.
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/bus/programmer.h"
#include "flash/host/serial_port.h"
#include "flash/host/tcp_stream.h"
#include "flash/wires/parameter_values.h"
#include "flash/wires/serprog/serprog_bus.h"

namespace romwright::flash {
namespace {

/// What most boards and short wires carry; it is proved before it is used.
constexpr std::uint32_t default_clock = 24'000'000;

[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view hint) {
  throw UsageError(fmt::format("{}={} is not possible", key, value), std::string(hint));
}

/// PATH[:BAUD]
std::unique_ptr<ByteStream> open_port(const std::string& device) {
  constexpr std::string_view hint = "dev=/dev/ttyACM0 or dev=/dev/ttyUSB0:115200";
  const auto colon = device.rfind(':');
  const std::string path = device.substr(0, colon);
  if (path.empty()) refuse("dev", device, hint);
  if (colon == std::string::npos) return open_serial_port(path, std::nullopt);
  std::uint32_t baud = 0;
  const char* const end = device.data() + device.size();
  const auto [at, error] = std::from_chars(device.data() + colon + 1, end, baud);
  if (error != std::errc{} || at != end || baud == 0) refuse("dev", device, hint);
  return open_serial_port(path, baud);
}

/// HOST:PORT; an IPv6 address stands in brackets.
std::unique_ptr<ByteStream> connect(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == address.size())
    refuse("ip", address, "ip=HOST:PORT");
  std::string host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return connect_tcp(host, address.substr(colon + 1));
}

std::unique_ptr<ByteStream> open_link(const Parameters& parameters) {
  const auto device = parameters.get("dev");
  const auto address = parameters.get("ip");
  if (device && address) throw UsageError("dev= and ip= are given", "one of them");
  if (device) return open_port(*device);
  if (address) return connect(*address);
  throw UsageError("no device given", "serprog:dev=/dev/ttyACM0 or serprog:ip=HOST:PORT");
}

/// What was asked for, read before a device is touched.
struct Settings {
  explicit Settings(const Parameters& parameters)
      : clock_hz(clock_parameter(parameters, "spispeed", 1).value_or(default_clock)),
        millivolts(voltage_parameter(parameters)) {
    if (const auto line = number_parameter(parameters, "cs", 0xff))
      chip_select = static_cast<std::uint8_t>(*line);
  }
  std::uint32_t clock_hz;
  std::optional<int> millivolts;
  std::optional<std::uint8_t> chip_select;
};

class SerprogProgrammer final : public Programmer {
 public:
  SerprogProgrammer(const Settings& settings, std::unique_ptr<ByteStream> link)
      : millivolts_(settings.millivolts),
        link_(std::move(link)),
        conversation_(*link_, clock_),
        bus_(conversation_, negotiate(conversation_, settings.chip_select)) {
    bus_.set_clock_hz(settings.clock_hz);
  }

  [[nodiscard]] std::string description() const override {
    const std::uint32_t hz = bus_.limits().clock_hz;
    const std::string name = bus_.device().name.empty() ? "device" : bus_.device().name;
    return fmt::format("{} on {}, {}", name, link_->name(),
                       hz == 0 ? "its SPI clock is fixed"
                               : fmt::format("{:g} MHz", static_cast<double>(hz) / 1e6));
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return &bus_; }
  [[nodiscard]] std::optional<int> millivolts() const noexcept override { return millivolts_; }
  void close() override { bus_.release(); }

 private:
  std::optional<int> millivolts_;
  SystemClock clock_;
  std::unique_ptr<ByteStream> link_;
  SerprogConversation conversation_;
  SerprogBus bus_;
};

constexpr ParameterHelp parameters[] = {
    {"dev", "PATH[:BAUD]", "the serial port, and its speed where it has one"},
    {"ip", "HOST:PORT", "the network address instead"},
    {"spispeed", "HZ", "the SPI clock, such as 16M; 24M by default, where it can be set"},
    {"cs", "N", "the chip-select line, where there are several"},
    {"voltage", "1.8|3.3", "what the device puts on the chip's pins, where you know it"},
};

}  // namespace

extern const ProgrammerEntry programmer_serprog{
    "serprog", "any serprog device, on a serial port or the network", parameters,
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      const Settings settings(given);
      return std::make_unique<SerprogProgrammer>(settings, open_link(given));
    }};

}  // namespace romwright::flash
