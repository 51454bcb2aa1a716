// SPDX-License-Identifier: GPL-2.0-or-later
// The manifests that ship: all load, all are complete, and all say what the facts say.
#include <chrono>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/fixtures.h"
#include "tests/toolkit/manifests/lines.h"
#include "toolkit/manifests/catalogue.h"

namespace romwright::manifests {
namespace {

using nlohmann::json;
using testing::IsEmpty;

Catalogue shipped() { return Catalogue({ROMWRIGHT_SOURCE_DIR}); }

json facts(const std::string& name) {
  std::ifstream file(*test::shared() / "facts" / name);
  return json::parse(file);
}

TEST(ShippedManifests, AllLoad) {
  const Catalogue all = shipped();
  EXPECT_THAT(lines_of([&] { (void)all.boards(); }), IsEmpty());
  EXPECT_THAT(lines_of([&] { (void)all.recipes(); }), IsEmpty());
  EXPECT_GE(all.boards().size(), 111U);
}

TEST(ShippedManifests, EveryVendorFileIsThereAndFits) {
  const Catalogue all = shipped();
  for (const Board& board : all.boards())
    EXPECT_THAT(lines_of([&] { throw_all(all.check(board)); }), IsEmpty()) << board.name;
}

TEST(ShippedManifests, EveryVendorFileIsUsed) {
  const Catalogue all = shipped();
  std::set<std::string> used;
  for (const Board& board : all.boards()) {
    for (const Insert& insert : board.insert) used.insert(insert.file.file);
    for (const SeparateChip& chip : board.separate_chips) used.insert(chip.file.file);
  }
  for (const Recipe& recipe : all.recipes()) {
    EXPECT_TRUE(used.contains(recipe.name)) << recipe.name;
    EXPECT_FALSE(recipe.missing.empty()) << recipe.name;
  }
}

TEST(ShippedManifests, LoadWithinTheTimeOfAGlance) {
  const auto start = std::chrono::steady_clock::now();
  const Catalogue all = shipped();
  const std::size_t count = all.boards().size() + all.recipes().size();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(took.count()));
  EXPECT_GT(count, 0U);
  EXPECT_LT(took.count(), 3.0) << "0.3 s are wanted of a release build";
}

/// The kinds of the facts in the order in which files are inserted.
const std::vector<std::string> kinds = {
    "refcode",        "mrc",        "me",    "kbc1126_ec_fw1", "kbc1126_ec_fw2",
    "vga_option_rom", "sch5545_ec", "fsp_m", "fsp_s"};

/// The hash that `sources` pin for a vendor file of `kind` of the set `vcfg`.
std::string pinned(const json& sources, const std::string& vcfg, const std::string& kind) {
  const std::map<std::string, std::pair<std::string, std::string>> places = {
      {"kbc1126_ec_fw1", {"kbc1126_ec", "fw1"}},
      {"kbc1126_ec_fw2", {"kbc1126_ec", "fw2"}},
      {"fsp_m", {"fsp", "fsp_m"}},
      {"fsp_s", {"fsp", "fsp_s"}}};
  const auto at = places.find(kind);
  for (const json& set : sources["sources"]) {
    if (set["vcfg"] != vcfg) continue;
    for (const json& file : set["files"])
      if (file["kind"] == (at == places.end() ? kind : at->second.first))
        return at == places.end() ? file["sha512_result"]
                                  : file["sha512_result"][at->second.second];
  }
  return "not pinned";
}

/// One line for each insertion: what, where, and its hash.
std::vector<std::string> insertions(const Catalogue& all, const Board& board) {
  std::vector<std::string> lines;
  for (const Insert& insert : board.insert) {
    const std::string hash = all.resolve(board, insert.file).result.sha512;
    if (const auto* cbfs = std::get_if<CbfsTarget>(&insert.target))
      lines.push_back(cbfs->name + " " + cbfs->type + " " +
                      (cbfs->address ? std::to_string(*cbfs->address) : "anywhere") +
                      (cbfs->xip ? " xip " : " ") + hash);
    else
      lines.push_back("region " + std::get<RegionTarget>(insert.target).region + " " + hash);
  }
  return lines;
}

std::vector<std::string> insertions(const json& sources, const json& board) {
  std::vector<std::string> lines;
  for (const std::string& kind : kinds)
    for (const json& file : board["vendor_files"]) {
      if (file["kind"] != kind) continue;
      const std::string hash = pinned(sources, board["vcfg"], kind);
      if (kind == "me")
        lines.push_back("region me " + hash);
      else
        lines.push_back(
            file["cbfs_name"].get<std::string>() + " " + file["cbfs_type"].get<std::string>() +
            " " +
            (file.contains("base_address")
                 ? std::to_string(std::stoull(file["base_address"].get<std::string>(), nullptr, 16))
                 : "anywhere") +
            (file.value("xip", false) ? " xip " : " ") + hash);
    }
  return lines;
}

std::map<std::string, Range> regions(const json& board) {
  std::map<std::string, Range> found;
  if (board.contains("ifd"))
    for (const auto& [name, range] : board["ifd"]["regions"].items())
      found[name] = {range[0], range[1]};
  return found;
}

TEST(ShippedManifests, BoardsAgreeWithTheFacts) {
  if (!test::shared()) GTEST_SKIP() << "the facts are not here";
  const json boards = facts("boards.json"), sources = facts("vendor_sources.json");
  const Catalogue all = shipped();
  std::size_t count = 0;
  for (const json& fact : boards["boards"]) {
    ++count;
    const Board board = all.board(fact["name"]);
    SCOPED_TRACE(board.name);
    EXPECT_EQ(board.name, fact["name"]);
    EXPECT_EQ(board.image.size, fact["rom_size"]);
    EXPECT_EQ(board.cbfs.size, fact["cbfs_size"].get<std::uint64_t>());
    EXPECT_EQ(board.coreboot.tree, fact["tree"]);
    EXPECT_EQ(board.coreboot.mainboard, fact["mainboard_dir"]);
    EXPECT_EQ(board.coreboot.variant, fact.value("variant", ""));
    EXPECT_EQ(board.machine.coreboot.at(0).part, fact["part_number"]);
    EXPECT_EQ(board.image.descriptor.has_value(), fact["has_ifd"].get<bool>());
    EXPECT_EQ(
        board.image.descriptor ? board.image.descriptor->expect : (std::map<std::string, Range>{}),
        regions(fact));
    EXPECT_EQ(board.image.descriptor ? board.image.descriptor->platform : "",
              fact.value("IFD_platform", ""));
    EXPECT_EQ(insertions(all, board), insertions(sources, fact));
    EXPECT_EQ(board.default_mac.empty(), !fact["has_gbe"].get<bool>());
    std::size_t separate = 0;
    for (const json& file : fact["vendor_files"]) {
      if (file["kind"] != "tbfw") continue;
      ++separate;
      EXPECT_EQ(all.resolve(board, board.separate_chips.at(0).file).result.sha512,
                pinned(sources, fact["vcfg"], "tbfw"));
    }
    EXPECT_EQ(board.separate_chips.size(), separate);
  }
  EXPECT_EQ(count, all.boards().size());
}

TEST(ShippedManifests, DownloadsAgreeWithTheFacts) {
  if (!test::shared()) GTEST_SKIP() << "the facts are not here";
  const json sources = facts("vendor_sources.json");
  std::multimap<std::string, Recipe> by_download;
  for (const Recipe& recipe : shipped().recipes()) {
    ASSERT_TRUE(recipe.download) << recipe.name;
    by_download.emplace(recipe.download->sha512, recipe);
  }
  for (const json& set : sources["sources"])
    for (const json& file : set["files"]) {
      const std::string hash = file.value("sha512_download", file.value("sha512_fd", ""));
      SCOPED_TRACE(set["vcfg"].get<std::string>() + " " + file["kind"].get<std::string>());
      const auto [from, to] = by_download.equal_range(hash);
      ASSERT_NE(from, to);
      if (!file.contains("url")) continue;
      for (auto at = from; at != to; ++at) {
        EXPECT_EQ(at->second.download->urls.front(), file["url"]);
        EXPECT_EQ(at->second.download->urls.back(), file["backup_url"]);
      }
    }
}

}  // namespace
}  // namespace romwright::manifests
