// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/json_schema.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/fixtures.h"

namespace romwright::manifests {
namespace {

using nlohmann::json;

/// docs/schema/ holds what the generator makes; ROMWRIGHT_UPDATE=1 in the environment renews it.
void expect_file(ManifestKind kind, const std::string& name) {
  const std::filesystem::path path =
      std::filesystem::path(ROMWRIGHT_SOURCE_DIR) / "docs" / "schema" / name;
  const std::string made = json_schema(kind);
  if (std::getenv("ROMWRIGHT_UPDATE") != nullptr) test::write_file(path, as_bytes(made));
  const Buffer file = test::read_file(path);
  EXPECT_TRUE(made == std::string(file.begin(), file.end()))
      << path << " is not what the generator makes: run this test with ROMWRIGHT_UPDATE=1";
}

TEST(JsonSchema, ShippedFilesAreTheGenerators) {
  expect_file(ManifestKind::board, "board.schema.json");
  expect_file(ManifestKind::vendorfile, "vendorfile.schema.json");
  expect_file(ManifestKind::batch, "batch.schema.json");
  expect_file(ManifestKind::configuration, "configuration.schema.json");
}

TEST(JsonSchema, SaysWhatTheTableSays) {
  const json board = json::parse(json_schema(ManifestKind::board));
  EXPECT_EQ(board["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(board["required"], json({"board", "title", "image"}));
  EXPECT_EQ(board["additionalProperties"], false);
  EXPECT_EQ(board["properties"]["image"]["properties"]["size"], json::parse(R"({
    "oneOf": [{"type": "integer", "minimum": 1, "maximum": 268435456},
              {"type": "string", "pattern": "^(0x[0-9A-Fa-f]+|0|[1-9][0-9]*)([KMG]iB)?$"}],
    "description": "of a ROM of this board, without its padding byte"})"));
  EXPECT_EQ(board["properties"]["insert"]["items"]["allOf"], json::parse(R"([
    {"oneOf": [{"required": ["region"]}, {"required": ["cbfs"]}]},
    {"dependentRequired": {"cbfs": ["type"]}},
    {"dependentRequired": {"type": ["cbfs"]}},
    {"dependentRequired": {"address": ["cbfs"]}},
    {"dependentRequired": {"offset": ["cbfs"]}},
    {"dependentRequired": {"xip": ["cbfs"]}},
    {"not": {"allOf": [{"required": ["address"]}, {"required": ["offset"]}]}}])"));
  const json recipe = json::parse(json_schema(ManifestKind::vendorfile));
  const json& steps = recipe["properties"]["extract"]["items"]["oneOf"];
  EXPECT_EQ(steps[0]["enum"], json({"unpack", "me_clean", "me7_update", "dell_pfs", "sch5545",
                                    "fsp_split", "chromeos_recovery", "kbc1126", "e6400_vga"}));
  EXPECT_EQ(steps[1]["maxProperties"], 1);
  EXPECT_EQ(steps[1]["properties"]["pad"]["required"], json({"size"}));
  const json batch = json::parse(json_schema(ManifestKind::batch));
  EXPECT_EQ(batch["title"], "romwright batch plan");
  EXPECT_EQ(batch["properties"]["builds"]["items"]["properties"]["mac"]["oneOf"][0],
            json::parse(R"({
    "type": "string",
    "pattern": "^(keep|random|[0-9A-Fa-fxX?]{2}(:[0-9A-Fa-fxX?]{2}){5})$"})"));
}

}  // namespace
}  // namespace romwright::manifests
