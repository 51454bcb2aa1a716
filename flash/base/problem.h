// SPDX-License-Identifier: GPL-2.0-or-later
// One finding of a check: how bad, where, what, and the way on.
#pragma once

#include <string>
#include <vector>

namespace romwright {

enum class Severity { note, warning, error };

struct Problem {
  Severity severity = Severity::error;
  std::string where;
  std::string message;
  std::string hint;
  friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

}  // namespace romwright
