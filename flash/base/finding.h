// SPDX-License-Identifier: GPL-2.0-or-later
// What an examination found: a fact, whether it stops a write, and what to do about it.
#pragma once

#include <string>

namespace romwright {

/// `problem` stops a write; `warning` does not; `unknown` could not be told from here.
enum class FindingStatus { ok, warning, problem, unknown };

struct Finding {
  std::string name;  ///< stable, for scripts: "lockdown", "protected_ranges"
  FindingStatus status = FindingStatus::unknown;
  std::string what;
  std::string remedy;  ///< empty where there is nothing to do
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// "ok", "warning", "problem", "unknown".
constexpr const char* to_string(FindingStatus status) {
  switch (status) {
    case FindingStatus::ok:
      return "ok";
    case FindingStatus::warning:
      return "warning";
    case FindingStatus::problem:
      return "problem";
    case FindingStatus::unknown:
      break;
  }
  return "unknown";
}

}  // namespace romwright
