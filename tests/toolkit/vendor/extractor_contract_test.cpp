// SPDX-License-Identifier: GPL-2.0-or-later
// What holds for every extractor: its schema, its documentation, and that no file harms it.
#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <map>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/fixtures.h"
#include "tests/toolkit/vendor/extractor_fixture.h"
#include "toolkit/manifests/recipe.h"
#include "toolkit/manifests/schema.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

namespace romwright::vendor::test {
namespace {

using manifests::Field;
using nlohmann::json;
using testing::HasSubstr;

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

/// What each needs at least.
const std::map<std::string, json> least = {
    {"unpack", json::object()},
    {"find", {{"intel-me", "any"}}},
    {"carve", {{"offset", 0}}},
    {"patch", {{"offset", 0}, {"bytes", "00"}}},
    {"pad", {{"size", 4 << 20}}},
    {"me_clean", json::object()},
    {"me7_update", json::object()},
    {"dell_pfs", json::object()},
    {"uefi", {{"path", json::array({{{"section", "raw"}}})}}},
    {"sch5545", json::object()},
    {"fsp_split", json::object()},
    {"chromeos_recovery", json::object()},
    {"cbfs_file", {{"name", "mrc.bin"}}},
    {"kbc1126", json::object()},
    {"e6400_vga", json::object()},
    {"thunderbolt", {{"size", 4 << 20}}},
    {"external", {{"program", "romwright-no-such-program"}, {"arguments", {"{input}"}}}},
};

/// The steps that a recipe may have.
std::span<const Field> steps() {
  for (const Field& field : manifests::recipe_schema().fields)
    if (field.name == "extract") return field.schema->item->fields;
  throw std::out_of_range("extract");
}

/// All that is wrong with a recipe of this one step.
std::string problems(const std::string& extractor, const json& parameters) {
  const std::string text = "file: x\nkind: other\nextract:\n  - " + extractor + ": " +
                           parameters.dump() +
                           "\nresults:\n  - {name: x, sha512: " + std::string(128, '0') + "}\n";
  try {
    (void)manifests::parse_recipe(manifests::parse_yaml("x.yaml", text));
    return "";
  } catch (const ManifestError& error) {
    std::string all = error.line();
    for (const std::string& other : error.others()) all += "\n" + other;
    return all;
  }
}

TEST(ExtractorContract, EachHasASchemaAndDocumentation) {
  std::set<std::string> have, described;
  for (const ExtractorEntry* entry : extractors()) have.emplace(entry->name);
  for (const Field& step : steps()) described.emplace(step.name);
  EXPECT_EQ(have, described);
  const Buffer file = romwright::test::read_file(std::filesystem::path(ROMWRIGHT_SOURCE_DIR) /
                                                 "docs" / "manifests.md");
  const std::string manual(file.begin(), file.end());
  for (const std::string& name : have) {
    EXPECT_THAT(manual, HasSubstr("\n| `" + name + "` |"));
    EXPECT_TRUE(least.contains(name)) << name << " has no entry in this test";
  }
}

TEST(ExtractorContract, BadParametersAreSaid) {
  for (const Field& step : steps()) {
    const std::string name(step.name);
    EXPECT_EQ(problems(name, least.at(name)), "");
    json more = least.at(name);
    more["nonsense"] = 1;
    EXPECT_THAT(problems(name, more), HasSubstr("unknown key 'extract." + name + ".nonsense'"));
    for (const Field& field : step.schema->fields) {
      json wrong = least.at(name);
      wrong[std::string(field.name)] = {{"a", {{"b", 1}}}};
      EXPECT_THAT(problems(name, wrong),
                  HasSubstr("extract." + name + "." + std::string(field.name)));
      json fewer = least.at(name);
      fewer.erase(std::string(field.name));
      if (!field.required) continue;
      EXPECT_THAT(problems(name, fewer), HasSubstr("key 'extract." + name + "." +
                                                   std::string(field.name) + "' is missing"));
    }
  }
}

/// Files that begin like something and then say the largest numbers, or none.
ExtractedFiles hostile_files() {
  using namespace std::string_view_literals;
  struct Start {
    std::size_t offset;
    std::string_view text;
  };
  constexpr Start starts[] = {
      {0, "MZ"sv},
      {0, "PK\3\4"sv},
      {0, "7z\xbc\xaf\x27\x1c\0\4"sv},
      {0, "Rar!\x1a\7\0"sv},
      {0, "Rar!\x1a\7\1\0"sv},
      {0, "MSCF\0\0\0\0"sv},
      {0, "\x1f\x8b\x08\0"sv},
      {0, "\xfd\x37zXZ\0\0\4\xe6\xd6\xb4\x46"sv},
      {0, "BZh91AY&SY"sv},
      {0, "\x28\xb5\x2f\xfd"sv},
      {257, "ustar"sv},
      {0x8001, "CD001"sv},
      {16, "$FPT"sv},
      {0x10, "\x5a\xa5\xf0\x0f"sv},
      {40, "_FVH"sv},
      {64, "LARCHIVE"sv},
      {64, "__FMAP__"sv},
      {512, "EFI PART"sv},
      {0, "#!/bin/sh\nbegin 644 x\n"sv},
      {0, "PFS.HDR."sv},
      {0x1000, "\xaa\xee\xaa\x76\x1b\xec\xbb\x20\xf1\xe6\x51"sv},
      {1024 + 0x38, "\x53\xef"sv},
      {0, "Inno Setup Setup Data ("sv},
  };
  ExtractedFiles files = {{"empty", Content()}, {"one", Content(Buffer{0})}};
  for (const unsigned fill : {0x00U, 0x01U, 0x7fU, 0xffU})
    for (const Start& start : starts) {
      Buffer bytes(0x9000, static_cast<std::uint8_t>(fill));
      std::ranges::copy(start.text, bytes.begin() + static_cast<std::ptrdiff_t>(start.offset));
      files.push_back({"hostile", Content(std::move(bytes))});
    }
  files.push_back({"pattern", Content(romwright::test::pattern(1U << 20, 3, 41))});
  return files;
}

class Hostile : public ExtractorTest {
 protected:
  /// `work` in a process of its own, with 256 MiB and 60 seconds: its status, 0 where it ended.
  template <typename Work>
  static int in_bounds(Work&& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(60);
      constexpr rlimit memory{256U << 20, 256U << 20};
      if (!sanitized) ::setrlimit(RLIMIT_DATA, &memory);
      work();
      ::_exit(0);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
  }
};

TEST_F(Hostile, FilesAreErrorsInBoundedMemoryAndTime) {
  const ExtractedFiles files = hostile_files();
  for (const ExtractorEntry* entry : extractors()) {
    const json& parameters = least.at(std::string(entry->name));
    EXPECT_EQ(in_bounds([&] {
                for (const ExtractedFile& file : files) try {
                    (void)entry->extract({file}, parameters, workshop);
                  } catch (const Error&) {
                  }
                try {
                  (void)entry->extract(files, parameters, workshop);
                } catch (const Error&) {
                }
              }),
              0)
        << entry->name;
    EXPECT_EQ(in_bounds([&] {
                try {
                  (void)entry->extract({}, parameters, workshop);
                } catch (const Error&) {
                }
              }),
              0)
        << entry->name << " without a file";
  }
}

/// `count` files of 15 MiB, as tar and gzip.
Buffer large_files(int count) {
  const Buffer content(15U << 20, 0x55);
  Buffer bytes(4U << 20);
  std::size_t used = 0;
  archive* tar = archive_write_new();
  archive_write_set_format_ustar(tar);
  archive_write_add_filter_gzip(tar);
  archive_write_set_options(tar, "compression-level=1");
  archive_write_open_memory(tar, bytes.data(), bytes.size(), &used);
  for (int i = 0; i < count; ++i) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, ("file" + std::to_string(i)).c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<std::int64_t>(content.size()));
    archive_write_header(tar, entry);
    archive_write_data(tar, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(tar);
  archive_write_free(tar);
  bytes.resize(used);
  return bytes;
}

TEST_F(Hostile, ManyLargeFilesStayOnTheDisk) {
  const ExtractedFiles package = {{"a.tgz", Content(large_files(18))}};
  EXPECT_EQ(in_bounds([&] {
              if (extract("unpack", package).size() != 18) ::_exit(1);
            }),
            0);
}

}  // namespace
}  // namespace romwright::vendor::test
