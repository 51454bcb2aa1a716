// SPDX-License-Identifier: GPL-2.0-or-later
// Talking to a serprog device: commands go out ahead of their answers, as far as its buffer allows.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

#include "flash/base/bytes.h"
#include "flash/base/clock.h"
#include "flash/host/byte_stream.h"
#include "flash/wires/serprog/commands.h"

namespace romwright::flash {

/// The last of the status bytes that were read in a row; the others only took time.
struct StatusReading {
  std::uint8_t last = 0;
};

class SerprogConversation {
 public:
  using Time = std::chrono::nanoseconds;
  /// Both outlive this.
  SerprogConversation(ByteStream& link, Clock& clock) : link_(link), clock_(clock) {}

  /// How many bytes may be under way without their answers having been read; absent: any number.
  /// A command that is longer goes alone: the device works on it while it arrives.
  void set_window(std::optional<std::size_t> bytes) { window_ = bytes; }

  /// Queues a command, whose first byte names it, that the device works on for `time`. What comes
  /// behind its ACK goes to `into`, which stays valid until `finish`. Waits only where the window
  /// is full. Throws DeviceError when the link breaks, the device answers NAK or nonsense, and
  /// TimeoutError when it is silent; the conversation is then lost until it is synchronized.
  void queue(ConstBytes command, Bytes into = {}, Time time = Time(0));
  /// The same; `count` bytes are answered, of which `reading` gets the last.
  void queue(ConstBytes command, StatusReading& reading, std::size_t count, Time time = Time(0));
  /// Waits until all is answered. Throws like `queue`.
  void finish();

  /// One command alone. False where the device answers NAK. Throws TimeoutError where it is silent
  /// for longer than `patience`, DeviceError for nonsense.
  bool ask(ConstBytes command, Bytes into, Time patience);

  /// Finds the beginning of an answer: SYNCNOP until the device answers as it should. Throws
  /// NoDeviceError where nothing there speaks serprog, after some seconds.
  void synchronize();
  /// Answers may be left over from a failure.
  [[nodiscard]] bool lost() const noexcept { return lost_; }
  [[nodiscard]] Clock& clock() noexcept { return clock_; }
  [[nodiscard]] ByteStream& link() noexcept { return link_; }

 private:
  /// One command that is not answered yet.
  struct Pending {
    Serprog command{};
    std::size_t sent = 0;  ///< bytes
    Bytes into;
    StatusReading* reading = nullptr;
    std::size_t answer = 0;  ///< bytes that are still to come behind the ACK
    bool acknowledged = false;
    Time time{0};
  };

  void queue(ConstBytes command, Pending pending);
  void go_on();
  void nap();
  void take(ConstBytes bytes);
  void answered();
  template <typename E>
  [[noreturn]] void fail(std::string what, std::string hint);
  void write_all(ConstBytes bytes, Time patience);
  std::size_t read_within(Bytes into, Time patience);
  bool test_sync();

  ByteStream& link_;
  Clock& clock_;
  std::optional<std::size_t> window_ = 0;
  std::deque<Pending> pending_;
  Buffer out_;  ///< queued, its first `written_` bytes are written
  std::size_t written_ = 0;
  std::size_t under_way_ = 0;  ///< bytes of the pending commands
  std::size_t answers_ = 0;    ///< bytes that are still to come
  Time work_{0};               ///< of the pending commands
  Time progress_{0};           ///< when anything was last written or read
  Time front_since_{0};        ///< when the device began with the first of them
  Buffer received_;
  bool lost_ = true;
};

}  // namespace romwright::flash
