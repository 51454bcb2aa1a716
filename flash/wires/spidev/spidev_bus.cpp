// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/spidev/spidev_bus.h"

#include <cerrno>
#include <charconv>
#include <sys/ioctl.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/host_poll.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr const char* buffer_size_file = "/sys/module/spidev/parameters/bufsiz";
constexpr std::size_t smallest_capacity = 64;
constexpr std::size_t largest_capacity = 1U << 30;

std::size_t capacity_of(Kernel& kernel) {
  const std::string text = kernel.text(buffer_size_file).value_or("");
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= smallest_capacity && value <= largest_capacity ? value
                                                                          : kernel.page_size();
}

std::vector<std::string> spidevs(Kernel& kernel) {
  std::vector<std::string> found;
  for (const std::string& name : kernel.names("/dev"))
    if (name.starts_with("spidev")) found.push_back("/dev/" + name);
  return found;
}

}  // namespace

SpidevBus::SpidevBus(Kernel& kernel, Clock& clock, std::string path, std::uint32_t clock_hz)
    : clock_(clock), path_(std::move(path)), capacity_(capacity_of(kernel)) {
  OpenedFile opened = kernel.open(path_, true);
  if (!opened.file) throw_not_opened(path_, opened.error, "spi", spidevs(kernel));
  file_ = std::move(opened.file);
  std::uint8_t mode = SPI_MODE_0;
  set(SPI_IOC_WR_MODE, &mode, "SPI mode 0");
  std::uint8_t bits = 8;
  set(SPI_IOC_WR_BITS_PER_WORD, &bits, "8 bits a word");
  if (const int result = file_->control(SPI_IOC_WR_MAX_SPEED_HZ, &clock_hz); result < 0)
    throw UsageError(fmt::format("{}: its controller does not take a clock of {} Hz: {}", path_,
                                 clock_hz, error_text(-result)),
                     "spispeed=KHZ sets another");
  clock_hz_ = clock_hz;
}

void SpidevBus::set(unsigned long request, void* value, const char* what) {
  const int result = file_->control(request, value);
  if (result == -ENOTTY) throw NoDeviceError(fmt::format("{}: is no spidev device", path_));
  if (result < 0)
    throw DeviceError(
        fmt::format("{}: its controller cannot do {}: {}", path_, what, error_text(-result)));
}

SpiLimits SpidevBus::limits() const noexcept {
  SpiLimits limits;
  limits.max_out = limits.max_in = capacity_ - spidev_header;
  limits.clock_hz = clock_hz_;
  return limits;
}

std::uint32_t SpidevBus::set_clock_hz(std::uint32_t hz) {
  if (hz != clock_hz_ && file_->control(SPI_IOC_WR_MAX_SPEED_HZ, &hz) >= 0) clock_hz_ = hz;
  return clock_hz_;
}

void SpidevBus::send(SpidevMessage& message) {
  if (message.empty()) return;
  const int result = file_->control(message.request(), message.transfers().data());
  message.clear();
  if (result >= 0) return;
  if (result == -ETIMEDOUT)
    throw TimeoutError(fmt::format("{}: the controller does not finish a transfer", path_));
  throw DeviceError(
      fmt::format("{}: a transfer failed: {}", path_, error_text(-result)),
      result == -EMSGSIZE ? fmt::format("more than spidev's buffer of {} bytes", capacity_) : "");
}

std::uint8_t SpidevBus::read_status(std::uint8_t opcode) {
  std::uint8_t value = 0;
  SpidevMessage message(capacity_);
  message.add({.opcode = opcode, .in = {&value, 1}});
  send(message);
  return value;
}

RunResult SpidevBus::run(std::span<const SpiOp> program, std::stop_token stop) {
  RunResult result;
  SpidevMessage message(capacity_);
  nanoseconds last = clock_.now();
  std::size_t collected = 0;
  const auto flush = [&] {
    if (message.empty()) return;
    send(message);
    last = clock_.now();
    result.completed += collected;
    collected = 0;
  };
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (stop.stop_requested()) break;
    if (const auto* command = std::get_if<SpiCommand>(&program[i])) {
      if (!message.add(*command)) {
        flush();
        // Between two messages the request to stop may have come.
        if (stop.stop_requested()) return result;
        if (!message.add(*command))
          throw DeviceError(fmt::format("{}: a command of {} bytes exceeds spidev's buffer of {}",
                                        path_, command->out.size() + command->in.size(),
                                        capacity_));
      }
      ++collected;
      continue;
    }
    flush();
    if (const auto* wait = std::get_if<SpiWait>(&program[i])) {
      clock_.sleep(wait->time);
    } else {
      PollResult seen = poll_on_host(std::get<SpiPoll>(program[i]), clock_, last,
                                     [this](std::uint8_t opcode) { return read_status(opcode); });
      seen.op = i;
      result.polls.push_back(seen);
      if (!seen.passed) return result;
    }
    ++result.completed;
  }
  flush();
  return result;
}

}  // namespace romwright::flash
