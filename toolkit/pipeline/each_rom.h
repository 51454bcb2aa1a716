// SPDX-License-Identifier: GPL-2.0-or-later
// Does the same with every ROM of a release, several at once.
#pragma once

#include <algorithm>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flash/base/event.h"
#include "toolkit/images/release.h"
#include "toolkit/pipeline/bounded_jobs.h"
#include "toolkit/pipeline/rom_errors.h"

namespace romwright::pipeline {

/// Hands each of `roms` to `work`, on several threads, and what that returns to `take`, one call at
/// a time, in the order in which they are done. The errors of all ROMs are reported, not only the
/// first. Throws InterruptedError on a requested stop.
template <typename Result>
void each_rom(images::Release& release, const std::vector<images::RomEntry>& roms,
              std::string_view phase, const std::function<Result(images::Rom)>& work,
              const std::function<void(Result)>& take, Run& run) {
  RomErrors errors;
  std::mutex taking;
  std::uint64_t done = 0;
  {
    BoundedJobs jobs;
    release.read(
        [&](const images::RomEntry& rom) { return std::ranges::find(roms, rom) != roms.end(); },
        [&](images::Rom rom) {
          jobs.add([&, rom = std::move(rom)]() mutable {
            if (run.stop.stop_requested()) return;
            std::optional<Result> result;
            const std::string name = rom.entry.name.name;
            errors.guard(name,
                         [&] { result = within(name, [&] { return work(std::move(rom)); }); });
            if (!result) return;
            // What goes wrong with the output is no ROM's error, and reported once.
            errors.guard({}, [&] {
              const std::scoped_lock lock(taking);
              take(std::move(*result));
              run.events.progress(
                  {.phase = phase, .done = ++done, .total = roms.size(), .items = "ROMs"});
            });
          });
        },
        run.stop);
  }
  if (run.stop.stop_requested())
    throw InterruptedError(SIGINT, "interrupted", "nothing was written");
  errors.rethrow();
}

}  // namespace romwright::pipeline
