// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/address_check.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <exception>
#include <mutex>
#include <thread>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

/// Manufacturers' servers answer slowly; more than this is impolite.
constexpr std::size_t most_at_once = 8;

}  // namespace

std::vector<UrlCheck> check_addresses(const std::vector<AddressQuestion>& questions,
                                      const HttpLimits& limits, Run& run) {
  std::vector<UrlCheck> answers(questions.size());
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failed;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < questions.size(); i = next++)
        answers[i] = check_url(questions[i].url, questions[i].size, limits, run);
    } catch (...) {
      const std::scoped_lock lock(mutex);
      failed = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(most_at_once, questions.size()); ++i)
      threads.emplace_back(work);
    work();
  }
  if (failed) std::rethrow_exception(failed);
  return answers;
}

}  // namespace romwright::vendor
