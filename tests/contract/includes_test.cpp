// SPDX-License-Identifier: GPL-2.0-or-later
// The arrows of the house: which folder may include which, and which library.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace romwright {
namespace {

namespace fs = std::filesystem;

const fs::path root = ROMWRIGHT_SOURCE_DIR;

/// The room that a path below the root lies in: its first two parts.
std::string room_of(const std::string& path) {
  const auto first = path.find('/');
  const auto second = path.find('/', first + 1);
  return path.substr(0, second);
}

/// Each room, and the rooms that it may include besides itself and flash/base.
const std::map<std::string, std::set<std::string>> arrows = {
    {"flash/base", {}},
    {"flash/bus", {}},
    {"flash/host", {}},
    {"flash/chips", {"flash/bus"}},
    {"flash/sim", {"flash/bus", "flash/host", "flash/chips"}},
    {"flash/device", {"flash/chips", "flash/bus"}},
    {"flash/chipsets", {"flash/bus", "flash/host"}},
    // The protocols of the external programmers: SpiOps in, a device's bytes out.
    {"flash/wires", {"flash/bus", "flash/host"}},
    {"flash/programmers",
     {"flash/bus", "flash/host", "flash/wires", "flash/sim", "flash/chipsets", "flash/chips"}},
    {"toolkit/images", {}},
    {"toolkit/manifests", {}},
    {"toolkit/vendor", {"toolkit/manifests", "toolkit/images"}},
    // What probing finds and a bus hands over is named in chips and bus; what the machine is, in
    // host.
    {"toolkit/pipeline",
     {"toolkit/manifests", "toolkit/vendor", "toolkit/images", "flash/device", "flash/programmers",
      "flash/bus", "flash/chips", "flash/host"}},
    {"toolkit/cli",
     {"toolkit/pipeline", "toolkit/manifests", "toolkit/vendor", "toolkit/images", "flash/device",
      "flash/programmers", "flash/bus", "flash/chips", "flash/host"}},
};

/// A library's headers, and the only rooms or files that may include them.
const std::vector<std::pair<std::regex, std::set<std::string>>> libraries = {
    {std::regex("yaml-cpp/.*"), {"toolkit/manifests"}},
    {std::regex("(libusb.*|ftdi\\.h|libftdi1/.*|pci/.*)"), {"flash/host"}},
    {std::regex("(CLI/.*|iostream)"), {"toolkit/cli"}},
    {std::regex("curl/.*"),
     {"toolkit/vendor/http_client.cpp", "toolkit/vendor/library_versions.cpp"}},
};

std::vector<fs::path> sources() {
  std::vector<fs::path> found;
  for (const char* half : {"flash", "toolkit"})
    for (const auto& entry : fs::recursive_directory_iterator(root / half))
      if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp")
        found.push_back(fs::relative(entry.path(), root));
  return found;
}

TEST(Includes, ArrowsRunDownwardOnly) {
  const std::regex include(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
  std::size_t seen = 0;
  for (const fs::path& path : sources()) {
    const std::string room = room_of(path.generic_string());
    ASSERT_TRUE(arrows.contains(room)) << path << " lies in a room that is not drawn";
    std::ifstream file(root / path);
    for (std::string line; std::getline(file, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      ++seen;
      const std::string name = match[2];
      if (match[1] == "\"") {
        const std::string target = room_of(name);
        EXPECT_TRUE(target == room || target == "flash/base" || arrows.at(room).contains(target))
            << path << " includes " << name << ": no arrow runs from " << room << " to " << target;
        EXPECT_TRUE(fs::exists(root / name))
            << path << " includes " << name << ", which is not relative to the root";
      } else {
        for (const auto& [pattern, rooms] : libraries)
          EXPECT_TRUE(!std::regex_match(name, pattern) || rooms.contains(room) ||
                      rooms.contains(path.generic_string()))
              << path << " includes <" << name << ">";
      }
    }
  }
  EXPECT_GT(seen, 100U);
}

TEST(Includes, OnlyTheCommandLinePrints) {
  const std::regex prints(
      R"((\bstd::(cout|cerr|clog)\b|\bfmt::print|\b(printf|fprintf|puts|perror)\())");
  for (const fs::path& path : sources()) {
    if (room_of(path.generic_string()) == "toolkit/cli") continue;
    std::ifstream file(root / path);
    for (std::string line; std::getline(file, line);)
      EXPECT_FALSE(std::regex_search(line, prints)) << path << " prints: " << line;
  }
}

TEST(Includes, TheArrowsHaveNoCycle) {
  std::set<std::string> below = {"flash/base"};
  for (std::size_t round = 0; round <= arrows.size(); ++round)
    for (const auto& [room, targets] : arrows) {
      bool grounded = true;
      for (const std::string& target : targets) grounded &= below.contains(target);
      if (grounded) below.insert(room);
    }
  for (const auto& [room, targets] : arrows) EXPECT_TRUE(below.contains(room)) << room;
}

TEST(Includes, EveryFileStartsWithItsLicence) {
  for (const fs::path& path : sources()) {
    std::ifstream file(root / path);
    std::string line;
    std::getline(file, line);
    EXPECT_EQ(line, "// SPDX-License-Identifier: GPL-2.0-or-later") << path;
  }
}

}  // namespace
}  // namespace romwright
