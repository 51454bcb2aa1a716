// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mpsse/encoder.h"

#include <algorithm>
#include <array>
#include <utility>

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t longest_transfer = 65536;  // of one command: its length has 16 bits
constexpr std::size_t chunk_out = 16384;
constexpr std::size_t chunk_in = 65536;
constexpr std::uint32_t smallest_divisor = 2;
constexpr std::uint32_t largest_divisor = 131072;
constexpr std::uint64_t second = 1'000'000'000;

class Encoder {
 public:
  Encoder(std::span<const SpiOp> program, const MpsseWire& wire, const MpsseSink& sink)
      : program_(program), wire_(wire), sink_(sink) {}

  void run() {
    for (std::size_t i = 0; i < program_.size() && wanted_; ++i) {
      op_ = i;
      std::visit([this](const auto& op) { add(op); }, program_[i]);
      chunk_.completed = i + 1;
      if (chunk_.out.size() >= chunk_out || chunk_.answer_bytes >= chunk_in) flush();
    }
    if (chunk_.completed != 0) flush();
  }

 private:
  void add(const SpiCommand& command) {
    select(true);
    std::array<std::uint8_t, 1 + 4 + 255> head{};
    std::size_t size = 0;
    head[size++] = command.opcode;
    for (unsigned i = std::min<unsigned>(command.address_bytes, 4); i-- > 0;)
      head[size++] = static_cast<std::uint8_t>(command.address >> (8 * i));
    size += command.dummy_bytes;
    if (size + command.out.size() <= longest_transfer) {
      // One command for all that goes out.
      transfer_head(mpsse::write_bytes, size + command.out.size());
      append(ConstBytes(head).first(size));
      append(command.out);
    } else {
      write(ConstBytes(head).first(size));
      write(command.out);
    }
    read(command.in);
    select(false);
    since_command_ = 0;
  }

  void add(const SpiWait& wait) { wait_clocks(clocks_for(wait.time)); }

  void add(const SpiPoll& poll) {
    const std::uint64_t typical = clocks_for(poll.typical);
    if (typical > since_command_) wait_clocks(typical - since_command_);
    select(true);
    transfer_head(mpsse::write_bytes, 1);
    chunk_.out.push_back(poll.opcode);
    transfer_head(read_command(), 1);
    select(false);
    chunk_.answers.push_back({.op = op_, .elapsed = wire_.time_of(since_command_)});
    ++chunk_.answer_bytes;
  }

  void select(bool selected) {
    const MpssePins& pins = wire_.pins;
    chunk_.out.insert(chunk_.out.end(),
                      {mpsse::set_low_pins, selected ? pins.selected : pins.idle, pins.direction});
  }

  void append(ConstBytes bytes) { chunk_.out.insert(chunk_.out.end(), bytes.begin(), bytes.end()); }

  /// The command and its length; the clocks that it makes are counted.
  void transfer_head(std::uint8_t command, std::size_t bytes) {
    const std::size_t field = bytes - 1;
    chunk_.out.insert(chunk_.out.end(), {command, static_cast<std::uint8_t>(field),
                                         static_cast<std::uint8_t>(field >> 8)});
    clocks_ += 8 * bytes;
    since_command_ += 8 * bytes;
  }

  void write(ConstBytes bytes) {
    while (!bytes.empty()) {
      const ConstBytes part = bytes.first(std::min(bytes.size(), chunk_out));
      transfer_head(mpsse::write_bytes, part.size());
      append(part);
      bytes = bytes.subspan(part.size());
      flush_within();
    }
  }

  void read(Bytes into) {
    while (!into.empty()) {
      const Bytes part = into.first(std::min(into.size(), longest_transfer));
      transfer_head(read_command(), part.size());
      chunk_.answers.push_back({.into = part, .op = op_});
      chunk_.answer_bytes += part.size();
      into = into.subspan(part.size());
      if (!into.empty()) flush_within();
    }
  }

