// SPDX-License-Identifier: GPL-2.0-or-later
// Listens to long work and keeps all that it says.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "flash/base/event.h"

namespace romwright::test {

class RecordedEvents : public EventSink {
 public:
  void progress(const Progress& progress) override {
    {
      const std::scoped_lock lock(mutex_);
      done_.push_back(progress.done);
      total_ = progress.total;
    }
    if (on_progress) on_progress(progress);
  }
  void note(std::string_view text) override {
    {
      const std::scoped_lock lock(mutex_);
      notes_.emplace_back(text);
    }
    if (on_note) on_note();
  }
  void warning(std::string_view text) override {
    const std::scoped_lock lock(mutex_);
    warnings_.emplace_back(text);
  }
  void detail(std::string_view text) override {
    const std::scoped_lock lock(mutex_);
    details_.emplace_back(text);
  }

  std::function<void(const Progress&)> on_progress;
  std::function<void()> on_note;

  [[nodiscard]] const std::vector<std::uint64_t>& done() const { return done_; }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
  [[nodiscard]] const std::vector<std::string>& details() const { return details_; }

 private:
  std::mutex mutex_;
  std::vector<std::uint64_t> done_;
  std::uint64_t total_ = 0;
  std::vector<std::string> notes_, warnings_, details_;
};

}  // namespace romwright::test
