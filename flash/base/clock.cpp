// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/clock.h"

#include <thread>

namespace romwright {

std::chrono::nanoseconds SystemClock::now() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

void SystemClock::sleep(std::chrono::nanoseconds time) { std::this_thread::sleep_for(time); }

}  // namespace romwright
