// SPDX-License-Identifier: GPL-2.0-or-later
// Loops whose turns run at once, in loops of that kind.
#pragma once

#include <cstddef>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

namespace romwright::pipeline {

/// Calls `body(i)` for i from 0 to `count` - 1, several at once on the threads of the arena that it
/// is called in. A thread that waits for the others' turns takes up no work from outside the loop,
/// so that what is under way stays bounded. Throws what the first body threw, after all that began
/// have ended.
template <typename Body>
void for_each_at_once(std::size_t count, const Body& body) {
  oneapi::tbb::this_task_arena::isolate([&] {
    oneapi::tbb::parallel_for(
        oneapi::tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const oneapi::tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) body(i);
        },
        oneapi::tbb::simple_partitioner());
  });
}

}  // namespace romwright::pipeline
