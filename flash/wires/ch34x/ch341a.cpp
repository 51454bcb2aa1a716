// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/ch34x/ch341a.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t packet_size = 32;
constexpr std::size_t payload = packet_size - 1;
constexpr std::size_t longest_transfer = 128 * packet_size;
constexpr std::uint8_t spi_stream = 0xa8, i2c_stream = 0xaa, pin_stream = 0xab;
constexpr std::uint8_t i2c_speed_100k = 0x61, i2c_end = 0x00;
// Of a pin stream: 2 bits of command, 6 bits for the pins or the microseconds.
constexpr std::uint8_t pins_out = 0x80, pins_direction = 0x40, microseconds = 0xc0, pin_end = 0x20;
constexpr std::uint8_t longest_step = 63;
constexpr std::uint8_t selected = pins_out | 0x36, deselected = pins_out | 0x37;
constexpr std::uint8_t all_outputs = 0x3f;
constexpr int deselect_steps = 2;  // of 750 ns: chip-select is high for at least 1.5 us

constexpr std::uint8_t reversed(std::uint8_t value) {
  std::uint8_t result = 0;
  for (int bit = 0; bit < 8; ++bit)
    result = static_cast<std::uint8_t>(result << 1 | (value >> bit & 1));
  return result;
}

constexpr std::array<std::uint8_t, 256> reversal = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned value = 0; value < table.size(); ++value)
    table[value] = reversed(static_cast<std::uint8_t>(value));
  return table;
}();

void append(Buffer& to, std::initializer_list<std::uint8_t> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

Buffer& Ch341aProtocol::packet() {
  Transfers& all = transfers();
  if (all.empty() || all.current() % packet_size != 0 || all.current() >= longest_transfer)
    all.begin();
  return all.bytes();
}

void Ch341aProtocol::start() {
  append(packet(), {i2c_stream, i2c_speed_100k, i2c_end});
  append(packet(), {pin_stream, deselected, pins_direction | all_outputs, pin_end});
}

void Ch341aProtocol::finish() { append(packet(), {pin_stream, deselected, pin_end}); }

void Ch341aProtocol::release() {
  append(packet(), {pin_stream, deselected, pins_direction, pin_end});
}

nanoseconds Ch341aProtocol::wait(nanoseconds time) {
  std::int64_t left = (time.count() + 999) / 1000;
  const nanoseconds whole = std::chrono::microseconds(std::max<std::int64_t>(left, 0));
  while (left > 0) {
    Buffer& bytes = packet();
    append(bytes, {pin_stream, deselected});
    // The last byte of a packet ends its stream.
    for (std::size_t size = 2; size < payload && left > 0; ++size) {
      const std::int64_t step = std::min<std::int64_t>(left, longest_step);
      bytes.push_back(static_cast<std::uint8_t>(microseconds | step));
      left -= step;
    }
    bytes.push_back(pin_end);
    // Padded where more follows, so that it stays in this transfer.
    bytes.resize(bytes.size() + (packet_size - transfers().current() % packet_size) % packet_size);
  }
  return whole;
}

void Ch341aProtocol::cycle(ConstBytes out, Bytes in) {
  Buffer& select = packet();
  select.push_back(pin_stream);
  select.insert(select.end(), deselect_steps, deselected);
  append(select, {selected, pin_end});
  select.resize(select.size() + packet_size - transfers().current() % packet_size);
  const std::size_t total = out.size() + in.size();
  for (std::size_t at = 0; at < total;) {
    const std::size_t size = std::min(total - at, payload);
    Buffer& bytes = packet();
    bytes.push_back(spi_stream);
    const std::size_t echo = at < out.size() ? std::min(size, out.size() - at) : 0;
    for (std::size_t i = 0; i < echo; ++i) bytes.push_back(reversal[out[at + i]]);
    bytes.insert(bytes.end(), size - echo, 0xff);
    const std::size_t from = at + echo - std::min(at + echo, out.size());
    answers_.push_back({size, echo, in.subspan(from, size - echo)});
    at += size;
  }
}

void Ch341aProtocol::receive(ConstBytes packet) {
  if (answers_.empty())
    throw DeviceError(fmt::format("the CH341A sent {} bytes unasked", packet.size()));
  const Answer answer = answers_.front();
  if (packet.size() != answer.size)
    throw DeviceError(
        fmt::format("the CH341A answered {} bytes with {}", answer.size, packet.size()),
        "unplug it and plug it in again");
  answers_.pop_front();
  std::ranges::transform(packet.subspan(answer.echo), answer.into.begin(),
                         [](std::uint8_t value) { return reversal[value]; });
}

void Ch341aProtocol::clear() {
  transfers().clear();
  answers_.clear();
}

}  // namespace romwright::flash
