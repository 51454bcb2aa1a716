// SPDX-License-Identifier: GPL-2.0-or-later
// A flash device in memory that obeys the rules of one, and can be told to misbehave.
#pragma once

#include <algorithm>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "flash/base/clock.h"
#include "flash/base/error.h"
#include "flash/bus/flash.h"

namespace romwright::flash::test {

using namespace std::chrono_literals;

/// `size` bytes with pages of 256 and blocks of 4, 32 and 64 KiB and the whole chip.
inline Geometry nor_geometry(std::uint64_t size) {
  Geometry geometry;
  geometry.size = size;
  geometry.page_program_time = 700us;
  geometry.byte_time = 267ns;
  const auto uniform = [&](std::uint8_t opcode, std::uint32_t block,
                           std::chrono::nanoseconds time) {
    if (size % block == 0)
      geometry.erase_types.push_back(
          {opcode, {{block, static_cast<std::uint32_t>(size / block)}}, time});
  };
  uniform(0x20, 0x1000, 45ms);
  uniform(0x52, 0x8000, 120ms);
  uniform(0xd8, 0x10000, 150ms);
  geometry.erase_types.push_back({0xc7, {{static_cast<std::uint32_t>(size), 1}}, 20s});
  return geometry;
}

class FakeFlash final : public Flash {
 public:
  FakeFlash(Geometry geometry, Clock& clock)
      : content(geometry.size, geometry.erased_value),
        geometry_(std::move(geometry)),
        clock_(clock) {}

  Buffer content;
  std::vector<Erase> erases;  ///< in the order in which they were done
  std::vector<Protection> protected_ranges;
  std::function<Access(Range)> on_access = [](Range) { return Access{}; };
  std::function<void(std::uint64_t, Bytes)> on_read = [](std::uint64_t, Bytes) {};
  std::function<void(const FlashStep&)> before_step = [](const FlashStep&) {};
  std::function<void(const FlashStep&)> after_step = [](const FlashStep&) {};
  std::uint64_t retries = 0;

  const Geometry& geometry() const noexcept override { return geometry_; }
  Access access(Range range) override { return on_access(range); }
  std::vector<Protection> protections() override { return protected_ranges; }
  void read(std::uint64_t offset, Bytes into, Run& run) override {
    if (run.stop.stop_requested()) throw InterruptedError(SIGINT, "stopped");
    const ConstBytes from = slice(ConstBytes(content), {offset, into.size()}, "content");
    std::copy(from.begin(), from.end(), into.begin());
    on_read(offset, into);
    clock_.sleep(geometry_.byte_time * static_cast<std::int64_t>(into.size()));
    statistics_.read_bytes += into.size();
  }
  void apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
             Run& run) override {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (run.stop.stop_requested()) throw InterruptedError(SIGINT, "stopped");
      before_step(steps[i]);
      if (steps[i].erase) {
        const Range range = steps[i].erase->range;
        const Bytes block = slice(Bytes(content), range, "block");
        std::fill(block.begin(), block.end(), geometry_.erased_value);
        erases.push_back(*steps[i].erase);
        statistics_.erased_bytes += range.size;
        statistics_.erase += 1ms;
        clock_.sleep(1ms);
      }
      for (const Write& write : steps[i].programs) {
        const Bytes to = slice(Bytes(content), write.range(), "program");
        for (std::size_t j = 0; j < to.size(); ++j) to[j] &= write.data[j];
        statistics_.programmed_bytes += to.size();
        statistics_.program += 1ms;
        clock_.sleep(1ms);
      }
      after_step(steps[i]);
      done(i);
    }
  }
  FlashStatistics statistics() const override {
    FlashStatistics all = statistics_;
    all.retries = retries;
    return all;
  }

 private:
  Geometry geometry_;
  Clock& clock_;
  FlashStatistics statistics_;
};

/// Collects what is said.
class Listener final : public EventSink {
 public:
  std::vector<std::string> warnings;
  std::vector<std::string> phases;  ///< each once, in order
  std::uint64_t last_done = 0, last_total = 0;
  void progress(const Progress& progress) override {
    if (phases.empty() || phases.back() != progress.phase) phases.emplace_back(progress.phase);
    last_done = progress.done;
    last_total = progress.total;
  }
  void warning(std::string_view text) override { warnings.emplace_back(text); }
};

}  // namespace romwright::flash::test
