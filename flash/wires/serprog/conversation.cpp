// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/conversation.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds patience = std::chrono::seconds(3);  // beyond what the work explains
/// More answers are not under way: a run can be stopped, and nothing overflows.
constexpr std::size_t most_answers = 64U << 10;
constexpr std::size_t most_unwritten = 64U << 10;
constexpr std::size_t read_size = 64U << 10;

// A process that wakes for every answer of a stream costs much of a core.
constexpr nanoseconds longest_nap = milliseconds(4);
constexpr nanoseconds shortest_nap = std::chrono::microseconds(500);
constexpr std::size_t nap_commands = 8;
constexpr std::size_t nap_bytes = 4U << 10;

constexpr int sync_looks = 10;
constexpr nanoseconds sync_look = milliseconds(50);
constexpr nanoseconds sync_rest = milliseconds(20);
constexpr nanoseconds sync_silence = milliseconds(10);
constexpr int sync_attempts = 8;
constexpr std::size_t longest_drain = 1U << 20;  // bytes: a device that never ends is none
constexpr std::size_t sync_nops = 8;

}  // namespace

template <typename E>
void SerprogConversation::fail(std::string what, std::string hint) {
  lost_ = true;
  pending_.clear();
  out_.clear();
  written_ = under_way_ = answers_ = 0;
  work_ = Time(0);
  throw E(fmt::format("{}: {}", link_.name(), what), std::move(hint));
}

void SerprogConversation::queue(ConstBytes command, Bytes into, Time time) {
  queue(command, Pending{.into = into, .answer = into.size(), .time = time});
}

void SerprogConversation::queue(ConstBytes command, StatusReading& reading, std::size_t count,
                                Time time) {
  queue(command, Pending{.reading = &reading, .answer = count, .time = time});
}

void SerprogConversation::queue(ConstBytes command, Pending pending) {
  pending.command = static_cast<Serprog>(command[0]);
  pending.sent = command.size();
  const auto fits = [&] {
    if (pending_.empty()) return true;
    if (window_ && under_way_ + command.size() > *window_) return false;
    return answers_ <= most_answers && out_.size() - written_ <= most_unwritten;
  };
  while (!fits()) go_on();
  if (pending_.empty()) progress_ = front_since_ = clock_.now();
  out_.insert(out_.end(), command.begin(), command.end());
  under_way_ += command.size();
  answers_ += 1 + pending.answer;
  work_ += pending.time;
  pending_.push_back(pending);
}

void SerprogConversation::finish() {
  while (!pending_.empty()) go_on();
}

/// Writes and reads what is possible now; waits where nothing is.
void SerprogConversation::go_on() {
  if (written_ < out_.size()) {
    const std::size_t size = link_.write_some(ConstBytes(out_).subspan(written_));
    if (size > 0) progress_ = clock_.now();
    written_ += size;
    if (written_ == out_.size()) {
      out_.clear();
      written_ = 0;
    } else if (written_ >= most_unwritten) {
      out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(written_));
      written_ = 0;
    }
  }
  const bool to_write = written_ < out_.size();
  if (!to_write) nap();
  const Pending& front = pending_.front();
  const Time limit = progress_ + 2 * front.time + patience;
  const Time now = clock_.now();
  if (now >= limit)
    fail<TimeoutError>(
        fmt::format("the serprog device does not answer {}", serprog_name(front.command)),
        "unplug it and plug it in again");
  if (!link_.wait(to_write, limit - now)) return;
  received_.resize(read_size);
  const std::size_t size = link_.read_some(received_);
  if (size == 0) return;
  progress_ = clock_.now();
  take(ConstBytes(received_).first(size));
}

/// Sleeps while the device surely has work, and room for its answers.
void SerprogConversation::nap() {
  if (pending_.size() < nap_commands && answers_ < nap_bytes) return;
  const Time rest = work_ - (clock_.now() - front_since_);
  if (rest < 2 * shortest_nap) return;
  Time time = std::min(rest / 2, longest_nap);
  const double kept = static_cast<double>(link_.kept()) / static_cast<double>(answers_);
  if (kept < 1)
    time = std::min(time, Time(static_cast<Time::rep>(static_cast<double>(rest.count()) * kept)));
  if (time >= shortest_nap) clock_.sleep(time);
}

