// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/date.h"

#include <fmt/chrono.h>

namespace romwright::pipeline {

std::string iso_date(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string date_now() { return iso_date(std::chrono::system_clock::now()); }

}  // namespace romwright::pipeline
