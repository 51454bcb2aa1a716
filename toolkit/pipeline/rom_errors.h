// SPDX-License-Identifier: GPL-2.0-or-later
// Errors of several ROMs that are worked on at once: all are kept, and reported together.
#pragma once

#include <exception>
#include <map>
#include <mutex>
#include <string>

#include "flash/base/error.h"

namespace romwright::pipeline {

class RomErrors {
 public:
  /// Runs `body`; the first error that it throws for `rom` is kept. Callable from several threads.
  template <typename Body>
  void guard(const std::string& rom, Body&& body) {
    try {
      body();
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      errors_.emplace(rom, std::current_exception());
    }
  }

  /// Throws the error of the first ROM by name, the lines of all others behind it; returns when
  /// there is none.
  void rethrow() const {
    if (errors_.empty()) return;
    try {
      std::rethrow_exception(errors_.begin()->second);
    } catch (Error& error) {
      for (auto at = std::next(errors_.begin()); at != errors_.end(); ++at) add(error, at->second);
      throw;
    }
  }

 private:
  static void add(Error& first, const std::exception_ptr& other) {
    try {
      std::rethrow_exception(other);
    } catch (const Error& error) {
      first.also(error);
    } catch (const std::exception& error) {
      first.also(error.what());
    }
  }

  std::mutex mutex_;
  std::map<std::string, std::exception_ptr> errors_;
};

}  // namespace romwright::pipeline
