// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/signals.h"

#include <pthread.h>
#include <signal.h>
#include <string>

namespace romwright::cli {

namespace {

/// Ends the thread; it is sent to the thread itself only.
constexpr int wake_up = SIGUSR2;

/// A terminal that closes stops a program too, unless nohup said otherwise.
bool heeds_hangup() {
  struct sigaction action {};
  return sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler != SIG_IGN;
}

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, wake_up}) sigaddset(&set, signal);
  if (heeds_hangup()) sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

SignalWatcher::SignalWatcher(Session& session) {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A reader that goes away is an error of the write, not the end of the program.
  ::signal(SIGPIPE, SIG_IGN);
  thread_ = std::jthread([&session](const std::stop_token& done) {
    const sigset_t waited = watched();
    for (int signal = 0; !done.stop_requested();) {
      if (sigwait(&waited, &signal) != 0 || signal == wake_up) continue;
      int none = 0;
      if (session.signal.compare_exchange_strong(none, signal)) {
        session.terminal.warning("stopping at the next safe point");
        session.stop.request_stop();
      }
    }
  });
}

SignalWatcher::~SignalWatcher() {
  thread_.request_stop();
  pthread_kill(thread_.native_handle(), wake_up);
}

}  // namespace romwright::cli
