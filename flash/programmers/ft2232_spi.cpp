// SPDX-License-Identifier: GPL-2.0-or-later
// ft2232_spi: boards with an FTDI chip whose MPSSE drives the SPI bus.
#include <cctype>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/nearest.h"
#include "flash/bus/programmer.h"
#include "flash/host/ftdi_device.h"
#include "flash/host/ftdi_link.h"
#include "flash/wires/mpsse/ftdi_boards.h"
#include "flash/wires/mpsse/mpsse_bus.h"
#include "flash/wires/parameter_values.h"

namespace romwright::flash {
namespace {

constexpr std::uint32_t fast_base = 60'000'000;
constexpr std::uint32_t slow_base = 12'000'000;
constexpr std::uint32_t largest_divisor = 131072;
constexpr int driven_millivolts = 3300;
constexpr unsigned mpsse_channels = 2;  // even of the chips that have four

const FtdiBoard& board_of(const Parameters& parameters) {
  const auto type = parameters.get("type");
  if (!type) return ftdi_boards().front();
  if (const FtdiBoard* board = find_ftdi_board(*type)) return *board;
  std::vector<std::string_view> types;
  for (const FtdiBoard& board : ftdi_boards()) types.push_back(board.type);
  const std::string close = nearest(*type, types);
  refuse_parameter(parameters, "type",
                   close.empty() ? fmt::format("known: {}", fmt::join(types, ", "))
                                 : fmt::format("did you mean '{}'?", close));
}

/// 0 is A.
unsigned channel_of(const Parameters& parameters, const FtdiBoard& board) {
  const std::string port = parameters.get("port").value_or("A");
  const char last = static_cast<char>('A' + board.channels - 1);
  const char letter =
      port.size() == 1 ? static_cast<char>(std::toupper(static_cast<unsigned char>(port[0]))) : '?';
  if (letter < 'A' || letter > last)
    refuse_parameter(parameters, "port",
                     board.channels == 1
                         ? fmt::format("{} has the channel A only", board.name)
                         : fmt::format("{} has the channels A to {}", board.name, last));
  const auto channel = static_cast<unsigned>(letter - 'A');
  if (channel >= mpsse_channels)
    refuse_parameter(parameters, "port",
                     fmt::format("this channel of {} has no MPSSE: choose A or B", board.name));
  return channel;
}

/// The board's divisor, or what divisor= or spispeed= ask for.
std::uint32_t divisor_of(const Parameters& parameters, const FtdiBoard& board,
                         std::uint32_t base_hz) {
  const auto divisor = number_parameter(parameters, "divisor", largest_divisor);
  const auto speed = clock_parameter(parameters, "spispeed", 1);
  if (divisor && speed)
    refuse_parameter(parameters, "spispeed",
                     "the clock is set by divisor= or by spispeed=, not by both");
  if (speed) return mpsse_divisor(base_hz, *speed);
  if (!divisor) return board.divisor;
  if (*divisor < 2 || *divisor % 2 != 0)
    refuse_parameter(parameters, "divisor", "an even number from 2 to 131072");
  return static_cast<std::uint32_t>(*divisor);
}

class FtdiProgrammer final : public Programmer {
 public:
  FtdiProgrammer(const FtdiBoard& board, const FtdiSelection& selection,
                 const Parameters& parameters, const MpssePins& pins)
      : board_(board),
        channel_(selection.channel),
        millivolts_(voltage_parameter(parameters)),
        device_(selection),
        link_(prepare()) {
    if (!millivolts_ && board.bare) millivolts_ = driven_millivolts;
    const bool fast = device_.chip().high_speed || board.high_speed;
    MpsseWire wire{.pins = pins, .base_hz = fast ? fast_base : slow_base, .idle_clocks = fast};
    wire.divisor = divisor_of(parameters, board, wire.base_hz);
    bus_.emplace(link_, clock_, wire, board.high_pins);
  }

  ~FtdiProgrammer() override {
    try {
      close();
    } catch (const Error&) {
      // The device does not answer any more: its pins stay as they are.
      released_ = true;
    }
  }

