// SPDX-License-Identifier: GPL-2.0-or-later
// The vendor packages of the fixtures, and what must come out of them.
#pragma once

#include <fstream>
#include <optional>

#include "flash/base/digest.h"
#include "tests/support/fixtures.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {

/// Tests on one package of `containers/expected.json` each; skipped where the fixtures are absent.
class ContainerTest : public ExtractorTest {
 protected:
  void SetUp() override {
    const auto fixtures = romwright::test::fixtures();
    if (!fixtures || !std::filesystem::exists(*fixtures / "containers/expected.json"))
      GTEST_SKIP() << "the fixtures are not here";
    folder_ = *fixtures / "containers";
    std::ifstream(folder_ / "expected.json") >> expected_;
  }

  [[nodiscard]] const nlohmann::json& container(const std::string& name) const {
    for (const nlohmann::json& one : expected_.at("containers"))
      if (one.at("name") == name) return one;
    throw std::out_of_range(name);
  }
  /// The package itself, under its file's name.
  [[nodiscard]] ExtractedFiles package(const std::string& name) const {
    const std::filesystem::path path = folder_ / container(name).at("file").get<std::string>();
    return {{path.filename().string(), Content(romwright::test::read_file(path))}};
  }
  /// The file that the package contains at `path`, as expected.json describes it.
  [[nodiscard]] const nlohmann::json& content(const std::string& name,
                                              const std::string& path) const {
    for (const nlohmann::json& one : container(name).at("contains"))
      if (one.value("path", "") == path) return one;
    throw std::out_of_range(path);
  }
  /// The file of `files` whose path ends in `path`, or nullptr.
  static const ExtractedFile* ending_in(const ExtractedFiles& files, const std::string& path) {
    for (const ExtractedFile& file : files)
      if (file.path == path || file.path.ends_with("/" + path)) return &file;
    return nullptr;
  }
  static std::string hash(const ExtractedFile& file) {
    return hex_digest(Hash::sha512, file.content.bytes());
  }

  std::filesystem::path folder_;
  nlohmann::json expected_;
};

}  // namespace romwright::vendor::test
