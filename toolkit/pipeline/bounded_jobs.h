// SPDX-License-Identifier: GPL-2.0-or-later
// Works on several ROMs at once with bounded memory.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <semaphore>
#include <thread>

#include <oneapi/tbb/task_group.h>

namespace romwright::pipeline {

/// Runs jobs on the cores of the machine, at most as many at once as it has; `add` waits for a
/// place, so that what the jobs hold in memory is bounded too.
class BoundedJobs {
 public:
  BoundedJobs()
      : places_(static_cast<std::ptrdiff_t>(std::max(1U, std::thread::hardware_concurrency()))) {}
  BoundedJobs(const BoundedJobs&) = delete;
  BoundedJobs& operator=(const BoundedJobs&) = delete;
  ~BoundedJobs() { group_.wait(); }

  /// `job` must not throw.
  template <typename Job>
  void add(Job job) {
    places_.acquire();
    // What the job holds is freed before its place is.
    group_.run([this, held = std::make_shared<std::optional<Job>>(std::move(job))] {
      (**held)();
      held->reset();
      places_.release();
    });
  }
  void wait() { group_.wait(); }

 private:
  std::counting_semaphore<> places_;
  oneapi::tbb::task_group group_;
};

}  // namespace romwright::pipeline
