// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/spi_nor.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/device/unprotected.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

/// Below this the wiring is not what is wrong.
constexpr std::uint32_t slowest_clock_hz = 500'000;
constexpr std::uint8_t write_enable = 0x06;
constexpr std::uint8_t write_disable = 0x04;
constexpr std::uint8_t plain_read = 0x03;
constexpr std::uint8_t fast_read = 0x0b;
constexpr std::uint8_t page_program = 0x02;
constexpr std::uint8_t word_program = 0xad;
constexpr std::uint32_t plain_read_clock =
    33'000'000;  // the least that data sheets promise for 0x03
constexpr std::uint64_t segment_size = 1U << 24;
constexpr std::size_t read_run = 1U << 20;  // bytes: about a quarter of a second at 30 MHz
constexpr nanoseconds longest_word_program = std::chrono::microseconds(25);

/// Adds to `sum` the time that passes on `clock` while it lives.
class Stopwatch {
 public:
  Stopwatch(Clock& clock, nanoseconds& sum) : clock_(clock), sum_(sum), from_(clock.now()) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { sum_ += clock_.now() - from_; }

 private:
  Clock& clock_;
  nanoseconds& sum_;
  nanoseconds from_;
};

}  // namespace

SpiNor::SpiNor(SpiBus& bus, OwnedChip chip)
    : bus_(bus),
      chip_(std::move(chip)),
      mode_(choose_address_mode(*chip_, bus.limits())),
      limits_(bus.limits()),
      read_opcode_(opcode_in(mode_, plain_read)),
      program_opcode_(opcode_in(mode_, page_program)),
      geometry_(make_geometry(*chip_, limits_, mode_)),
      stream_(bus),
      registers_(bus, stream_, *chip_),
      program_time_(longest_program(chip_->times.page_program)) {
  if (limits_.clock_hz > plain_read_clock && chip_->features.fast_read &&
      limits_.allows(opcode_in(mode_, fast_read)))
    read_opcode_ = opcode_in(mode_, fast_read);
  for (const EraseType& type : geometry_.erase_types) {
    std::uint32_t largest = 0;
    for (const EraseRun& run : type.runs) largest = std::max(largest, run.size);
    erase_times_.emplace_back(longest_erase(largest, is_chip_erase(type.opcode), type.typical));
  }
  bus_.chip_found(chip_->size);
  if (mode_ == AddressMode::entered) enter_four_bytes(true);
}

SpiNor::~SpiNor() {
  try {
    if (mode_ == AddressMode::entered) enter_four_bytes(false);
    if (mode_ == AddressMode::extended) select_segment(0);
  } catch (const Error&) {
    // The link is gone; the chip forgets its mode with its power.
    segment_ = 0;
  }
}

void SpiNor::enter_four_bytes(bool enter) {
  std::vector<SpiOp> program;
  if (chip_->features.four_byte_enter_wren)
    program.emplace_back(SpiCommand{.opcode = write_enable});
  program.emplace_back(SpiCommand{.opcode = static_cast<std::uint8_t>(enter ? 0xb7 : 0xe9)});
  if (chip_->features.four_byte_enter_wren)
    program.emplace_back(SpiCommand{.opcode = write_disable});
  bus_.run(program, {});
}

void SpiNor::select_segment(std::uint64_t offset) {
  if (mode_ != AddressMode::extended) return;
  const auto segment = static_cast<std::uint8_t>(offset / segment_size);
  if (segment == segment_) return;
  const bool bank = !chip_->features.four_byte_ear;
  std::uint8_t read_back = 0;
  const std::array<SpiOp, 3> program{
      SpiCommand{.opcode = write_enable},
      SpiCommand{.opcode = static_cast<std::uint8_t>(bank ? 0x17 : 0xc5), .out = {&segment, 1}},
      SpiCommand{.opcode = static_cast<std::uint8_t>(bank ? 0x16 : 0xc8), .in = {&read_back, 1}}};
  bus_.run(program, {});
  if (read_back != segment)
    throw DeviceError(
        fmt::format("extended address register: wrote {:#04x}, read {:#04x}", segment, read_back));
  segment_ = segment;
}

std::uint64_t SpiNor::reach(Range range) const {
  if (mode_ != AddressMode::extended) return range.size;
  return std::min(range.size, segment_size - range.offset % segment_size);
}

SpiCommand SpiNor::addressed(std::uint8_t opcode, std::uint64_t offset) const {
  const std::uint8_t bytes = is_four_byte_opcode(opcode) ? 4 : address_bytes(mode_);
  const std::uint64_t address = bytes == 3 ? offset % segment_size : offset;
  return {.opcode = opcode, .address_bytes = bytes, .address = static_cast<std::uint32_t>(address)};
}

