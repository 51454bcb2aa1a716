// SPDX-License-Identifier: GPL-2.0-or-later
// Every package of the fixtures: all that expected.json says is in it comes out, with its hash.
#include "tests/toolkit/vendor/containers.h"

#include <map>
#include <set>

#include "toolkit/vendor/chromeos/ext2_files.h"
#include "toolkit/vendor/chromeos/gpt.h"
#include "toolkit/vendor/inflate.h"

namespace romwright::vendor::test {
namespace {

using nlohmann::json;

/// The packages' names; one that stands for none where the fixtures are absent.
std::vector<std::string> all_containers() {
  const auto fixtures = romwright::test::fixtures();
  if (!fixtures || !std::filesystem::exists(*fixtures / "containers/expected.json"))
    return {"fixtures"};
  std::vector<std::string> names;
  const json expected = json::parse(std::ifstream(*fixtures / "containers/expected.json"));
  for (const json& one : expected.at("containers")) names.push_back(one.at("name"));
  return names;
}

class Containers : public ContainerTest, public testing::WithParamInterface<std::string> {
 protected:
  /// The steps that take such a package apart.
  ExtractedFiles all_of(const std::string& kind) {
    const ExtractedFiles given = package(GetParam());
    if (kind == "dell-pfs") return pfs(given);
    if (kind == "dell-gzip-exe") return e6400(given);
    if (kind == "fsp2") return extract("fsp_split", given);
    if (kind == "uefi-image") return given;
    if (kind == "chromeos-shellball") return extract("chromeos_recovery", given, {{"image", "*"}});
    ExtractedFiles found = extract("unpack", given);
    if (kind == "chromeos-recovery-zip") add_recovery(found);
    return found;
  }
  ExtractedFiles pfs(const ExtractedFiles& given) {
    ExtractedFiles found = extract("dell_pfs", given);
    for (const json& one : contains())
      if (one.at("path").get<std::string>().starts_with("Utilities/")) {
        std::ranges::copy(extract("dell_pfs", given, {{"section", "utilities"}}),
                          std::back_inserter(found));
        break;
      }
    EXPECT_EQ(found.size(), contains().size());
    return found;
  }
  /// The modules, and the image that they are in, which the extractor does not hand out.
  ExtractedFiles e6400(const ExtractedFiles& given) {
    const std::uint64_t offset = container(GetParam()).at("E6400_VGA_offset");
    ExtractedFiles found = extract("e6400_vga", given);
    EXPECT_EQ(found.size() + 1, contains().size());
    const ExtractedFiles named = extract("e6400_vga", given, {{"offset", offset}});
    EXPECT_EQ(named.size(), found.size());
    const ExtractedFiles rom =
        extract("e6400_vga", given,
                {{"offset", offset}, {"module", container(GetParam()).at("E6400_VGA_romname")}});
    EXPECT_EQ(rom.size(), 1U);
    const ConstBytes packed = given[0].content.bytes().subspan(offset - 1);
    found.push_back({"bios.bin", Content(inflate_stream(packed, 1U << 20))});
    return found;
  }
  /// The updater's files, and on the way to them the partition and the updater itself.
  void add_recovery(ExtractedFiles& found) {
    const ExtractedFiles disk = {found.at(0)};
    const json& expected = contains()[0].at("gpt");
    const std::vector<GptPartition> partitions = read_gpt(disk[0].content.bytes());
    const auto root = std::ranges::find(partitions, expected.at("partition").get<std::string>(),
                                        &GptPartition::name);
    ASSERT_NE(root, partitions.end());
    EXPECT_EQ(root->range, (Range{expected.at("offset"), expected.at("size")}));
    const Content volume = disk[0].content.part(root->range, "partition");
    EXPECT_EQ(hash({"", volume}), expected.at("sha512"));
    UnpackBudget budget(workshop.limits);
    const std::string updater = "/usr/sbin/chromeos-firmwareupdate";
    found.push_back({disk[0].path + "/ROOT-A" + updater,
                     read_ext2_file(volume.bytes(), updater, budget, workshop)});
    std::ranges::copy(extract("chromeos_recovery", disk, {{"image", "*"}}),
                      std::back_inserter(found));
  }

  [[nodiscard]] const json& contains() const { return container(GetParam()).at("contains"); }

  static void expect_same(const ExtractedFiles& found, const json& expected) {
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].content.size(), expected.at("size"));
    EXPECT_EQ(hash(found[0]), expected.at("sha512"));
  }

