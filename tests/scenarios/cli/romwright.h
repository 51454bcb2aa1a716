// SPDX-License-Identifier: GPL-2.0-or-later
// The program as its users run it, in a home of its own.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"

namespace romwright::test {

/// A folder to work in, with backups and caches below it.
class Workplace {
 public:
  /// Runs `romwright ARGUMENTS`.
  Result operator()(const std::vector<std::string>& arguments) const {
    return run(command(arguments), environment());
  }
  /// The same with --json; the object, or null where none was printed.
  nlohmann::json json(std::vector<std::string> arguments, int expected_status = 0) const {
    arguments.emplace_back("--json");
    const Result result = (*this)(arguments);
    EXPECT_EQ(result.status, expected_status) << result.err;
    return nlohmann::json::parse(result.out, nullptr, false);
  }
  static std::vector<std::string> command(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{ROMWRIGHT_PROGRAM};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }
  [[nodiscard]] std::vector<std::string> environment() const {
    return {"XDG_STATE_HOME=" + (folder_ / "state").string(),
            "XDG_CACHE_HOME=" + (folder_ / "cache").string()};
  }
  [[nodiscard]] std::string path(std::string_view name) const { return (folder_ / name).string(); }
  void write(std::string_view name, ConstBytes content) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write_file(folder_ / name, content);
  }
  void write(std::string_view name, std::string_view text) const { write(name, as_bytes(text)); }
  [[nodiscard]] Buffer read(std::string_view name) const { return read_file(folder_ / name); }
  [[nodiscard]] bool has(std::string_view name) const {
    return std::filesystem::exists(folder_ / name);
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace romwright::test