Access SpiNor::access(Range range) {
  if (Range{0, geometry_.size}.contains(range)) return bus_.access(range);
  return {false, false, fmt::format("lies outside the chip's {}", human_size(geometry_.size))};
}

std::vector<Protection> SpiNor::protections() {
  std::vector<Protection> found = bus_.protections();
  for (Protection& protection : found)
    protection.range = protection.range.intersect({0, geometry_.size});
  // Known beforehand: an erase that no program can follow would be half a write.
  for (const auto& [opcode, name] :
       {std::pair{write_enable, "write enable"}, std::pair{program_opcode_, "page program"}})
    if (!limits_.allows(opcode))
      found.push_back({{0, geometry_.size},
                       fmt::format("the controller: {} ({:#04x}) is not among the commands that it "
                                   "sends",
                                   name, opcode)});
  const ProtectionState state = decode_protection(*chip_, registers_.read());
  if (state.range.empty()) return found;
  const bool removable =
      state.mode == ProtectionMode::disabled || state.mode == ProtectionMode::hardware;
  found.push_back({state.range, fmt::format("the status register ({})", state.bits), removable});
  return found;
}

WriteProtectStatus SpiNor::status() {
  const ProtectionState state = decode_protection(*chip_, registers_.read());
  return {state.range, state.bits, std::string(to_string(state.mode))};
}

std::vector<Range> SpiNor::ranges() { return protectable_ranges(*chip_, registers_.read()); }

void SpiNor::set_registers(const StatusRegisters& now, const StatusRegisters& wanted) {
  if (registers_.write(now, wanted, true) != wanted)
    throw ProtectedError({0, geometry_.size},
                         fmt::format("{} {}: the status register did not take the setting",
                                     chip_->vendor, chip_->name),
                         "it may be locked by the WP# pin or until the power is cut");
}

void SpiNor::protect(Range range) {
  const StatusRegisters now = registers_.read();
  set_registers(now, with_protection(*chip_, now, range));
}

void SpiNor::lock(bool locked) {
  const StatusRegisters now = registers_.read();
  set_registers(now, with_lock(*chip_, now, locked));
}

void SpiNor::read(std::uint64_t offset, Bytes into, Run& run) {
  if (!Range{0, geometry_.size}.contains(Range{offset, into.size()}))
    throw DeviceError(fmt::format("read {}: lies outside the chip's {}",
                                  to_string(Range{offset, into.size()}),
                                  human_size(geometry_.size)));
  const Stopwatch stopwatch(bus_.clock(), statistics_.read);
  const bool fast = read_opcode_ == fast_read || read_opcode_ == 0x0c;
  std::vector<SpiOp> program;
  for (std::size_t at = 0; at < into.size();) {
    const auto size =
        static_cast<std::size_t>(reach({offset + at, std::min(into.size() - at, read_run)}));
    select_segment(offset + at);
    program.clear();
    for (std::size_t done = 0; done < size;) {
      const std::size_t part = std::min(size - done, std::max<std::size_t>(limits_.max_in, 1));
      SpiCommand command = addressed(read_opcode_, offset + at + done);
      command.dummy_bytes = fast ? 1 : 0;
      command.in = into.subspan(at + done, part);
      program.emplace_back(command);
      done += part;
    }
    const RunResult result = bus_.run(program, run.stop);
    if (result.completed < program.size()) {
      if (run.stop.stop_requested())
        throw InterruptedError(SIGINT, fmt::format("reading stopped at {:#x}", offset + at));
      throw DeviceError(fmt::format("reading at {:#x}: the programmer ended early", offset + at));
    }
    statistics_.read_bytes += size;
    at += size;
  }
}

void SpiNor::erase(const Erase& erase) {
  const Stopwatch stopwatch(bus_.clock(), statistics_.erase);
  const EraseType& type = geometry_.erase_types.at(erase.type);
  select_segment(erase.range.offset);
  SpiCommand command{.opcode = type.opcode};
  if (!is_chip_erase(type.opcode)) command = addressed(type.opcode, erase.range.offset);
  const ChipOperation operation{.commands = {SpiCommand{.opcode = write_enable}, command},
                                .time = &erase_times_[erase.type],
                                .what = is_chip_erase(type.opcode) ? "chip erase" : "block erase",
                                .offset = erase.range.offset};
  stream_.run({&operation, 1});
  statistics_.erased_bytes += erase.range.size;
}

