// SPDX-License-Identifier: GPL-2.0-or-later
// The fixtures' firmware images: what comes out has the hashes of expected.json.
#include <map>

#include "tests/toolkit/vendor/containers.h"

namespace romwright::vendor::test {
namespace {

using nlohmann::json;

class FirmwareContainers : public ContainerTest {};

TEST_F(FirmwareContainers, FspIsSplit) {
  for (const char* name : {"fsp-1", "fsp-2"}) {
    const ExtractedFiles found = extract("fsp_split", package(name));
    const json& contains = container(name).at("contains");
    EXPECT_EQ(found.size(), contains.size());
    for (const json& one : contains) {
      const ExtractedFile* file = ending_in(found, one.at("path"));
      ASSERT_NE(file, nullptr) << one.at("path");
      EXPECT_EQ(file->content.size(), one.at("size"));
      EXPECT_EQ(hash(*file), one.at("sha512"));
    }
  }
}

/// A path as the fixtures write it, step by step: GUIDs, "Volume image section", "Raw section".
json steps_of(const json& guid_path, const json& index) {
  const std::map<std::string, std::string> sections = {
      {"Volume image section", "volume"}, {"Raw section", "raw"}, {"PE32 image section", "pe32"}};
  json steps = json::array();
  for (const json& step : guid_path) {
    const auto section = sections.find(step.get<std::string>());
    if (section == sections.end())
      steps.push_back({{"guid", step}});
    else
      steps.push_back({{"section", section->second}});
  }
  steps.back()["index"] = index;
  return steps;
}

TEST_F(FirmwareContainers, UefiPathsLeadToTheirSections) {
  const ExtractedFiles image = package("uefi-nested");
  for (const json& one : container("uefi-nested").at("contains")) {
    SCOPED_TRACE(one.at("uefiextract_path"));
    const json whole = steps_of(one.at("guid_path"), one.at("section_index"));
    const ExtractedFiles found = extract("uefi", image, {{"path", whole}});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].content.size(), one.at("size"));
    EXPECT_EQ(hash(found[0]), one.at("sha512"));
  }
}

TEST_F(FirmwareContainers, UefiPathsMayLeaveOutTheirOuterSteps) {
  const json& one = container("uefi-nested").at("contains")[1];
  const json whole = steps_of(one.at("guid_path"), one.at("section_index"));
  const json path = json::array({whole[whole.size() - 2], whole.back()});
  EXPECT_EQ(hash(extract("uefi", package("uefi-nested"), {{"path", path}}).at(0)),
            one.at("sha512"));
}

class EcContainers : public ContainerTest, public testing::WithParamInterface<const char*> {};

TEST_P(EcContainers, EcFirmwareComesOut) {
  if (find_entry(extractors(), "unpack") == nullptr) GTEST_SKIP() << "there is no unpack";
  const ExtractedFiles unpacked = extract("unpack", package(GetParam()));
  const ExtractedFiles image = extract(
      "find", unpacked,
      {{"name", {"Rompaq/68*.BIN", "ROM.CAB/Rom.bin", "Rom.CAB/Rom.bin", "68*.CAB/Rom.bin"}}});
  const ExtractedFiles found = extract("kbc1126", image);
  ASSERT_EQ(found.size(), 2U);
  std::size_t checked = 0;
  for (const json& one : container(GetParam()).at("contains")) {
    if (!one.contains("kbc1126")) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      const json& part = one["kbc1126"][i == 0 ? "fw1" : "fw2"];
      EXPECT_EQ(found[i].content.size(), part.at("size"));
      EXPECT_EQ(hash(found[i]), part.at("sha512"));
      ++checked;
    }
  }
  EXPECT_EQ(checked, 2U);
}

INSTANTIATE_TEST_SUITE_P(All, EcContainers, testing::Values("sfx-7z-cab-kbc1126", "sfx-zip-rompaq"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

class MeContainers : public ContainerTest, public testing::WithParamInterface<const char*> {};

TEST_P(MeContainers, TheManagementEngineIsFound) {
  if (find_entry(extractors(), "unpack") == nullptr) GTEST_SKIP() << "there is no unpack";
  const ExtractedFiles found =
      extract("find", extract("unpack", package(GetParam())), {{"intel-me", "any"}});
  for (const json& one : container(GetParam()).at("contains")) {
    if (!one.contains("me_extracted")) continue;
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
  }
}

INSTANTIATE_TEST_SUITE_P(All, MeContainers,
                         testing::Values("inno-full-image", "zip-rom", "zip-nested"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

class CbfsContainers : public ContainerTest {};

TEST_F(CbfsContainers, FilesOfARecoveryImageComeOut) {
  if (find_entry(extractors(), "chromeos_recovery") == nullptr ||
      find_entry(extractors(), "unpack") == nullptr)
    GTEST_SKIP() << "there is no chromeos_recovery or no unpack";
  const ExtractedFiles image =
      extract("chromeos_recovery", extract("unpack", package("chromeos-recovery")), json::object());
  std::size_t checked = 0;
  for (const json& one : container("chromeos-recovery").at("contains"))
    for (const json& file : one.value("cbfs", json::array())) {
      const ExtractedFiles found =
          extract("cbfs_file", image, {{"name", file.at("name")}, {"area", file.at("region")}});
      ASSERT_EQ(found.size(), 1U);
      EXPECT_EQ(found[0].content.size(), file.at("size"));
      EXPECT_EQ(hash(found[0]), file.at("sha512"));
      ++checked;
    }
  EXPECT_EQ(checked, 4U);
}

class MeFiles : public ContainerTest {};

TEST_F(MeFiles, UpdatesAndBareRegionsAreFoundWhole) {
  if (find_entry(extractors(), "unpack") == nullptr) GTEST_SKIP() << "there is no unpack";
  for (const auto& [name, which] : {std::pair("me7-update", "update"),
                                    {"me7-update", "any"},
                                    {"me11-synthetic", "any"},
                                    {"me11-synthetic", "region"}}) {
    const ExtractedFiles found =
        extract("find", extract("unpack", package(name)), {{"intel-me", which}});
    ASSERT_EQ(found.size(), 1U) << name;
    EXPECT_EQ(hash(found[0]), container(name).at("contains")[0].at("sha512")) << name;
  }
}

}  // namespace
}  // namespace romwright::vendor::test
