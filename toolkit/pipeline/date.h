// SPDX-License-Identifier: GPL-2.0-or-later
// Dates as receipts and backups hold them.
#pragma once

#include <chrono>
#include <string>

namespace romwright::pipeline {

/// ISO 8601 in UTC, "2026-01-31T12:00:00Z".
[[nodiscard]] std::string iso_date(std::chrono::system_clock::time_point time);
[[nodiscard]] std::string date_now();

}  // namespace romwright::pipeline
