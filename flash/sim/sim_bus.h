// SPDX-License-Identifier: GPL-2.0-or-later
// A SpiBus to a simulated chip, over a modelled link: every operation takes its true time on a
// virtual clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "flash/bus/spi_bus.h"
#include "flash/sim/faults.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash {

/// What lies between host and wire.
struct SimLink {
  std::string_view name;
  std::chrono::nanoseconds round_trip{0};  ///< of one transfer whose answer is waited for
  std::uint64_t bytes_per_second = 0;      ///< of the link; 0: only the wire counts
  bool streams = false;  ///< a whole run is one transfer; polls are read afterwards
};

/// Nothing but the wire; an FT2232H (high-speed USB, MPSSE); a serprog device on a fast link.
inline constexpr SimLink ideal_link{"ideal"};
inline constexpr SimLink ft2232h_link{"ft2232h", std::chrono::microseconds(125), 40'000'000, true};
inline constexpr SimLink serprog_link{"serprog", std::chrono::microseconds(125), 30'000'000, false};

class SimBus final : public SpiBus {
 public:
  /// Model and clock outlive the bus; `clock_hz` is the wire's, and the most that it can be set to.
  /// Of the faults, those of the link count here.
  SimBus(NorModel& model, VirtualClock& clock, SimLink link, std::uint32_t clock_hz,
         const Faults& faults = {});

  [[nodiscard]] SpiLimits limits() const noexcept override;
  [[nodiscard]] Clock& clock() noexcept override { return clock_; }
  std::uint32_t set_clock_hz(std::uint32_t hz) override;
  RunResult run(std::span<const SpiOp> program, std::stop_token stop) override;

 private:
  using Nanoseconds = std::chrono::nanoseconds;

  void transfer(const SpiCommand& command);
  PollResult poll(const SpiPoll& poll, Nanoseconds since);
  std::uint8_t read_status(const SpiPoll& poll);
  [[nodiscard]] Nanoseconds wire_time(std::uint64_t bytes) const;
  void spend(std::uint64_t bytes);

  NorModel& model_;
  VirtualClock& clock_;
  SimLink link_;
  std::uint32_t clock_hz_;
  std::uint32_t fastest_hz_;
  std::uint64_t drop_after_, carries_hz_;
  std::uint64_t bytes_ = 0;
  std::uint64_t read_bytes_ = 0;
  Buffer out_;
};

}  // namespace romwright::flash