void SpiNor::program(const Write& write) {
  const Stopwatch stopwatch(bus_.clock(), statistics_.program);
  for (std::size_t at = 0; at < write.data.size();) {
    const auto size = static_cast<std::size_t>(reach({write.offset + at, write.data.size() - at}));
    const Write part{write.offset + at, write.data.subspan(at, size)};
    select_segment(part.offset);
    if (chip_->program == ProgramMethod::page)
      program_pages(part, std::min<std::size_t>(geometry_.page_size, limits_.max_out));
    else if (chip_->program == ProgramMethod::aai_word && limits_.allows(word_program) &&
             limits_.allows(write_disable))
      program_words(part);
    else
      program_pages(part, 1);
    at += size;
  }
  statistics_.programmed_bytes += write.data.size();
}

void SpiNor::program_pages(const Write& write, std::size_t limit) {
  std::vector<ChipOperation> operations;
  for (std::size_t at = 0; at < write.data.size();) {
    const std::uint64_t offset = write.offset + at;
    const std::size_t page_rest = geometry_.page_size - offset % geometry_.page_size;
    const std::size_t size =
        std::min({write.data.size() - at, page_rest, std::max<std::size_t>(limit, 1)});
    const ConstBytes data = write.data.subspan(at, size);
    at += size;
    // A part of a page that stays erased needs no command.
    if (all_equal(data, geometry_.erased_value)) continue;
    SpiCommand command = addressed(program_opcode_, offset);
    command.out = data;
    operations.push_back({.commands = {SpiCommand{.opcode = write_enable}, command},
                          .time = &program_time_,
                          .what = "page program",
                          .offset = offset});
  }
  stream_.run(operations, !streams_ || !geometry_.bits_clear_again);
}

void SpiNor::program_words(const Write& write) {
  Write rest = write;
  if (rest.offset % 2 != 0) {
    program_pages({rest.offset, rest.data.first(1)}, 1);
    rest = {rest.offset + 1, rest.data.subspan(1)};
  }
  const std::size_t words = rest.data.size() / 2 * 2;
  for (std::size_t at = 0; at < words; at += geometry_.page_size)
    program_word_run(rest.offset + at,
                     rest.data.subspan(at, std::min<std::size_t>(geometry_.page_size, words - at)));
  if (words != rest.data.size()) program_pages({rest.offset + words, rest.data.subspan(words)}, 1);
}

void SpiNor::program_word_run(std::uint64_t offset, ConstBytes data) {
  // Only the first command has an address, so nothing may be sent while the chip is busy.
  const SpiPoll poll{.mask = 0x01, .deadline = program_time_.deadline()};
  std::vector<SpiOp> program{SpiCommand{.opcode = write_enable}};
  for (std::size_t at = 0; at < data.size(); at += 2) {
    SpiCommand command{.opcode = word_program};
    if (at == 0) command = addressed(word_program, offset);
    command.out = data.subspan(at, 2);
    program.emplace_back(command);
    if (limits_.streams) program.emplace_back(SpiWait{longest_word_program});
    program.emplace_back(poll);
  }
  const RunResult result = bus_.run(program, {});
  const SpiOp leave = SpiCommand{.opcode = write_disable};
  bus_.run({&leave, 1}, {});
  stream_.wait_ready(program_time_.deadline(), fmt::format("word program at {:#x}", offset));
  // What a late word shifted is found and repaired when it is verified.
  if (!std::all_of(result.polls.begin(), result.polls.end(),
                   [](const PollResult& answer) { return answer.passed; }))
    ++statistics_.retries;
}

void SpiNor::apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
                   Run& run) {
  const auto interrupted = [&](std::size_t at) {
    return InterruptedError(SIGINT, fmt::format("stopped behind step {} of {}", at, steps.size()));
  };
  if (run.stop.stop_requested()) throw interrupted(0);
  Unprotected unprotected(*chip_, registers_, steps);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (run.stop.stop_requested()) {
      unprotected.restore();
      throw interrupted(i);
    }
    if (steps[i].erase) erase(*steps[i].erase);
    for (const Write& write : steps[i].programs) program(write);
    done(i);
  }
  unprotected.restore();
}

std::optional<std::uint32_t> SpiNor::slow_down() {
  const std::uint32_t now = bus_.limits().clock_hz;
  if (now / 2 < slowest_clock_hz) return std::nullopt;
  const std::uint32_t set = bus_.set_clock_hz(now / 2);
  if (set >= now) return std::nullopt;
  return set;
}

FlashStatistics SpiNor::statistics() const {
  FlashStatistics all = statistics_;
  all.retries += stream_.retries();
  return all;
}

}  // namespace romwright::flash
