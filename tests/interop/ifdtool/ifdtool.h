// SPDX-License-Identifier: GPL-2.0-or-later
// coreboot's ifdtool as a peer: what it says of an image, and what it makes of it.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "tests/support/program.h"

namespace romwright::images {

/// Skips where ifdtool is not installed.
class WithIfdtool : public testing::Test {
 protected:
  void SetUp() override {
    const std::optional<std::string> found = test::find_program("ifdtool");
    if (!found) GTEST_SKIP() << "ifdtool is not installed (Debian: coreboot-utils)";
    ifdtool_ = *found;
  }

  /// Runs `ifdtool [-p PLATFORM] ARGUMENTS FILE`.
  [[nodiscard]] test::Result ifdtool(std::string_view platform, std::vector<std::string> arguments,
                                     const std::filesystem::path& file) const {
    arguments.insert(arguments.begin(), ifdtool_);
    if (!platform.empty()) arguments.insert(arguments.end(), {"-p", std::string(platform)});
    arguments.push_back(file.string());
    return test::run(arguments);
  }

  /// What ifdtool makes of `image`; nothing, and a failure, where it refuses.
  [[nodiscard]] std::optional<Buffer> changed(std::string_view platform,
                                              std::vector<std::string> arguments,
                                              const Buffer& image) const {
    test::write_file(folder_ / "in", image);
    const auto out = folder_ / "out";
    std::filesystem::remove(out);
    arguments.insert(arguments.end(), {"-O", out.string()});
    const test::Result result = ifdtool(platform, std::move(arguments), folder_ / "in");
    if (result.status == 0 && std::filesystem::exists(out)) return test::read_file(out);
    ADD_FAILURE() << "ifdtool: " << result.status << "\n" << result.out << result.err;
    return std::nullopt;
  }

  /// Whether this ifdtool knows the platform: Debian's is older than some.
  [[nodiscard]] bool knows(std::string_view platform) const {
    if (platform.empty()) return true;
    const std::string help = test::run({ifdtool_, "-h"}).out;
    return std::regex_search(help, std::regex("\\b" + std::string(platform) + "\\s+- "));
  }

  std::string ifdtool_;
  test::TemporaryFolder folder_;
};

}  // namespace romwright::images
