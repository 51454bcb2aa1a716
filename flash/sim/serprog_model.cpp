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
  while (!bytes.empty()) bytes = bytes.subspan(receive_command(bytes));
}

std::size_t SerprogModel::receive_command(ConstBytes bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    if (pending_.empty()) alone_ = unanswered_.empty();
    // As many bytes as the command is known to need by now; its length may come in its first ones.
    std::size_t part = std::min(command_size() - pending_.size(), bytes.size() - used);
    if (traits_.serial_buffer != 0xffff && !alone_) {
      const std::size_t kept = unanswered_bytes_ + pending_.size();
      const std::size_t room =
          traits_.serial_buffer - std::min<std::size_t>(kept, traits_.serial_buffer);
      if (room == 0) {
        ++lost_bytes_;
        ++used;
        continue;
      }
      part = std::min(part, room);
    }
    const ConstBytes taken = bytes.subspan(used, part);
    pending_.insert(pending_.end(), taken.begin(), taken.end());
    used += part;
    if (pending_.size() != command_size()) continue;
    const std::size_t before = answer_.size();
    ++commands_;
    if (traits_.dies_after == 0 || commands_ <= traits_.dies_after) execute();
    const std::size_t answer = answer_.size() - before;
    spend_link(pending_.size() + answer);
    if (answer != 0) {
      unanswered_.push_back({pending_.size(), answer});
      unanswered_bytes_ += pending_.size();
    }
    pending_.clear();
    break;
  }
  return used;
}

Buffer SerprogModel::take_answer(std::size_t longest) {
  const std::size_t size = std::min(longest, answer_.size());
  Buffer taken(answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(size));
  answer_.erase(answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(size));
  for (std::size_t left = size; left > 0;) {
    Unanswered& front = unanswered_.front();
    const std::size_t part = std::min(left, front.answer);
    front.answer -= part;
    left -= part;
    if (front.answer != 0) break;
    unanswered_bytes_ -= front.size;
    unanswered_.pop_front();
  }
  return taken;
}

void SerprogModel::spend_link(std::uint64_t bytes) {
  if (traits_.link_bytes_per_second == 0) return;
  clock_.advance(std::chrono::nanoseconds(
      static_cast<std::int64_t>(bytes * 1'000'000'000 / traits_.link_bytes_per_second)));
}

bool SerprogModel::knows(std::uint8_t command) const {
  switch (command) {
    case init_operations:
    case delay:
    case execute_operations:
    case query_operation_buffer:
      return traits_.delays;
    case set_spi_clock:
      return traits_.settable_clock;
    default:
      return std::ranges::find(known, command) != known.end();
  }
}

/// Of the command under way, as far as its first bytes tell.
std::size_t SerprogModel::command_size() const {
  if (pending_.empty() || !knows(pending_[0])) return 1;
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
  if (!knows(pending_[0])) {
    if (!traits_.silent) refuse();
    return;
  }
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
        if (knows(one)) map[one / 8U] = static_cast<std::uint8_t>(map[one / 8U] | 1U << one % 8U);
      return acknowledge(map);
    }
    case query_name: {
      Buffer name(16);
      std::ranges::copy(std::string_view("romwright sim"), name.begin());
      return acknowledge(name);
    }
    case query_serial_buffer:
      return acknowledge(little_endian(traits_.serial_buffer, 2));
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
