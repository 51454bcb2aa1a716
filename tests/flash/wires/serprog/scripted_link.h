// SPDX-License-Identifier: GPL-2.0-or-later
// A byte stream whose other side is a function of the test, in virtual time.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "flash/base/clock.h"
#include "flash/host/byte_stream.h"

namespace romwright::flash::test {

/// `device` gets every piece as it is written, and may append to `answers`, which are readable at
/// once.
class ScriptedLink final : public ByteStream {
 public:
  using Device = std::function<void(ConstBytes written, Buffer& answers)>;
  ScriptedLink(VirtualClock& clock, Device device) : clock_(clock), device_(std::move(device)) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  std::size_t read_some(Bytes into) override {
    const std::size_t size = std::min(into.size(), answers.size());
    std::copy_n(answers.begin(), size, into.begin());
    answers.erase(answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(size));
    return size;
  }
  std::size_t write_some(ConstBytes bytes) override {
    bytes = bytes.first(std::min(bytes.size(), takes));
    written.insert(written.end(), bytes.begin(), bytes.end());
    if (!bytes.empty()) device_(bytes, answers);
    return bytes.size();
  }
  bool wait(bool to_write, std::chrono::nanoseconds longest) override {
    if (!answers.empty()) return true;
    if (!to_write || takes == 0) clock_.advance(longest);
    return false;
  }
  [[nodiscard]] std::size_t kept() const noexcept override { return 4096; }
  void heed_flow_control() override { flow_control = true; }

  Buffer written, answers;
  std::size_t takes = 1U << 20;  ///< bytes of one write
  bool flow_control = false;

 private:
  VirtualClock& clock_;
  Device device_;
  std::string name_ = "link";
};

/// The error that `body` throws, as its line.
template <typename E, typename Body>
std::string line_of(Body&& body) {
  try {
    body();
  } catch (const E& error) {
    return error.line();
  }
  return "no error";
}

}  // namespace romwright::flash::test
