// SPDX-License-Identifier: GPL-2.0-or-later
// What long work tells while it runs, and how it is asked to stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string_view>

namespace romwright {

/// How far one phase is. `phase` is a verb such as "reading"; `done` and `total` are bytes, or as
/// many `items` as were named. Where bytes take unequal times the work was planned:
/// `planned_done` is what it should have taken up to here, `planned_total` all of it; zero where
/// nothing is planned and one byte takes as long as another.
struct Progress {
  std::string_view phase;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::chrono::nanoseconds planned_done{0};
  std::chrono::nanoseconds planned_total{0};
  std::string_view items = {};  ///< "ROMs"; empty: bytes
};

/// Receives what happens; may be called from several threads. Everything is ignored by default.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;
  virtual void progress(const Progress& /*progress*/) {}
  /// A step of the work, said once: "backup: chip.rom".
  virtual void note(std::string_view /*text*/) {}
  /// Something the user must see, which is no error.
  virtual void warning(std::string_view /*text*/) {}
  /// Shown with -v only.
  virtual void detail(std::string_view /*text*/) {}
};

/// What every long operation is handed: the request to stop, and who listens.
struct Run {
  std::stop_token stop;
  EventSink& events;
};

}  // namespace romwright