void SerprogConversation::take(ConstBytes bytes) {
  while (!bytes.empty()) {
    if (pending_.empty())
      fail<DeviceError>("the serprog device answers what was not asked",
                        "does another program use it?");
    Pending& front = pending_.front();
    if (!front.acknowledged) {
      if (bytes[0] == serprog_nak)
        fail<DeviceError>(fmt::format("the serprog device refuses {}", serprog_name(front.command)),
                          "");
      if (bytes[0] != serprog_ack)
        fail<DeviceError>(fmt::format("the serprog device answers {:#04x} to {}", bytes[0],
                                      serprog_name(front.command)),
                          "bytes were lost on the way: try a lower baud rate, or another cable");
      front.acknowledged = true;
      --answers_;
      bytes = bytes.subspan(1);
    }
    const std::size_t size = std::min(front.answer, bytes.size());
    const ConstBytes part = bytes.first(size);
    if (front.reading != nullptr) {
      if (size > 0) front.reading->last = part.back();
    } else {
      std::ranges::copy(part, front.into.begin());
      front.into = front.into.subspan(size);
    }
    front.answer -= size;
    answers_ -= size;
    bytes = bytes.subspan(size);
    if (front.answer == 0) answered();
  }
}

void SerprogConversation::answered() {
  under_way_ -= pending_.front().sent;
  work_ -= pending_.front().time;
  front_since_ = clock_.now();
  pending_.pop_front();
}

bool SerprogConversation::ask(ConstBytes command, Bytes into, Time longest) {
  finish();
  const auto name = serprog_name(static_cast<Serprog>(command[0]));
  write_all(command, longest);
  std::array<std::uint8_t, 1> first{};
  if (read_within(first, longest) == 0)
    fail<TimeoutError>(fmt::format("the serprog device does not answer {}", name), "");
  if (first[0] == serprog_nak) return false;
  if (first[0] != serprog_ack)
    fail<DeviceError>(fmt::format("the serprog device answers {:#04x} to {}", first[0], name), "");
  for (std::size_t at = 0; at < into.size();) {
    const std::size_t size = read_within(into.subspan(at), longest);
    if (size == 0)
      fail<TimeoutError>(fmt::format("the serprog device does not end its answer to {}", name), "");
    at += size;
  }
  return true;
}

void SerprogConversation::write_all(ConstBytes bytes, Time longest) {
  for (const Time end = clock_.now() + longest; !bytes.empty();) {
    bytes = bytes.subspan(link_.write_some(bytes));
    if (bytes.empty()) return;
    const Time now = clock_.now();
    if (now >= end) fail<TimeoutError>("the serprog device takes no bytes", "");
    // What it says meanwhile is left there.
    if (link_.wait(true, end - now)) clock_.sleep(std::min<Time>(milliseconds(1), end - now));
  }
}

/// What there is within that time; 0 for nothing.
std::size_t SerprogConversation::read_within(Bytes into, Time longest) {
  for (const Time end = clock_.now() + longest;;) {
    if (const std::size_t size = link_.read_some(into); size > 0) return size;
    const Time now = clock_.now();
    if (now >= end) return 0;
    link_.wait(false, end - now);
  }
}

bool SerprogConversation::test_sync() {
  const std::array sync{static_cast<std::uint8_t>(Serprog::sync)};
  std::array<std::uint8_t, 1> byte{};
  write_all(sync, sync_look);
  bool found = false;
  for (int i = 0; i < sync_looks && !found; ++i) {
    if (read_within(byte, sync_look) == 0 || byte[0] != serprog_nak) continue;
    found = read_within(byte, sync_rest) == 1 && byte[0] == serprog_ack;
  }
  if (!found) return false;
  write_all(sync, sync_look);
  return read_within(byte, sync_look * sync_looks) == 1 && byte[0] == serprog_nak &&
         read_within(byte, sync_rest) == 1 && byte[0] == serprog_ack &&
         read_within(byte, sync_silence) == 0;
}

void SerprogConversation::synchronize() {
  std::array<std::uint8_t, 256> junk{};
  for (int attempt = 0; attempt <= sync_attempts; ++attempt) {
    if (attempt > 0) {
      write_all(Buffer(sync_nops, static_cast<std::uint8_t>(Serprog::nop)), sync_look);
      for (std::size_t drained = 0; drained < longest_drain;) {
        const std::size_t size = read_within(junk, sync_silence);
        if (size == 0) break;
        drained += size;
      }
    }
    if (!test_sync()) continue;
    lost_ = false;
    return;
  }
  fail<NoDeviceError>("nothing there speaks serprog",
                      "is it the right port and speed, and the programmer's firmware running?");
}

}  // namespace romwright::flash
