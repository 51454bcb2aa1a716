// SPDX-License-Identifier: GPL-2.0-or-later
// serprog-server [OPTION...] CHIP IMAGE: a simulated chip behind a serprog device, on a loopback
// TCP port that the kernel chooses, or on a pseudo-terminal. Prints the port, or the terminal's
// path, then serves one connection after another until it is killed.
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chips/table.h"
#include "flash/host/mapped_file.h"
#include "flash/sim/serprog_model.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr std::string_view usage =
    "usage: serprog-server [OPTION...] CHIP IMAGE\n"
    "  --pty              on a pseudo-terminal\n"
    "  --real-time        the chip's typical times, 24 MHz, 30 MB/s, 125 us a round trip\n"
    "  --no-delays        without O_INIT, O_DELAY, O_EXEC\n"
    "  --fixed-clock      without S_SPI_FREQ\n"
    "  --silent           answers nothing to what it does not know\n"
    "  --serial-buffer=N  keeps N bytes, and loses what comes beyond\n"
    "  --max-write=N, --max-read=N\n"
    "                     bytes of one O_SPIOP\n"
    "  --dies-after=N     answers nothing after so many commands\n";

struct Options {
  SerprogTraits traits;
  bool terminal = false;
  bool real_time = false;
};

/// Otherwise the chip's time runs so many times faster than the host's: nobody waits for it.
constexpr int haste = 1000;

// The link of --real-time.
constexpr std::uint32_t real_clock_hz = 24'000'000;
constexpr std::uint32_t real_bytes_per_second = 30'000'000;
constexpr nanoseconds half_round_trip = std::chrono::nanoseconds(62'500);
/// Answers within this time go out together, as a device's USB does it.
constexpr nanoseconds together = std::chrono::microseconds(30);
constexpr std::size_t answer_part = 16384;
/// The device does not take more while it has so much to do.
constexpr nanoseconds most_work = std::chrono::milliseconds(100);

class Server {
 public:
  Server(const Chip& chip, const char* image, const Options& options)
      : real_time_(options.real_time),
        content_(image, chip.size, 0xff),
        model_(chip, content_.bytes(), clock_),
        device_(model_, clock_, options.traits) {}

  /// Until the other side closes.
  void serve(int connection) {
    due_.clear();
    static_cast<void>(device_.take_answer());
    for (;;) {
      nanoseconds wait = std::chrono::hours(1);
      if (!due_.empty()) wait = due_.front().time - now();
      pollfd look{.fd = connection, .events = POLLIN, .revents = 0};
      if (real_time_ && clock_.now() > now() + most_work) {
        look.events = 0;
        wait = std::min(wait, clock_.now() - now() - most_work);
      }
      wait = std::max(wait, nanoseconds(0));
      const timespec time{.tv_sec = wait.count() / 1'000'000'000,
                          .tv_nsec = wait.count() % 1'000'000'000};
      const int ready = ::ppoll(&look, 1, &time, nullptr);
      if (ready > 0 && !receive(connection)) return;
      if (!send_due(connection)) return;
    }
  }

 private:
  struct Due {
    std::size_t size = 0;
    nanoseconds time{0};
  };

  [[nodiscard]] nanoseconds now() const {
    const nanoseconds since = std::chrono::steady_clock::now() - start_;
    return real_time_ ? since : since * haste;
  }

  bool receive(int connection) {
    const ssize_t size = ::read(connection, received_.data(), received_.size());
    if (size <= 0) return false;
    const nanoseconds arrival = real_time_ ? now() + half_round_trip : now();
    clock_.advance(arrival - clock_.now());
    ConstBytes bytes = ConstBytes(received_).first(static_cast<std::size_t>(size));
    while (!bytes.empty()) {
      const std::size_t before = device_.answered();
      const nanoseconds from = clock_.now();
      bytes = bytes.subspan(device_.receive_command(bytes));
      plan(device_.answered() - before, from);
    }
    return true;
  }

  /// When the answer that the device just gave is on its way, in parts.
  void plan(std::size_t size, nanoseconds from) {
    const nanoseconds whole = clock_.now() - from;
    const std::size_t parts = (size + answer_part - 1) / answer_part;
    for (std::size_t i = 0; i < parts; ++i) {
      const nanoseconds end =
          from + whole * static_cast<std::int64_t>(i + 1) / static_cast<std::int64_t>(parts);
      due_.push_back({std::min(answer_part, size - i * answer_part),
                      real_time_ ? end + half_round_trip : nanoseconds(0)});
    }
  }

  bool send_due(int connection) {
    std::size_t size = 0;
    while (!due_.empty() && due_.front().time <= now() + together) {
      size += due_.front().size;
      due_.pop_front();
    }
    const Buffer answer = device_.take_answer(size);
    for (ConstBytes rest = answer; !rest.empty();) {
      const ssize_t sent = ::write(connection, rest.data(), rest.size());
      if (sent <= 0) return false;
      rest = rest.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }

  bool real_time_;
  MappedFile content_;
  VirtualClock clock_;
  NorModel model_;
  SerprogModel device_;
  std::deque<Due> due_;
  std::array<std::uint8_t, 65536> received_{};
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void say(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

int serve_port(Server& server) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, generic, size) != 0 || ::listen(listener, 4) != 0 ||
      ::getsockname(listener, generic, &size) != 0)
    throw NoDeviceError("no loopback port to listen on");
  say(fmt::format("{}", ntohs(address.sin_port)));
  for (;;) {
    const int connection = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return 1;
    const int now = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    server.serve(connection);
    ::close(connection);
  }
}

int serve_terminal(Server& server) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0)
    throw NoDeviceError("no pseudo-terminal to serve on");
  // Held open here too, so that it outlives its users.
  const int other = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  if (other < 0 || ::tcgetattr(other, &settings) != 0) throw NoDeviceError("no pseudo-terminal");
  ::cfmakeraw(&settings);
  ::tcsetattr(other, TCSANOW, &settings);
  say(::ptsname(terminal));
  server.serve(terminal);
  return 1;
}