  [[nodiscard]] std::string description() const override {
    std::string text = fmt::format("{} on USB {}", board_.name, device_.bus());
    if (!device_.serial().empty()) text += fmt::format(", serial {}", device_.serial());
    return fmt::format("{}, channel {}, {:g} MHz", text, static_cast<char>('A' + channel_),
                       static_cast<double>(bus_->limits().clock_hz) / 1e6);
  }
  [[nodiscard]] SpiBus* spi() noexcept override { return &*bus_; }
  [[nodiscard]] std::optional<int> millivolts() const noexcept override { return millivolts_; }
  void close() override {
    if (!std::exchange(released_, true)) bus_->release();
  }

 private:
  FtdiDevice& prepare() {
    const FtdiChip& chip = device_.chip();
    if (!chip.name.empty() && channel_ >= chip.mpsse_channels)
      throw NoDeviceError(fmt::format("channel {} of the {} has no MPSSE",
                                      static_cast<char>('A' + channel_), chip.name),
                          chip.mpsse_channels == 0 ? "this chip cannot drive a SPI bus"
                                                   : "choose port=A or port=B");
    device_.start_mpsse();
    return device_;
  }

  const FtdiBoard& board_;
  unsigned channel_;
  std::optional<int> millivolts_;
  SystemClock clock_;
  FtdiDevice device_;
  FtdiLink link_;
  std::optional<MpsseBus> bus_;
  bool released_ = false;
};

std::unique_ptr<Programmer> open(const Parameters& parameters) {
  const FtdiBoard& board = board_of(parameters);
  const FtdiSelection selection{.vendor = board.vendor,
                                .product = board.product,
                                .model = board.name,
                                .channel = channel_of(parameters, board),
                                .choice = {.serial = parameters.get("serial"),
                                           .bus = parameters.get("bus"),
                                           .description = parameters.get("description")}};
  // What does not parse is refused before a device is touched.
  const MpssePins pins = with_gpiols(board, parameters).pins();
  divisor_of(parameters, board, fast_base);
  voltage_parameter(parameters);
  return std::make_unique<FtdiProgrammer>(board, selection, parameters, pins);
}

constexpr std::string_view gpiol_values = "H|L|C";
constexpr ParameterHelp parameters[] = {
    {"type", "TYPE", "the board, 2232H by default; see docs/programmers/ft2232_spi.md"},
    {"port", "A|B|C|D", "the channel, A by default"},
    {"divisor", "N",
     "even, 2 (default) to 131072: the clock is 60 MHz / N, 12 MHz / N on FT2232C/D"},
    {"spispeed", "HZ", "the clock instead of a divisor, such as 15M"},
    {"serial", "SERIAL", "the device with this serial number"},
    {"description", "TEXT", "the device with this product string"},
    {"bus", "BUS:ADDRESS", "the device at this place, as lsusb numbers it"},
    {"voltage", "1.8|3.3",
     "what is on the chip's pins; 3.3 by default on boards without level shifters"},
    {"csgpiol", "0..3", "this GPIOL is a chip select too"},
    {gpiol_keys[0], gpiol_values, "drive GPIOL0 high, low, or as another chip select"},
    {gpiol_keys[1], gpiol_values, "the same for GPIOL1"},
    {gpiol_keys[2], gpiol_values, "the same for GPIOL2"},
    {gpiol_keys[3], gpiol_values, "the same for GPIOL3"},
};

std::span<const UsbDeviceId> usb_devices() {
  static const std::vector<UsbDeviceId> ids = [] {
    std::vector<UsbDeviceId> list;
    for (const FtdiBoard& board : ftdi_boards())
      list.push_back({board.vendor, board.product, board.name});
    return list;
  }();
  return ids;
}

}  // namespace

extern const ProgrammerEntry programmer_ft2232_spi{
    "ft2232_spi", "FTDI's FT2232H, FT4232H, FT232H and boards with them", parameters, open,
    usb_devices()};

}  // namespace romwright::flash