  void wait_clocks(std::uint64_t clocks) {
    for (std::uint64_t bytes = (clocks + 7) / 8; bytes != 0;) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, longest_transfer));
      transfer_head(mpsse::clock_bytes, part);
      bytes -= part;
      flush_within();
    }
  }

  /// Long operations go out in pieces; they are finished even when the stream shall end.
  void flush_within() {
    if (chunk_.out.size() < chunk_out && chunk_.answer_bytes < chunk_in) return;
    chunk_.completed = op_;
    flush();
  }

  void flush() {
    if (!chunk_.answers.empty()) chunk_.out.push_back(mpsse::send_immediate);
    chunk_.time = wire_.time_of(std::exchange(clocks_, 0));
    wanted_ = sink_(std::exchange(chunk_, {})) && wanted_;
  }

  [[nodiscard]] std::uint8_t read_command() const {
    return wire_.sampling == SpiSampling::late ? mpsse::read_bytes_late : mpsse::read_bytes;
  }

  /// Rounded up; no wait is longer than an hour.
  [[nodiscard]] std::uint64_t clocks_for(nanoseconds time) const {
    const auto bounded = static_cast<std::uint64_t>(
        std::clamp<std::int64_t>(time.count(), 0, nanoseconds(std::chrono::hours(1)).count()));
    // Split, so that the product stays within 64 bits.
    const std::uint64_t hz = wire_.clock_hz();
    return bounded / second * hz + (bounded % second * hz + second - 1) / second;
  }

  std::span<const SpiOp> program_;
  const MpsseWire& wire_;
  const MpsseSink& sink_;
  MpsseChunk chunk_;
  std::size_t op_ = 0;
  std::uint64_t clocks_ = 0;         ///< of the chunk
  std::uint64_t since_command_ = 0;  ///< clocks since the end of the last command
  bool wanted_ = true;
};

}  // namespace

nanoseconds MpsseWire::time_of(std::uint64_t clocks) const noexcept {
  const std::uint64_t hz = std::max(clock_hz(), 1U);
  return nanoseconds(
      static_cast<std::int64_t>(clocks / hz * second + (clocks % hz * second + hz - 1) / hz));
}

std::uint32_t mpsse_divisor(std::uint32_t base_hz, std::uint32_t hz) noexcept {
  const std::uint64_t exact = hz == 0 ? largest_divisor : (std::uint64_t{base_hz} + hz - 1) / hz;
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(align_up(exact, 2), smallest_divisor, largest_divisor));
}

void encode_mpsse(std::span<const SpiOp> program, const MpsseWire& wire, const MpsseSink& sink) {
  Encoder(program, wire, sink).run();
}

void decode_mpsse(const MpsseChunk& chunk, std::span<const SpiOp> program,
                  const std::function<void(Bytes)>& next, std::vector<PollResult>& polls) {
  for (const MpsseAnswer& answer : chunk.answers) {
    if (const auto* poll = std::get_if<SpiPoll>(&program[answer.op])) {
      PollResult result{.op = answer.op, .elapsed = answer.elapsed};
      next({&result.value, 1});
      result.passed = (result.value & poll->mask) == poll->expect;
      polls.push_back(result);
    } else {
      next(answer.into);
    }
  }
}

Buffer mpsse_sync() { return {mpsse::bad_command, mpsse::send_immediate}; }

Buffer mpsse_divisor_command(std::uint32_t divisor) {
  const std::uint32_t field = divisor / 2 - 1;
  return {mpsse::set_divisor, static_cast<std::uint8_t>(field),
          static_cast<std::uint8_t>(field >> 8)};
}

Buffer mpsse_settings(const MpsseWire& wire, const std::optional<MpsseHighPins>& high) {
  Buffer out;
  if (wire.idle_clocks) out = {mpsse::divide_by_5_off, mpsse::adaptive_off, mpsse::three_phase_off};
  out.push_back(mpsse::loopback_off);
  const Buffer divisor = mpsse_divisor_command(wire.divisor);
  out.insert(out.end(), divisor.begin(), divisor.end());
  out.insert(out.end(), {mpsse::set_low_pins, wire.pins.idle, wire.pins.direction});
  if (high) out.insert(out.end(), {mpsse::set_high_pins, high->value, high->direction});
  return out;
}

Buffer mpsse_release(const std::optional<MpsseHighPins>& high) {
  if (high) return {mpsse::set_low_pins, 0, 0, mpsse::set_high_pins, 0, 0};
  return {mpsse::set_low_pins, 0, 0};
}

}  // namespace romwright::flash