template <typename Number>
bool take_number(std::string_view argument, std::string_view name, Number& number) {
  if (!argument.starts_with(name)) return false;
  argument.remove_prefix(name.size());
  const char* const end = argument.data() + argument.size();
  return std::from_chars(argument.data(), end, number).ptr == end && !argument.empty();
}

bool take_option(std::string_view argument, Options& options) {
  SerprogTraits& traits = options.traits;
  if (argument == "--pty") return options.terminal = true;
  if (argument == "--no-delays") return !(traits.delays = false);
  if (argument == "--fixed-clock") return !(traits.settable_clock = false);
  if (argument == "--silent") return traits.silent = true;
  if (argument == "--real-time") {
    traits.fastest_hz = real_clock_hz;
    traits.link_bytes_per_second = real_bytes_per_second;
    return options.real_time = true;
  }
  return take_number(argument, "--serial-buffer=", traits.serial_buffer) ||
         take_number(argument, "--max-write=", traits.max_write) ||
         take_number(argument, "--max-read=", traits.max_read) ||
         take_number(argument, "--dies-after=", traits.dies_after);
}

int run(std::span<char*> arguments) {
  Options options;
  std::size_t at = 0;
  while (at < arguments.size() && std::string_view(arguments[at]).starts_with("--"))
    if (!take_option(arguments[at++], options)) throw UsageError(std::string(usage));
  if (arguments.size() != at + 2) throw UsageError(std::string(usage));
  const auto chips = find_chips(arguments[at]);
  if (chips.empty()) throw UsageError(fmt::format("unknown chip '{}'", arguments[at]));
  ::prctl(PR_SET_TIMERSLACK, 1000UL);
  ::signal(SIGPIPE, SIG_IGN);
  Server server(*chips.front(), arguments[at + 1], options);
  return options.terminal ? serve_terminal(server) : serve_port(server);
}

}  // namespace
}  // namespace romwright::flash

int main(int count, char** arguments) {
  try {
    return romwright::flash::run(std::span(arguments, static_cast<std::size_t>(count)).subspan(1));
  } catch (const romwright::Error& error) {
    fmt::print(stderr, "serprog-server: {}\n", error.line());
    return 2;
  }
}
