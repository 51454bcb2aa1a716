// SPDX-License-Identifier: GPL-2.0-or-later
// What an error says, with the lines that travel along.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::test {

/// The error that `body` throws, an E; a failure of the test where it throws none.
template <typename E, typename Body>
std::string thrown(Body&& body) {
  try {
    body();
  } catch (const E& error) {
    std::string all = error.line();
    for (const std::string& other : error.others()) all += "\n" + other;
    return all;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace romwright::test
