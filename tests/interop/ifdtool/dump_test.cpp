// SPDX-License-Identifier: GPL-2.0-or-later
// What `ifdtool -d` prints of real descriptors, against the view.
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/interop/ifdtool/ifdtool.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::images {
namespace {

using nlohmann::json;
using Numbers = std::vector<std::uint32_t>;

/// A dump's lines that `pattern` matches, as capture groups.
std::vector<std::smatch> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  return {std::sregex_iterator(text.begin(), text.end(), expression), std::sregex_iterator()};
}

std::uint32_t hex(const std::string& text) {
  return static_cast<std::uint32_t>(std::stoul(text, nullptr, 16));
}

/// The regions in use, by index.
std::map<unsigned long, Range> printed_regions(const std::string& dump) {
  std::map<unsigned long, Range> regions;
  for (const std::smatch& line :
       matches(dump, "Flash Region (\\d+) \\(.*\\): ([0-9a-f]+) - ([0-9a-f]+) \\n"))
    regions[std::stoul(line[1])] = {hex(line[2]), std::uint64_t{hex(line[3])} + 1 - hex(line[2])};
  return regions;
}

void expect_same(const IfdView& ifd, const std::string& dump, const std::string& name) {
  std::map<unsigned long, Range> regions;
  for (const IfdRegion& region : ifd.regions()) {
    // Debian's ifdtool prints nine regions at most.
    if (region.index <= 8) regions[region.index] = region.range;
    if (region.index <= 4) {
      EXPECT_NE(dump.find(fmt::format("Region {} ({}): ", region.index, region.pretty)),
                std::string::npos)
          << name << " " << region.pretty;
    }
  }
  EXPECT_EQ(regions, printed_regions(dump)) << name;

  const std::vector<std::uint32_t> masters = ifd.masters();
  for (const std::smatch& line : matches(dump, "FLMSTR(\\d): +0x([0-9a-f]{8})")) {
    const std::size_t index = std::stoul(line[1]) - 1;
    ASSERT_LT(index, masters.size()) << name;
    EXPECT_EQ(masters[index], hex(line[2])) << name << " FLMSTR" << line[1];
  }

  Numbers straps = ifd.straps(), printed;
  for (const std::smatch& line : matches(dump, "PCHSTRP\\d+ *: 0x([0-9a-f]{8})"))
    printed.push_back(hex(line[1]));
  ASSERT_GE(printed.size(), straps.size()) << name;
  printed.resize(straps.size());  // ifdtool prints up to the next section
  EXPECT_EQ(straps, printed) << name;
}

TEST_F(WithIfdtool, DumpsOfRealDescriptorsAgree) {
  const auto shared = test::shared();
  if (!shared) GTEST_SKIP() << "the descriptors are not here";
  const json vectors =
      json::parse(std::ifstream(*shared / "facts" / "golden_vectors.json"))["ifdtool"];
  std::size_t compared = 0, unknown_platform = 0;
  for (const json& vector : vectors) {
    const std::string name = vector["input"];
    const auto file = *shared / "fixtures" / name;
    if (!std::filesystem::exists(file)) continue;
    const std::string platform =
        vector["platform"].is_null() ? "" : vector["platform"].get<std::string>();
    if (!knows(platform)) {
      ++unknown_platform;
      continue;
    }
    const test::Result dump = ifdtool(platform, {"-d"}, file);
    ASSERT_EQ(dump.status, 0) << name << dump.err;
    const Buffer image = test::read_file(file);
    const auto ifd = find_ifd(image);
    ASSERT_TRUE(ifd) << name;
    expect_same(*ifd, dump.out, name);
    ++compared;
  }
  EXPECT_GT(compared, 30U);
  RecordProperty("compared", static_cast<int>(compared));
  RecordProperty("platform unknown to ifdtool", static_cast<int>(unknown_platform));
}

}  // namespace
}  // namespace romwright::images
