// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/tcp_stream.h"

#include <algorithm>
#include <cerrno>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include <fmt/format.h>

#include "flash/base/clock.h"
#include "flash/base/error.h"
#include "flash/host/descriptor_stream.h"
#include "flash/host/device_file.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kept_in_socket = 32U << 10;

std::string hint_of(int error) {
  if (error == ECONNREFUSED) return "nothing listens there: is the programmer's server running?";
  if (error == ETIMEDOUT) return "is the address right, and the device on the network?";
  return "";
}

/// 0, or the errno.
int connect_until(int socket, const addrinfo& address, nanoseconds longest) {
  if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd look{.fd = socket, .events = POLLOUT, .revents = 0};
  SystemClock clock;
  const nanoseconds end = clock.now() + longest;
  for (;;) {
    const auto rest =
        std::chrono::ceil<std::chrono::milliseconds>(std::max(end - clock.now(), nanoseconds(0)));
    const int ready = ::poll(&look, 1, static_cast<int>(rest.count()));
    if (ready == 0) return ETIMEDOUT;
    if (ready > 0) break;
    if (errno != EINTR) return errno;
  }
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

std::unique_ptr<ByteStream> connect_tcp(const std::string& host, const std::string& port,
                                        nanoseconds patience) {
  std::string name = host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                                         : fmt::format("[{}]:{}", host, port);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int result = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &list); result != 0)
    throw NoDeviceError(fmt::format("{}: {}", name, ::gai_strerror(result)),
                        "HOST is a name or an address, PORT a number");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(list, ::freeaddrinfo);
  SystemClock clock;
  const nanoseconds end = clock.now() + patience;
  int error = 0;
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
    Descriptor socket(
        ::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol));
    error = socket.number() < 0 ? errno : connect_until(socket.number(), *at, end - clock.now());
    if (error != 0) continue;
    const int on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return std::make_unique<DescriptorStream>(std::move(socket), std::move(name), kept_in_socket);
  }
  throw NoDeviceError(fmt::format("{}: {}", name, error_text(error)), hint_of(error));
}

}  // namespace romwright::flash
