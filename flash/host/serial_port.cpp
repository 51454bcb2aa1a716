// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/serial_port.h"

// The kernel's own definitions, which know any speed; <termios.h> does not, and excludes them.
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <utility>
#include <vector>

#include <asm/termbits.h>
#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/host/descriptor_stream.h"
#include "flash/host/device_file.h"

namespace romwright::flash {
namespace {

/// Half of what the kernel's line discipline keeps.
constexpr std::size_t kept_in_terminal = 2U << 10;
constexpr std::uint32_t speed_tolerance = 25;  // a 25th: 4 %, what receivers bear

/// Serial ports that are there, for the hint.
std::vector<std::string> serial_ports() {
  std::vector<std::string> ports;
  for (const std::string& name : machine_kernel().names("/dev"))
    if (name.starts_with("ttyACM") || name.starts_with("ttyUSB")) ports.push_back("/dev/" + name);
  return ports;
}

class SerialPort final : public DescriptorStream {
 public:
  SerialPort(Descriptor port, const std::string& path, const termios2& before)
      : DescriptorStream(std::move(port), path, kept_in_terminal), before_(before) {}
  ~SerialPort() override {
    ::ioctl(descriptor(), TCSETS2, &before_);
    ::ioctl(descriptor(), TIOCNXCL);
  }

  [[nodiscard]] int number() const noexcept { return descriptor(); }
  void heed_flow_control() override {
    // Without its line, RTS/CTS would stop everything; USB and pseudo-terminals have none.
    int lines = 0;
    if (::ioctl(descriptor(), TIOCMGET, &lines) != 0 || (lines & TIOCM_CTS) == 0) return;
    termios2 settings{};
    if (::ioctl(descriptor(), TCGETS2, &settings) != 0) return;
    settings.c_cflag |= CRTSCTS;
    ::ioctl(descriptor(), TCSETS2, &settings);
  }

 private:
  termios2 before_;
};

termios2 raw(termios2 settings, std::optional<std::uint32_t> baud) {
  settings.c_iflag = IGNBRK;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | CSTOPB | CRTSCTS);
  settings.c_cflag |= CS8 | CREAD | CLOCAL;
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  if (baud) {
    settings.c_cflag &= ~static_cast<tcflag_t>(CBAUD | CBAUD << IBSHIFT);
    settings.c_cflag |= BOTHER | BOTHER << IBSHIFT;
    settings.c_ispeed = settings.c_ospeed = *baud;
  }
  return settings;
}

}  // namespace

std::unique_ptr<ByteStream> open_serial_port(const std::string& path,
                                             std::optional<std::uint32_t> baud) {
  Descriptor port(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (port.number() < 0) throw_not_opened(path, errno, "dialout", serial_ports());
  termios2 before{};
  if (::ioctl(port.number(), TCGETS2, &before) != 0)
    throw NoDeviceError(fmt::format("{}: this is no serial port", path));
  if (::flock(port.number(), LOCK_EX | LOCK_NB) != 0) throw_not_opened(path, EBUSY, "", {});
  ::ioctl(port.number(), TIOCEXCL);
  auto stream = std::make_unique<SerialPort>(std::move(port), path, before);
  const int number = stream->number();
  termios2 settings = raw(before, baud);
  if (::ioctl(number, TCSETS2, &settings) != 0)
    throw NoDeviceError(fmt::format("{}: cannot be set up: {}", path, error_text(errno)));
  ::ioctl(number, TCGETS2, &settings);
  if (baud && (settings.c_ospeed > *baud + *baud / speed_tolerance ||
               settings.c_ospeed < *baud - *baud / speed_tolerance))
    throw UsageError(fmt::format("{}: no speed of {} baud", path, *baud),
                     fmt::format("the nearest is {}", settings.c_ospeed));
  ::ioctl(number, TCFLSH, TCIOFLUSH);
  return stream;
}

}  // namespace romwright::flash
