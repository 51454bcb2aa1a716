// SPDX-License-Identifier: GPL-2.0-or-later
// Sockets and serial ports as byte streams, against the kernel's own.
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asm/termbits.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/host/serial_port.h"
#include "flash/host/tcp_stream.h"
#include "tests/support/fixtures.h"

namespace romwright::flash {
namespace {

using namespace std::chrono_literals;

template <typename E, typename Body>
std::string line_of(Body&& body) {
  try {
    body();
  } catch (const E& error) {
    return error.line();
  }
  return "no error";
}

Buffer read_all(ByteStream& stream, std::size_t size) {
  Buffer bytes(size);
  std::size_t at = 0;
  for (int i = 0; at < size && i < 100; ++i) {
    at += stream.read_some(Bytes(bytes).subspan(at));
    if (at < size) stream.wait(false, 50ms);
  }
  bytes.resize(at);
  return bytes;
}

class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, generic, size), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
    EXPECT_EQ(::getsockname(socket_, generic, &size), 0);
    port = std::to_string(ntohs(address.sin_port));
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { close(); }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  [[nodiscard]] int accept() const { return ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC); }
  std::string port;

 private:
  int socket_;
};

TEST(TcpStream, CarriesBytesBothWaysAndNoticesTheEnd) {
  const Listener listener;
  const auto stream = connect_tcp("127.0.0.1", listener.port);
  const int other = listener.accept();
  EXPECT_EQ(stream->name(), "127.0.0.1:" + listener.port);
  std::uint8_t byte = 0;
  EXPECT_EQ(stream->read_some({&byte, 1}), 0U);
  EXPECT_FALSE(stream->wait(false, 1ms));
  EXPECT_EQ(stream->write_some(Buffer{1, 2, 3}), 3U);
  Buffer seen(3);
  EXPECT_EQ(::read(other, seen.data(), 3), 3);
  EXPECT_EQ(seen, (Buffer{1, 2, 3}));
  EXPECT_EQ(::write(other, seen.data(), 2), 2);
  EXPECT_TRUE(stream->wait(false, 5s));
  EXPECT_EQ(read_all(*stream, 2), (Buffer{1, 2}));
  ::close(other);
  EXPECT_TRUE(stream->wait(false, 5s));
  EXPECT_EQ(line_of<DeviceError>([&] {
              stream->read_some({&byte, 1});
            }),
            stream->name() + ": the other side closed it (is the device still there?)");
}

TEST(TcpStream, TakesOnlyWhatFits) {
  const Listener listener;
  const auto stream = connect_tcp("localhost", listener.port);
  const int other = listener.accept();
  const Buffer much(1U << 20, 7);
  std::size_t sent = 0;
  for (std::size_t size = 1; size > 0; sent += size) size = stream->write_some(much);
  EXPECT_GT(sent, 0U);
  EXPECT_EQ(stream->write_some(much), 0U);
  ::close(other);
}

TEST(TcpStream, SaysWhyThereIsNone) {
  Listener listener;
  listener.close();
  EXPECT_EQ(line_of<NoDeviceError>([&] { connect_tcp("127.0.0.1", listener.port); }),
            "127.0.0.1:" + listener.port +
                ": Connection refused (nothing listens there: is the programmer's server "
                "running?)");
  const std::string line = line_of<NoDeviceError>([&] { connect_tcp("::1", "no-such-port"); });
  EXPECT_TRUE(line.starts_with("[::1]:no-such-port: ")) << line;
}

/// A pseudo-terminal: what is opened as a serial port has this at its other end.
class Terminal {
 public:
  Terminal() : end_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    EXPECT_EQ(::grantpt(end_), 0);
    EXPECT_EQ(::unlockpt(end_), 0);
    path = ::ptsname(end_);
    // Kept open, or its settings go with the last user.
    kept_ = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    hang_up();
    if (kept_ >= 0) ::close(kept_);
  }
  void hang_up() {
    if (end_ >= 0) ::close(end_);
    end_ = -1;
  }
  [[nodiscard]] int end() const noexcept { return end_; }
  [[nodiscard]] termios2 settings() const {
    termios2 now{};
    EXPECT_EQ(::ioctl(kept_, TCGETS2, &now), 0);
    return now;
  }
  std::string path;

 private:
  int end_;
  int kept_ = -1;
};

TEST(SerialPort, CarriesEveryByteUnchanged) {
  const Terminal terminal;
  const auto port = open_serial_port(terminal.path, std::nullopt);
  Buffer all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(port->write_some(all), all.size());
  Buffer seen(256);
  EXPECT_EQ(::read(terminal.end(), seen.data(), seen.size()), 256);
  EXPECT_EQ(seen, all);
  EXPECT_EQ(::write(terminal.end(), all.data(), all.size()), 256);
  EXPECT_TRUE(port->wait(false, 5s));
  EXPECT_EQ(read_all(*port, 256), all);
}

TEST(SerialPort, TakesAnySpeedAndSetsTheOldOneAgain) {
  const Terminal terminal;
  const termios2 before = terminal.settings();
  for (const std::uint32_t baud : {115200U, 2'000'000U, 1'234'567U}) {
    {
      const auto port = open_serial_port(terminal.path, baud);
      EXPECT_EQ(terminal.settings().c_ospeed, baud);
      EXPECT_EQ(terminal.settings().c_ispeed, baud);
      EXPECT_EQ(terminal.settings().c_lflag, 0U);
      port->heed_flow_control();  // it has no lines, so nothing may change
      EXPECT_EQ(terminal.settings().c_cflag & CRTSCTS, 0U);
    }
    EXPECT_EQ(terminal.settings().c_ospeed, before.c_ospeed);
    EXPECT_EQ(terminal.settings().c_lflag, before.c_lflag);
  }
}

TEST(SerialPort, IsForOneAlone) {
  const Terminal terminal;
  const auto port = open_serial_port(terminal.path, std::nullopt);
  EXPECT_EQ(line_of<NoDeviceError>([&] { open_serial_port(terminal.path, std::nullopt); }),
            terminal.path + ": in use by another program (wait until it ends)");
}

TEST(SerialPort, SaysWhyThereIsNone) {
  const romwright::test::TemporaryFolder folder;
  const std::string missing = (folder / "ttyACM0").string();
  EXPECT_TRUE(line_of<NoDeviceError>([&] {
                open_serial_port(missing, std::nullopt);
              }).starts_with(missing + ": there is no such device ("));
  EXPECT_EQ(line_of<NoDeviceError>([] { open_serial_port("/dev/null", std::nullopt); }),
            "/dev/null: this is no serial port");
}

TEST(SerialPort, NoticesTheEnd) {
  Terminal terminal;
  const auto port = open_serial_port(terminal.path, std::nullopt);
  terminal.hang_up();
  EXPECT_TRUE(port->wait(false, 5s));
  std::uint8_t byte = 0;
  EXPECT_THROW(port->read_some({&byte, 1}), DeviceError);
}

}  // namespace
}  // namespace romwright::flash
