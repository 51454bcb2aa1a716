// SPDX-License-Identifier: GPL-2.0-or-later
// serprog-server CHIP IMAGE: a simulated chip behind a serprog device, on a loopback TCP port that
// the kernel chooses. Prints the port, then serves one connection after another until it is killed.
#include <array>
#include <chrono>
#include <cstdio>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chips/table.h"
#include "flash/host/mapped_file.h"
#include "flash/sim/serprog_model.h"

namespace romwright::flash {
namespace {

/// The chip's time runs so many times faster than the host's: nobody waits for a simulated erase.
constexpr int haste = 1000;

class Server {
 public:
  Server(const Chip& chip, const char* image)
      : content_(image, chip.size, 0xff),
        model_(chip, content_.bytes(), clock_),
        device_(model_, clock_) {}

  void serve(int connection) {
    std::array<std::uint8_t, 65536> bytes{};
    auto last = std::chrono::steady_clock::now();
    for (;;) {
      const ssize_t size = ::read(connection, bytes.data(), bytes.size());
      if (size <= 0) return;
      const auto now = std::chrono::steady_clock::now();
      clock_.advance((now - last) * haste);
      last = now;
      device_.receive(ConstBytes(bytes).first(static_cast<std::size_t>(size)));
      if (!send_all(connection, device_.take_answer())) return;
    }
  }

 private:
  static bool send_all(int connection, ConstBytes bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }

  MappedFile content_;
  VirtualClock clock_;
  NorModel model_;
  SerprogModel device_;
};

int listen_on_loopback() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, generic, size) != 0 || ::listen(listener, 4) != 0 ||
      ::getsockname(listener, generic, &size) != 0)
    throw NoDeviceError("no loopback port to listen on");
  fmt::print("{}\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

int run(const char* name, const char* image) {
  const auto chips = find_chips(name);
  if (chips.empty()) throw UsageError(fmt::format("unknown chip '{}'", name));
  Server server(*chips.front(), image);
  const int listener = listen_on_loopback();
  for (;;) {
    const int connection = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return 1;
    const int now = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    server.serve(connection);
    ::close(connection);
  }
}

}  // namespace
}  // namespace romwright::flash

int main(int count, char** arguments) {
  if (count != 3) {
    fmt::print(stderr, "usage: serprog-server CHIP IMAGE\n");
    return 2;
  }
  try {
    return romwright::flash::run(arguments[1], arguments[2]);
  } catch (const romwright::Error& error) {
    fmt::print(stderr, "serprog-server: {}\n", error.line());
    return 1;
  }
}
