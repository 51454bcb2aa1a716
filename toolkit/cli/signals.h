// SPDX-License-Identifier: GPL-2.0-or-later
// SIGINT, SIGTERM and SIGHUP as a request to stop at the next safe point.
#pragma once

#include <thread>

#include "toolkit/cli/command.h"

namespace romwright::cli {

/// Waits for them in a thread of its own and asks the session to stop; further signals change
/// nothing. To be made before any other thread, so that all inherit the blocked
/// signals.
class SignalWatcher {
 public:
  explicit SignalWatcher(Session& session);
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;
  ~SignalWatcher();

 private:
  std::jthread thread_;
};

}  // namespace romwright::cli
