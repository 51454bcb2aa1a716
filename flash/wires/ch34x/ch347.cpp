// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/ch34x/ch347.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint8_t set_configuration = 0xc0, chip_select = 0xc1, bytes_in = 0xc3,
                       bytes_out = 0xc4;
constexpr std::size_t header = 3;
constexpr std::size_t largest_payload = 507;
constexpr std::uint8_t change = 0x80, deassert = 0x40;
constexpr std::uint8_t nothing_to_send = 0xff;
constexpr unsigned slowest_divisor = 7;

std::size_t packets_for(std::size_t count) {
  return (count + largest_payload - 1) / largest_payload;
}

}  // namespace

Ch347Protocol::Ch347Protocol(std::uint32_t clock_hz) : divisor_(0) { set_clock_hz(clock_hz); }

std::uint32_t Ch347Protocol::clock_hz() const noexcept { return ch347_fastest_hz >> divisor_; }

std::uint32_t Ch347Protocol::set_clock_hz(std::uint32_t hz) {
  divisor_ = 0;
  while (divisor_ < slowest_divisor && clock_hz() > hz) ++divisor_;
  return clock_hz();
}

Buffer& Ch347Protocol::frame(std::uint8_t command, std::size_t size) {
  transfers().begin();
  Buffer& bytes = transfers().bytes();
  bytes.push_back(command);
  bytes.push_back(static_cast<std::uint8_t>(size));
  bytes.push_back(static_cast<std::uint8_t>(size >> 8));
  return bytes;
}

void Ch347Protocol::expect(Answer answer) {
  packets_ += packets_for(answer.count);
  answers_.push_back(answer);
}

/// Mode 0, most significant bit first, both chip-selects active low.
void Ch347Protocol::start() {
  constexpr std::size_t size = 26;
  Buffer configuration(header + size, 0);
  configuration[5] = 4;
  configuration[6] = 1;
  configuration[14] = 2;
  configuration[15] = static_cast<std::uint8_t>(divisor_ << 3);
  configuration[19] = 7;
  Buffer& bytes = frame(set_configuration, size);
  bytes.insert(bytes.end(), configuration.begin() + header, configuration.end());
  expect({.command = set_configuration, .count = 1});
  selected_ = true;
  finish();
}

void Ch347Protocol::select(bool low) {
  constexpr std::size_t size = 10;
  Buffer& bytes = frame(chip_select, size);
  bytes.push_back(static_cast<std::uint8_t>(change | (low ? 0 : deassert)));
  bytes.insert(bytes.end(), size - 1, 0);
  selected_ = low;
}

void Ch347Protocol::finish() {
  if (selected_) select(false);
}

void Ch347Protocol::send(ConstBytes data) {
  for (std::size_t at = 0; at < data.size(); at += largest_payload) {
    const ConstBytes part = data.subspan(at, std::min(data.size() - at, largest_payload));
    Buffer& bytes = frame(bytes_out, part.size());
    bytes.insert(bytes.end(), part.begin(), part.end());
    expect({.command = bytes_out, .count = 1});
  }
}

nanoseconds Ch347Protocol::wait(nanoseconds time) {
  finish();
  if (time.count() <= 0) return nanoseconds(0);
  constexpr std::uint64_t second = 1'000'000'000;
  const std::uint64_t bits = static_cast<std::uint64_t>(time.count()) * clock_hz();
  const std::uint64_t count = (bits + 8 * second - 1) / (8 * second);
  send(Buffer(count, nothing_to_send));
  return nanoseconds(static_cast<std::int64_t>(count * 8 * second / clock_hz()));
}

void Ch347Protocol::cycle(ConstBytes out, Bytes in) {
  finish();
  select(true);
  send(out);
  if (in.empty()) return;
  Buffer& bytes = frame(bytes_in, 4);
  for (int shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<std::uint8_t>(in.size() >> shift));
  expect({.command = bytes_in, .count = in.size(), .into = in});
}

void Ch347Protocol::receive(ConstBytes packet) {
  // What it says of its configuration is of no use.
  if (!answers_.empty() && answers_.front().command == set_configuration) {
    answers_.pop_front();
    --packets_;
    return;
  }
  partial_.insert(partial_.end(), packet.begin(), packet.end());
  ConstBytes rest(partial_);
  while (rest.size() >= header) {
    const std::size_t size = load_le<std::uint16_t>(rest, 1);
    if (rest.size() < header + size) break;
    take_frame(rest[0], rest.subspan(header, size));
    rest = rest.subspan(header + size);
  }
  partial_ = Buffer(rest.begin(), rest.end());
}

void Ch347Protocol::take_frame(std::uint8_t command, ConstBytes data) {
  if (answers_.empty() || command != answers_.front().command || data.empty() ||
      data.size() > answers_.front().count - answers_.front().got)
    throw DeviceError(
        fmt::format("the CH347 sent {} bytes for command {:#04x} unasked", data.size(), command),
        "unplug it and plug it in again");
  Answer& answer = answers_.front();
  packets_ -= packets_for(answer.count - answer.got);
  if (!answer.into.empty())
    std::ranges::copy(data, answer.into.begin() + static_cast<std::ptrdiff_t>(answer.got));
  answer.got += data.size();
  packets_ += packets_for(answer.count - answer.got);
  if (answer.got == answer.count) answers_.pop_front();
}

void Ch347Protocol::clear() {
  transfers().clear();
  answers_.clear();
  partial_.clear();
  packets_ = 0;
  selected_ = true;
}

}  // namespace romwright::flash
