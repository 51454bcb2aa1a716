// SPDX-License-Identifier: GPL-2.0-or-later
// Waits for a pipe or a terminal, but no longer than somebody wants.
#pragma once

#include <stop_token>

namespace romwright {

/// Waits until a read of `file` would not wait: there are bytes, or an end, or an error. False
/// where a stop was requested first. At once true for a regular file.
[[nodiscard]] bool wait_readable(int file, const std::stop_token& stop);

}  // namespace romwright
