// SPDX-License-Identifier: GPL-2.0-or-later
// The manual: every command that a page shows is run (`names` finds those that would not be).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.h"

namespace romwright {
namespace {

namespace fs = std::filesystem;

const fs::path source = ROMWRIGHT_SOURCE_DIR;

std::vector<std::string> lines_of(const fs::path& page) {
  std::ifstream file(page);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// Every page, as its path in the project.
std::vector<std::string> pages() {
  std::vector<std::string> found{"README.md"};
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(source / "docs"))
    if (entry.path().extension() == ".md")
      found.push_back(fs::relative(entry.path(), source).string());
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> pages_with_sessions() {
  std::vector<std::string> found;
  for (const std::string& page : pages()) {
    const std::vector<std::string> lines = lines_of(source / page);
    if (std::ranges::find(lines, "```sh") != lines.end()) found.push_back(page);
  }
  return found;
}

class Manual : public testing::TestWithParam<std::string> {};

TEST_P(Manual, ItsCommandsWork) {
  const test::Result result = test::run({(source / "tests/scenarios/docs/session").string(),
                                         ROMWRIGHT_PROGRAM, (source / GetParam()).string()},
                                        {});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
}

INSTANTIATE_TEST_SUITE_P(Pages, Manual, testing::ValuesIn(pages_with_sessions()),
                         [](const auto& about) {
                           std::string name = about.param;
                           std::ranges::replace_if(
                               name, [](char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

TEST(ManualText, LinksLeadSomewhere) {
  std::vector<std::string> dead;
  for (const std::string& page : pages())
    for (const std::string& line : lines_of(source / page))
      for (std::size_t at = line.find("]("); at != std::string::npos;
           at = line.find("](", at + 1)) {
        std::string target = line.substr(at + 2, line.find(')', at) - at - 2);
        target = target.substr(0, target.find('#'));
        if (target.empty() || target.find("://") != std::string::npos) continue;
        if (!fs::exists((source / page).parent_path() / target))
          dead.push_back(page + ": " + target);
      }
  EXPECT_THAT(dead, testing::IsEmpty());
}

/// What `romwright programmers` lists of each: its name, and its parameters.
TEST(ManualText, EveryProgrammerHasAPageWithItsParameters) {
  std::istringstream lines(test::run({ROMWRIGHT_PROGRAM, "programmers"}).out);
  std::vector<std::string> missing;
  std::string text, page;
  unsigned programmers = 0;
  for (std::string line; std::getline(lines, line) && !line.starts_with("known, but");) {
    if (!line.starts_with(' ')) {
      page = "docs/programmers/" + line.substr(0, line.find(' ')) + ".md";
      if (!fs::exists(source / page)) missing.push_back(page);
      text.clear();
      for (const std::string& part : lines_of(source / page)) text += part + '\n';
      ++programmers;
    } else if (!line.starts_with("    usb ")) {
      const std::string parameter = line.substr(4, line.find('=') - 4);
      if (text.find('`' + parameter) == std::string::npos)
        missing.push_back(page + ": " + parameter);
    }
  }
  EXPECT_GE(programmers, 9U);
  EXPECT_THAT(missing, testing::IsEmpty());
}

/// A promise is worth as much as the test that is named beside it.
TEST(ManualText, TheTestsThatItNamesAreThere) {
  std::vector<std::string> missing;
  for (const std::string& line : lines_of(source / "docs/safety.md"))
    for (std::size_t at = line.find("_test.cpp`"); at != std::string::npos;
         at = line.find("_test.cpp`", at + 1)) {
      const std::size_t start = line.rfind('`', at) + 1;
      const std::string name = line.substr(start, at - start) + "_test.cpp";
      if (!fs::exists(source / "tests" / name)) missing.push_back(name);
    }
  EXPECT_THAT(missing, testing::IsEmpty());
}

}  // namespace
}  // namespace romwright
