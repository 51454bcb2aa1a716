// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/emulation/mpsse_engine.h"

#include <algorithm>

namespace romwright::emulation {
namespace {

constexpr Time command_byte_time{66};  // a set-pins command of three bytes is about 0.2 us
constexpr std::size_t packet_payload = 510;
constexpr std::uint8_t select_pin = 0x08;

/// Bytes of a command with its arguments, without data.
std::size_t command_size(std::uint8_t opcode, bool fast) {
  switch (opcode) {
    case 0x80:
    case 0x82:
    case 0x86:
    case 0x10:
    case 0x11:
    case 0x20:
    case 0x24:
    case 0x31:
    case 0x34:
      return 3;
    case 0x8e:
      return fast ? 2 : 1;
    case 0x8f:
      return fast ? 3 : 1;
    default:
      return 1;
  }
}

}  // namespace

void MpsseEngine::reset(Time now) {
  clear_input();
  clear_output();
  time_ = std::max(time_, now);
  doing_ = Doing::command;
  left_ = 0;
  divisor_field_ = 0;
  divide_by_5_ = true;
  set_low_pins(select_pin);
}

void MpsseEngine::clear_input() {
  consumed_ = fed_;
  input_.clear();
  input_at_ = 0;
  arrivals_.clear();
  departures_.clear();
  doing_ = Doing::command;
}

void MpsseEngine::clear_output() {
  output_.clear();
  flushes_.clear();
  taken_ = produced_;
}

Time MpsseEngine::room_since(std::size_t size) const {
  const std::size_t needed = fed_ + size;
  if (needed <= fifo_size_) return Time(0);
  const std::size_t gone = needed - fifo_size_;
  if (gone > consumed_) return never;
  for (const Input& departure : departures_)
    if (departure.end >= gone) return departure.time;
  return Time(0);
}

void MpsseEngine::feed(ConstBytes bytes, Time arrived) {
  if (input_at_ >= fifo_size_ || input_at_ == input_.size()) {
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(input_at_));
    input_at_ = 0;
  }
  input_.insert(input_.end(), bytes.begin(), bytes.end());
  fed_ += bytes.size();
  arrivals_.push_back({fed_, arrived});
}

Time MpsseEngine::arrived(std::size_t count) const {
  for (const Input& arrival : arrivals_)
    if (arrival.end >= consumed_ + count) return arrival.time;
  return never;
}

ConstBytes MpsseEngine::consume(std::size_t count, Time start, Time takes) {
  const ConstBytes bytes = ConstBytes(input_).subspan(input_at_, count);
  input_at_ += count;
  consumed_ += count;
  time_ = start + takes;
  departures_.push_back({consumed_, time_});
  while (!arrivals_.empty() && arrivals_.front().end <= consumed_) arrivals_.pop_front();
  // What left longer ago does not matter for room.
  while (departures_.front().end + fifo_size_ <= fed_) departures_.pop_front();
  return bytes;
}

