// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/serprog_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>
#include <utility>

namespace romwright::flash {

namespace {

constexpr std::uint8_t ack = 0x06, nak = 0x15;
constexpr std::uint8_t spi_bus = 0x08;
constexpr std::size_t delay_size = 5;

enum Command : std::uint8_t {
  nop = 0x00,
  query_interface = 0x01,
  query_commands = 0x02,
  query_name = 0x03,
  query_serial_buffer = 0x04,
  query_bus = 0x05,
  query_chip_size = 0x06,
  query_operation_buffer = 0x07,
  query_max_write = 0x08,
  init_operations = 0x0b,
  delay = 0x0e,
  execute_operations = 0x0f,
  sync = 0x10,
  query_max_read = 0x11,
  set_bus = 0x12,
  spi = 0x13,
  set_spi_clock = 0x14,
  set_pins = 0x15,
};

constexpr std::array known = {nop,
                              query_interface,
                              query_commands,
                              query_name,
                              query_serial_buffer,
                              query_bus,
                              query_chip_size,
                              query_operation_buffer,
                              query_max_write,
                              init_operations,
                              delay,
                              execute_operations,
                              sync,
                              query_max_read,
                              set_bus,
                              spi,
                              set_spi_clock,
                              set_pins};

std::uint32_t load_24(ConstBytes bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} | std::uint32_t{bytes[at + 1]} << 8 |
         std::uint32_t{bytes[at + 2]} << 16;
}

Buffer little_endian(std::uint64_t value, std::size_t size) {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  return bytes;
}

}  // namespace

SerprogModel::SerprogModel(NorModel& model, VirtualClock& clock, SerprogTraits traits)
    : model_(model), clock_(clock), traits_(traits), clock_hz_(traits.fastest_hz) {}

void SerprogModel::receive(ConstBytes bytes) {
  while (!bytes.empty()) {
    // As many bytes as the command is known to need by now; its length may come in its first ones.
    const std::size_t missing = command_size() - pending_.size();
    const std::size_t part = std::min(missing, bytes.size());
    pending_.insert(pending_.end(), bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(part));
    bytes = bytes.subspan(part);
    if (pending_.size() == command_size()) {
      execute();
      pending_.clear();
    }
  }
}

Buffer SerprogModel::take_answer() { return std::exchange(answer_, {}); }

/// Of the command under way, as far as its first bytes tell.
std::size_t SerprogModel::command_size() const {
  if (pending_.empty()) return 1;
  switch (pending_[0]) {
    case set_bus:
    case set_pins:
      return 2;
    case delay:
    case set_spi_clock:
      return 5;
    case spi:
      return pending_.size() < 7 ? 7 : 7 + std::size_t{load_24(pending_, 1)};
    default:
      return 1;
  }
}

void SerprogModel::acknowledge(ConstBytes answer) {
  answer_.push_back(ack);
  answer_.insert(answer_.end(), answer.begin(), answer.end());
}

void SerprogModel::refuse() { answer_.push_back(nak); }

void SerprogModel::execute() {
  switch (pending_[0]) {
    case nop:
      return acknowledge();
    case sync:
      refuse();
      return acknowledge();
    case set_bus:
      return pending_[1] == spi_bus ? acknowledge() : refuse();
    case spi:
      return spi_operation();
    case set_spi_clock:
      return set_frequency();
    case set_pins:
      pins_on_ = pending_[1] != 0;
      return acknowledge();
    case init_operations:
      delay_ = {};
      buffered_ = 0;
      return acknowledge();
    case delay:
      return add_delay();
    case execute_operations:
      clock_.advance(delay_);
      delay_ = {};
      buffered_ = 0;
      return acknowledge();
    default:
      return query(pending_[0]);
  }
}

void SerprogModel::query(std::uint8_t command) {
  switch (command) {
    case query_interface:
      return acknowledge(little_endian(1, 2));
    case query_commands: {
      std::array<std::uint8_t, 32> map{};
      for (const std::uint8_t one : known)
        map[one / 8U] = static_cast<std::uint8_t>(map[one / 8U] | 1U << one % 8U);
      return acknowledge(map);
    }
    case query_name: {
      Buffer name(16);
      std::ranges::copy(std::string_view("romwright sim"), name.begin());
      return acknowledge(name);
    }
    case query_serial_buffer:
      return acknowledge(little_endian(0xffff, 2));  // the link has flow control
    case query_bus:
      return acknowledge(little_endian(spi_bus, 1));
    case query_chip_size:
      return acknowledge(
          little_endian(static_cast<unsigned>(std::bit_width(model_.chip().size - 1)), 1));
    case query_operation_buffer:
      return acknowledge(little_endian(traits_.operation_buffer, 2));
    case query_max_write:
      return acknowledge(little_endian(traits_.max_write, 3));
    case query_max_read:
      return acknowledge(little_endian(traits_.max_read, 3));
    default:
      return refuse();
  }
}

void SerprogModel::spi_operation() {
  const std::uint32_t out = load_24(pending_, 1), in = load_24(pending_, 4);
  if (out > traits_.max_write || in > traits_.max_read) return refuse();
  clock_.advance(std::chrono::nanoseconds(
      static_cast<std::int64_t>((std::uint64_t{out} + in) * 8 * 1'000'000'000 / clock_hz_)));
  Buffer read(in, 0xff);
  if (pins_on_) model_.cycle(ConstBytes(pending_).subspan(7), read);
  acknowledge(read);
}

void SerprogModel::set_frequency() {
  const auto wanted = load_le<std::uint32_t>(pending_, 1);
  if (wanted == 0) return refuse();
  clock_hz_ = std::min(wanted, traits_.fastest_hz);
  acknowledge(little_endian(clock_hz_, 4));
}

void SerprogModel::add_delay() {
  if (buffered_ + delay_size > traits_.operation_buffer) return refuse();
  buffered_ += delay_size;
  delay_ += std::chrono::microseconds(load_le<std::uint32_t>(pending_, 1));
  acknowledge();
}

}  // namespace romwright::flash