  // What else is known of a file. `all` came out of the package; `file` is the one in question.
  void kbc1126(const ExtractedFiles& all, const json& one) {
    const ExtractedFiles image =
        extract("find", all, {{"name", {"Rompaq/68*.BIN", "ROM.CAB/Rom.bin", "68*.CAB/Rom.bin"}}});
    const ExtractedFiles found = extract("kbc1126", image);
    ASSERT_EQ(found.size(), 2U);
    expect_same({found[0]}, one.at("kbc1126").at("fw1"));
    expect_same({found[1]}, one.at("kbc1126").at("fw2"));
  }
  void management_engine(const ExtractedFiles& all, const json& one) {
    const ExtractedFiles found = extract("find", all, {{"intel-me", "any"}});
    ASSERT_EQ(found.size(), 1U);
    if (one.contains("me_region")) {
      const json& region = one["me_region"];
      EXPECT_EQ(found[0].content.size(), region.at("size"));
      const auto size = region.value("me_bin_size", region.at("size").get<std::size_t>());
      EXPECT_EQ(hex_digest(Hash::sha512, found[0].content.bytes().first(size)),
                region.at("me_bin_sha512"));
    } else {
      EXPECT_EQ(hash(found[0]), one.at("sha512"));
    }
    expect_same(extract("me_clean", found, {{"relocate", true}, {"truncate", true}}),
                one.at("me_extracted"));
  }
  void me7_update(const ExtractedFiles& all, const json& one) {
    const ExtractedFiles found = extract("find", all, {{"intel-me", "update"}});
    expect_same(found, one);
    expect_same(extract("me7_update", found), one.at("me7_update"));
  }
  void cbfs(const ExtractedFile& file, const json& one) {
    for (const json& expected : one.at("cbfs"))
      expect_same(extract("cbfs_file", {file},
                          {{"name", expected.at("name")}, {"area", expected.at("region")}}),
                  expected);
  }
  void sch5545(const ExtractedFile& file, const json& one) {
    const json& uefi = one.at("uefi");
    const json path = json::array({{{"guid", uefi.at("volume_guid")}, {"index", 4}},
                                   {{"guid", uefi.at("file_guid")}, {"index", 7}},
                                   {{"section", "raw"}, {"index", 0}}});
    for (const json& parameters : {json::object(), json{{"path", path}}})
      expect_same(extract("sch5545", {file}, parameters),
                  {{"size", uefi.at("body_size")}, {"sha512", uefi.at("body_sha512")}});
  }
  /// By a path of GUIDs, "Volume image section", "Raw section" and "PE32 image section".
  void uefi(const ExtractedFile& file, const json& one) {
    const std::map<std::string, std::string> sections = {
        {"Volume image section", "volume"}, {"Raw section", "raw"}, {"PE32 image section", "pe32"}};
    json steps = json::array();
    for (const json& step : one.at("guid_path")) {
      const auto section = sections.find(step.get<std::string>());
      steps.push_back(section == sections.end() ? json{{"guid", step}}
                                                : json{{"section", section->second}});
    }
    steps.back()["index"] = one.at("section_index");
    expect_same(extract("uefi", {file}, {{"path", steps}}), one);
    // The outer steps may be left out.
    if (&one != &contains()[1]) return;
    const json end = json::array({steps[steps.size() - 2], steps.back()});
    expect_same(extract("uefi", {file}, {{"path", end}}), one);
  }
};

/// What AllComesOut looks into.
const std::set<std::string> known = {"kbc1126", "me_extracted", "me_region",        "me7_update",
                                     "uefi",    "gpt",          "padded_to_1048576"};

TEST_P(Containers, AllComesOut) {
  const json& expected = container(GetParam());
  EXPECT_EQ(hash(package(GetParam())[0]), expected.at("sha512"));
  const ExtractedFiles all = all_of(expected.at("kind"));
  for (const json& one : contains()) {
    SCOPED_TRACE(one.value("path", one.value("uefiextract_path", "")));
    if (one.contains("guid_path")) {
      uefi(all.at(0), one);
      continue;
    }
    // "a.bin!ROOT-A!/usr/x": what is in what.
    std::string path = one.at("path");
    for (std::size_t at; (at = path.find("!/")) != std::string::npos;) path.erase(at, 1);
    std::ranges::replace(path, '!', '/');
    const ExtractedFile* file = ending_in(all, path);
    ASSERT_NE(file, nullptr);
    expect_same({*file}, one);
    if (one.contains("kbc1126")) kbc1126(all, one);
    if (one.contains("me_extracted")) management_engine(all, one);
    if (one.contains("me7_update")) me7_update(all, one);
    if (one.contains("cbfs")) cbfs(*file, one);
    if (one.contains("uefi")) sch5545(*file, one);
    if (one.contains("padded_to_1048576"))
      expect_same(extract("thunderbolt", {*file}, {{"size", 1048576}}),
                  {{"size", 1048576}, {"sha512", one["padded_to_1048576"].at("sha512")}});
    // Nothing that has a hash is passed over.
    for (const auto& [key, value] : one.items())
      EXPECT_TRUE(!value.is_object() || value.dump().find("sha512") == std::string::npos ||
                  known.contains(key))
          << key;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Containers, testing::ValuesIn(all_containers()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

class MeFiles : public ContainerTest {};

TEST_F(MeFiles, UpdatesAndBareRegionsAreFoundWhole) {
  for (const auto& [name, which] :
       {std::pair("me7-update", "any"), {"me11-synthetic", "any"}, {"me11-synthetic", "region"}}) {
    const ExtractedFiles found =
        extract("find", extract("unpack", package(name)), {{"intel-me", which}});
    ASSERT_EQ(found.size(), 1U) << name;
    EXPECT_EQ(hash(found[0]), container(name).at("contains")[0].at("sha512")) << name;
  }
}

}  // namespace
}  // namespace romwright::vendor::test
