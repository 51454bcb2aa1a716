// SPDX-License-Identifier: GPL-2.0-or-later
// Release fixtures as manifests of their own: what is pinned there is found by its hash.
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "tests/support/fixtures.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/vendor/store.h"

namespace romwright::vendor {
namespace {

using nlohmann::json;

class Releases : public testing::TestWithParam<std::string> {};

TEST_P(Releases, VendorFilesAreFoundByTheirHashes) {
  if (!test::fixtures()) GTEST_SKIP() << "the fixtures are not here";
  const std::filesystem::path releases = *test::fixtures() / "releases";
  std::ifstream stream(releases / (GetParam() + ".json"));
  const json release = json::parse(stream);
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "layouts/test");
  std::filesystem::create_directories(folder / "vendorfiles");

  for (const auto& [name, file] : release["vendor"].items()) {
    const std::string stem = std::filesystem::path(name).stem().string();
    test::write_file(folder.path() / "vendorfiles" / (stem + ".yaml"),
                     as_bytes(fmt::format(
                         "file: {}\nkind: other\nresults: [{{name: {}, sha512: {}, size: {}}}]\n",
                         stem, name, file["sha512"].get<std::string>(), file["size"].dump())));
  }
  const std::uint64_t size = release["roms"].begin().value()["size"];
  std::string text = fmt::format(
      "board: {}\ntitle: Test\nimage: {{size: {}, descriptor: {{expect: {{me: "
      "0x3000+0x18000}}}}}}\n"
      "insert:\n",
      GetParam(), size);
  for (const json& entry : release["insert"]) {
    text += fmt::format("  - {{file: {}",
                        std::filesystem::path(entry["file"].get<std::string>()).stem().string());
    for (const char* key : {"region", "type", "offset", "address"})
      if (entry.contains(key)) text += fmt::format(", {}: {}", key, entry[key].get<std::string>());
    if (entry.contains("cbfs")) text += ", cbfs: " + entry["cbfs"].dump();
    text += "}\n";
  }
  test::write_file(folder.path() / "layouts/test" / (GetParam() + ".yaml"), as_bytes(text));

  const manifests::Catalogue catalogue({folder.path()});
  const manifests::Board board = catalogue.board(GetParam());
  EXPECT_EQ(board.insert.size(), release["insert"].size());
  EXPECT_TRUE(catalogue.check(board).empty());
  const VendorStore store({{releases / ("vendor-" + GetParam())}, {}, {}});
  EventSink events;
  romwright::Run quiet{{}, events};
  for (const manifests::Insert& insert : board.insert) {
    const auto [recipe, result] = catalogue.resolve(board, insert.file);
    EXPECT_EQ(hex_digest(Hash::sha512, store.load(wanted_file(recipe, result), quiet)),
              result.sha512);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Releases, testing::Values("x230_12mb", "hp2570p_16mb"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace romwright::vendor
