// SPDX-License-Identifier: GPL-2.0-or-later
// docs/manifests.md and docs/batch.md name every key, step and choice that the schemas have.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "toolkit/manifests/schema.h"

namespace romwright::manifests {
namespace {

/// Every name that `schema` has, and those of what it holds.
void collect(const Schema& schema, std::set<std::string>& names) {
  for (const Field& field : schema.fields) {
    names.emplace(field.name);
    collect(*field.schema, names);
  }
  if (schema.item != nullptr) collect(*schema.item, names);
}

void expect_documented(const std::set<std::string>& names, const std::string& document) {
  const Buffer file =
      test::read_file(std::filesystem::path(ROMWRIGHT_SOURCE_DIR) / "docs" / document);
  const std::string text(file.begin(), file.end());
  for (const std::string& name : names)
    EXPECT_TRUE(text.find("`" + name + "`") != std::string::npos ||
                text.find("." + name + "`") != std::string::npos)
        << name << " in " << document;
}

TEST(Documentation, NamesEveryKey) {
  std::set<std::string> names;
  collect(board_schema(), names);
  collect(recipe_schema(), names);
  EXPECT_GT(names.size(), 80U);
  expect_documented(names, "manifests.md");
}

TEST(Documentation, NamesEveryKeyOfABatchPlan) {
  std::set<std::string> names;
  collect(batch_schema(), names);
  EXPECT_GT(names.size(), 15U);
  expect_documented(names, "batch.md");
}

}  // namespace
}  // namespace romwright::manifests
