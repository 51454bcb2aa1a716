// SPDX-License-Identifier: GPL-2.0-or-later
// A byte stream that ends at a modelled serprog device, in virtual time.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include "flash/base/clock.h"
#include "flash/host/byte_stream.h"
#include "flash/sim/serprog_model.h"

namespace romwright::flash::test {

/// The device works on what is written at once; the first reading after a writing costs a round
/// trip. Takes and gives at most `piece` bytes at a time.
class SerprogModelLink final : public ByteStream {
 public:
  SerprogModelLink(SerprogModel& device, VirtualClock& clock, std::size_t piece = 4096)
      : device_(device), clock_(clock), piece_(piece) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  std::size_t read_some(Bytes into) override {
    const Buffer answer = device_.take_answer(std::min(into.size(), piece_));
    std::ranges::copy(answer, into.begin());
    return answer.size();
  }
  std::size_t write_some(ConstBytes bytes) override {
    const std::size_t size = std::min(bytes.size(), piece_);
    device_.receive(bytes.first(size));
    written_ = written_ || size > 0;
    written_bytes += size;
    return size;
  }
  bool wait(bool to_write, std::chrono::nanoseconds longest) override {
    if (to_write) return device_.answered() > 0;
    if (written_) {
      clock_.advance(std::chrono::microseconds(125));
      ++round_trips;
      written_ = false;
    }
    if (device_.answered() > 0) return true;
    clock_.advance(longest);
    return false;
  }
  [[nodiscard]] std::size_t kept() const noexcept override { return 1U << 16; }

  std::size_t round_trips = 0, written_bytes = 0;

 private:
  SerprogModel& device_;
  VirtualClock& clock_;
  std::size_t piece_;
  std::string name_ = "model";
  bool written_ = false;
};

}  // namespace romwright::flash::test