Time MpsseEngine::byte_time() const {
  const std::int64_t base = divide_by_5_ ? 12'000'000 : 60'000'000;
  return Time(8 * (std::int64_t{divisor_field_} + 1) * 2 * 1'000'000'000 / base);
}

bool MpsseEngine::step(Time limit) {
  if (doing_ == Doing::command) return command(limit);
  if (doing_ == Doing::idle_clocks) {
    if (time_ > limit) return false;
    time_ += byte_time() * static_cast<std::int64_t>(left_);
    doing_ = Doing::command;
    return true;
  }
  std::size_t count = std::min(left_, packet_payload);
  Time start = time_;
  if (doing_ != Doing::write) {
    const std::size_t room = fifo_size_ - queued_out();
    if (room == 0) return false;
    count = std::min(count, room);
    start = std::max(start, drained_);
  }
  ConstBytes bytes;
  if (doing_ != Doing::read) {
    count = std::min(count, available());
    if (count == 0) return false;
    start = std::max(start, arrived(count));
    if (start > limit) return false;
    bytes = consume(count, start, byte_time() * static_cast<std::int64_t>(count));
    if ((low_pins_ & select_pin) == 0) sent_.insert(sent_.end(), bytes.begin(), bytes.end());
    time_ = start;
  }
  if (start > limit) return false;
  time_ = start;
  if (doing_ != Doing::write) answer(shift_in(count), byte_time());
  time_ = start + byte_time() * static_cast<std::int64_t>(count);
  left_ -= count;
  if (left_ == 0) doing_ = Doing::command;
  return true;
}

bool MpsseEngine::command(Time limit) {
  if (available() == 0) return false;
  const std::size_t size = command_size(input_[input_at_], fast_);
  if (available() < size) return false;
  const Time start = std::max(time_, arrived(size));
  if (start > limit) return false;
  execute(consume(size, start, command_byte_time * static_cast<std::int64_t>(size)));
  return true;
}

void MpsseEngine::begin(Doing doing, ConstBytes bytes) {
  doing_ = doing;
  left_ = load_le<std::uint16_t>(bytes, 1) + std::size_t{1};
}

void MpsseEngine::execute(ConstBytes bytes) {
  switch (bytes[0]) {
    case 0x80:
      return set_low_pins(bytes[1]);
    case 0x82:
    case 0x84:
    case 0x85:
      return;
    case 0x86:
      divisor_field_ = load_le<std::uint16_t>(bytes, 1);
      return;
    case 0x87:
      flushes_.push_back({produced_, time_});
      return;
    case 0x10:
    case 0x11:
      return begin(Doing::write, bytes);
    case 0x20:
    case 0x24:
      return begin(Doing::read, bytes);
    case 0x31:
    case 0x34:
      return begin(Doing::exchange, bytes);
    default:
      break;
  }
  if (fast_) switch (bytes[0]) {
      case 0x8a:
      case 0x8b:
        divide_by_5_ = bytes[0] == 0x8b;
        return;
      case 0x8c:
      case 0x8d:
      case 0x96:
      case 0x97:
        return;
      case 0x8e:
        time_ += byte_time();
        return;
      case 0x8f:
        return begin(Doing::idle_clocks, bytes);
      default:
        break;
    }
  // What would be its arguments runs as commands.
  answer({0xfa, bytes[0]}, command_byte_time);
}

void MpsseEngine::set_low_pins(std::uint8_t value) {
  const bool was_selected = (low_pins_ & select_pin) == 0;
  low_pins_ = value;
  const bool selected = (low_pins_ & select_pin) == 0;
  if (was_selected == selected) return;
  if (was_selected && !sent_.empty() && received_ == 0) {
    chip_.clock.advance(time_ - chip_.clock.now());
    chip_.model.cycle(sent_, {});
  }
  sent_.clear();
  received_ = 0;
}

/// What the chip drives next. The model knows whole cycles: a long read goes on as one that starts
/// further behind.
Buffer MpsseEngine::shift_in(std::size_t count) {
  Buffer bytes(count, 0xff);
  if ((low_pins_ & select_pin) != 0 || sent_.empty()) return bytes;
  chip_.clock.advance(time_ - chip_.clock.now());
  const std::uint8_t opcode = sent_[0];
  const bool fast = opcode == 0x0b || opcode == 0x0c;
  const bool array = fast || opcode == 0x03 || opcode == 0x13;
  if (array && sent_.size() >= 4) {
    Buffer moved = sent_;
    std::uint64_t carry = received_;
    for (std::size_t i = sent_.size() - (fast ? 1 : 0); i-- > 1; carry >>= 8) {
      carry += moved[i];
      moved[i] = static_cast<std::uint8_t>(carry);
    }
    chip_.model.cycle(moved, bytes);
  } else {
    Buffer whole(received_ + count);
    chip_.model.cycle(sent_, whole);
    std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(received_), count, bytes.begin());
  }
  received_ += count;
  return bytes;
}

void MpsseEngine::answer(Buffer bytes, Time each) {
  produced_ += bytes.size();
  output_.push_back({.bytes = std::move(bytes), .first = time_ + each, .each = each});
}

std::size_t MpsseEngine::ready(Time at) const {
  std::size_t count = 0;
  for (const Output& output : output_) {
    const std::size_t size = output.bytes.size();
    const Time last = output.first + output.each * static_cast<std::int64_t>(size - 1);
    if (last <= at) {
      count += size - output.taken;
      continue;
    }
    if (at >= output.first && output.each.count() > 0) {
      const auto there = static_cast<std::size_t>((at - output.first) / output.each) + 1;
      if (there > output.taken) count += there - output.taken;
    }
    break;
  }
  return count;
}

Time MpsseEngine::ready_since(std::size_t count) const {
  for (const Output& output : output_) {
    const std::size_t here = output.bytes.size() - output.taken;
    if (count <= here)
      return output.first + output.each * static_cast<std::int64_t>(output.taken + count - 1);
    count -= here;
  }
  return never;
}

Time MpsseEngine::flush_since() const {
  for (const Input& flush : flushes_)
    if (flush.end > taken_) return flush.time;
  return never;
}

void MpsseEngine::take(Bytes into, Time at) {
  for (std::size_t done = 0; done < into.size();) {
    Output& output = output_.front();
    const std::size_t part = std::min(into.size() - done, output.bytes.size() - output.taken);
    std::copy_n(output.bytes.begin() + static_cast<std::ptrdiff_t>(output.taken), part,
                into.begin() + static_cast<std::ptrdiff_t>(done));
    output.taken += part;
    done += part;
    if (output.taken == output.bytes.size()) output_.pop_front();
  }
  // What stood still for want of room goes on now.
  if (queued_out() == fifo_size_) drained_ = at;
  taken_ += into.size();
  while (!flushes_.empty() && flushes_.front().end <= taken_) flushes_.pop_front();
}

}  // namespace romwright::emulation
