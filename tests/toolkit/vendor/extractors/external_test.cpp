// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdlib>

#include <gmock/gmock.h>

#include "tests/support/fixtures.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

using nlohmann::json;

class External : public ExtractorTest {
 protected:
  const ExtractedFiles files = {{"a.bin", Content(Buffer{'a', 'b'})}};
  void refused(const json& parameters, const std::string& line) {
    try {
      extract("external", files, parameters);
      ADD_FAILURE() << "not refused";
    } catch (const VendorError& error) {
      EXPECT_EQ(error.line(), line);
    }
  }
};

TEST_F(External, RunsAProgramOnFiles) {
  const auto results =
      extract("external", files, {{"program", "cp"}, {"arguments", {"{input}", "{output}"}}});
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].path, "a.bin");
  EXPECT_EQ(copy(results[0].content), (Buffer{'a', 'b'}));
}

TEST_F(External, FindsWhatLiesBesideTheProgram) {
  const romwright::test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "data");
  romwright::test::write_file(folder / "data/key", as_bytes("key"));
  romwright::test::write_file(folder / "romwright-test-tool",
                              as_bytes("#!/bin/sh\ncat \"$1\" \"$2\" > \"$3\"\n"));
  std::filesystem::permissions(folder / "romwright-test-tool", std::filesystem::perms::owner_all);
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", (folder.path().string() + ":" + before).c_str(), 1);
  const auto results = extract(
      "external", files,
      {{"program", "romwright-test-tool"}, {"arguments", {"data/key", "{input}", "{output}"}}});
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(copy(results.at(0).content), (Buffer{'k', 'e', 'y', 'a', 'b'}));
}

TEST_F(External, Failures) {
  refused({{"program", "no-such-tool"},
           {"arguments", json::array()},
           {"homepage", "https://example.org/tool"}},
          "the program 'no-such-tool' is not on PATH (it is had from https://example.org/tool)");
  refused({{"program", "sh"}, {"arguments", {"-c", "echo no key; exit 2"}}},
          "a.bin: sh failed with status 2 (no key)");
  refused({{"program", "true"}, {"arguments", json::array()}}, "a.bin: true wrote no output");
  refused({{"program", "ln"}, {"arguments", {"-s", "/etc/passwd", "{output}"}}},
          "a.bin: ln wrote no output");
}

}  // namespace
}  // namespace romwright::vendor::test
