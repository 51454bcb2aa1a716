// SPDX-License-Identifier: GPL-2.0-or-later
// A simulated chip behind a serprog device on a loopback port or a pseudo-terminal, in a process of
// its own.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/program.h"

namespace romwright::test {

class SerprogDevice {
 public:
  /// Serves `chip`, its content in the file `image`, until destruction; `options` are the server's.
  SerprogDevice(const std::string& chip, const std::string& image,
                const std::vector<std::string>& options = {})
      : server_(command(options, chip, image)) {
    // The port is printed when the server listens.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!server_.out().ends_with('\n')) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("no serprog device: " + server_.err());
      std::this_thread::yield();
    }
    port_ = server_.out();
    port_.pop_back();
  }
  /// As `-p` takes it.
  [[nodiscard]] std::string programmer() const {
    return port_[0] == '/' ? "serprog:dev=" + port_ : "serprog:ip=127.0.0.1:" + port_;
  }

 private:
  static std::vector<std::string> command(const std::vector<std::string>& options,
                                          const std::string& chip, const std::string& image) {
    std::vector<std::string> all = {ROMWRIGHT_SERPROG_SERVER};
    all.insert(all.end(), options.begin(), options.end());
    all.insert(all.end(), {chip, image});
    return all;
  }

  Process server_;
  std::string port_;  ///< or the terminal's path
};

}  // namespace romwright::test
