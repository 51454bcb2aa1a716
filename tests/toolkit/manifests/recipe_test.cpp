// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/toolkit/manifests/lines.h"

namespace romwright::manifests {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string hash_a(128, 'a');
const std::string hash_b(128, 'b');

Recipe recipe_of(const std::string& text) { return parse_recipe(parse_yaml("r.yaml", text)); }

std::vector<std::string> problems(const std::string& text) {
  return lines_of([&] { recipe_of(text); });
}

std::string with(const std::string& more) {
  return "file: r\nkind: other\nresults: [{name: r.bin, sha512: " + hash_a + "}]\n" + more;
}

TEST(Recipe, HoldsEverythingThatAManifestSays) {
  const Recipe recipe = recipe_of(
      "file: me-ivybridge\n"
      "title: ME 8\n"
      "kind: intel-me\n"
      "download:\n"
      "  sha512: " +
      hash_a +
      "\n"
      "  size: 5MiB\n"
      "  urls: [https://one.example/a, http://two.example/b]\n"
      "  source: the vendor\n"
      "extract:\n"
      "  - unpack\n"
      "  - find: {intel-me: any}\n"
      "  - me_clean: {relocate: true, whitelist: [MFS]}\n"
      "results:\n"
      "  - {name: me.bin, sha512: " +
      hash_b +
      ", size: 98304}\n"
      "missing: >\n"
      "  It is needed\n"
      "  to boot.\n");
  EXPECT_EQ(recipe.name, "me-ivybridge");
  EXPECT_EQ(recipe.title, "ME 8");
  EXPECT_EQ(recipe.kind, "intel-me");
  ASSERT_TRUE(recipe.download);
  EXPECT_EQ(recipe.download->sha512, hash_a);
  EXPECT_EQ(recipe.download->size, 5U << 20);
  EXPECT_THAT(recipe.download->urls, ElementsAre("https://one.example/a", "http://two.example/b"));
  EXPECT_EQ(recipe.download->source, "the vendor");
  ASSERT_EQ(recipe.extract.size(), 3U);
  EXPECT_EQ(recipe.extract[0].extractor, "unpack");
  EXPECT_EQ(recipe.extract[0].parameters, json::object());
  EXPECT_EQ(recipe.extract[1].parameters, json({{"intel-me", "any"}}));
  EXPECT_EQ(recipe.extract[2].parameters, json({{"relocate", true}, {"whitelist", {"MFS"}}}));
  EXPECT_EQ(recipe.extract[2].mark.line, 12);
  EXPECT_EQ(recipe.extract[2].mark.column, 5);
  ASSERT_EQ(recipe.results.size(), 1U);
  EXPECT_EQ(recipe.results[0].name, "me.bin");
  EXPECT_EQ(recipe.results[0].sha512, hash_b);
  EXPECT_EQ(recipe.results[0].size, 98304U);
  EXPECT_EQ(recipe.missing, "It is needed to boot.");
}

TEST(Recipe, MayOnlyPinAFile) {
  const Recipe recipe = recipe_of(with(""));
  EXPECT_FALSE(recipe.download);
  EXPECT_THAT(recipe.extract, IsEmpty());
  EXPECT_FALSE(recipe.results[0].size);
}

TEST(Recipe, EveryExtractorHasItsParameters) {
  const Recipe recipe = recipe_of(
      with("extract:\n"
           "  - dell_pfs: {section: firmware, component: \"System BIOS*\"}\n"
           "  - uefi: {path: [{guid: 7A9354D9-0468-444A-81CE-0BF617D890DF, index: 4}, {section: "
           "raw, index: 0}]}\n"
           "  - find: {name: TBT.bin}\n"
           "  - find: {name: [\"68*.BIN\", ROM.CAB/Rom.bin]}\n"
           "  - fsp_split\n"
           "  - chromeos_recovery: {partition: ROOT-A, image: bios.bin}\n"
           "  - cbfs_file: {name: fallback/refcode, area: RO_SECTION, stage: elf}\n"
           "  - patch: {offset: 131253, bytes: \"01\"}\n"
           "  - kbc1126\n"
           "  - e6400_vga: {offset: 274450, module: mod_21.bin}\n"
           "  - sch5545\n"
           "  - thunderbolt: {size: 1MiB}\n"
           "  - carve: {offset: 0x1000, size: 64KiB}\n"
           "  - pad: {size: 1MiB, byte: 0x00}\n"
           "  - me7_update\n"
           "  - external: {program: deguard, arguments: [--input, \"{input}\", -n, 11.6]}\n"));
  json steps = json::array();
  for (const ExtractStep& step : recipe.extract)
    steps.push_back({{step.extractor, step.parameters}});
  EXPECT_EQ(steps, json::parse(R"([
    {"dell_pfs": {"section": "firmware", "component": "System BIOS*"}},
    {"uefi": {"path": [{"guid": "7A9354D9-0468-444A-81CE-0BF617D890DF", "index": 4},
                       {"section": "raw", "index": 0}]}},
    {"find": {"name": ["TBT.bin"]}},
    {"find": {"name": ["68*.BIN", "ROM.CAB/Rom.bin"]}},
    {"fsp_split": {}},
    {"chromeos_recovery": {"partition": "ROOT-A", "image": "bios.bin"}},
    {"cbfs_file": {"name": "fallback/refcode", "area": "RO_SECTION", "stage": "elf"}},
    {"patch": {"offset": 131253, "bytes": "01"}},
    {"kbc1126": {}},
    {"e6400_vga": {"offset": 274450, "module": "mod_21.bin"}},
    {"sch5545": {}},
    {"thunderbolt": {"size": 1048576}},
    {"carve": {"offset": 4096, "size": 65536}},
    {"pad": {"size": 1048576, "byte": 0}},
    {"me7_update": {}},
    {"external": {"program": "deguard", "arguments": ["--input", "{input}", "-n", "11.6"]}}
  ])"));
}

TEST(Recipe, StepsAreKnown) {
  EXPECT_THAT(
      problems(with("extract:\n"
                    "  - unpak\n"
                    "  - me_cleen: {}\n"
                    "  - {find: {name: a}, unpack: {}}\n"
                    "  - find\n"
                    "  - find: {name: a, guid: b}\n"
                    "  - unpack: {depth: 3}\n"
                    "  - me_clean: {whitelist: [A], blacklist: [B]}\n")),
      ElementsAre(
          HasSubstr("r.yaml:5:5: extract: unknown step 'unpak' (did you mean 'unpack'?)"),
          HasSubstr("r.yaml:6:5: extract: unknown step 'me_cleen' (did you mean 'me_clean'?)"),
          HasSubstr("r.yaml:7:5: extract: this is no step (write the name of a step, or a "
                    "step with its parameters)"),
          HasSubstr("r.yaml:8:5: extract.find needs one of 'name', 'guid', 'sha512', 'intel-me'"),
          HasSubstr("r.yaml:9:21: 'extract.find.guid' and 'name' exclude each other"),
          HasSubstr("r.yaml:9:27: extract.find.guid: 'b' is no GUID"),
          HasSubstr("r.yaml:10:14: unknown key 'extract.unpack.depth' (none is allowed here)"),
          HasSubstr(
              "r.yaml:11:32: 'extract.me_clean.blacklist' and 'whitelist' exclude each other")));
}

TEST(Recipe, HashesAndAddressesAreExact) {
  EXPECT_THAT(problems("file: r\nkind: other\nresults: [{name: r, sha512: " +
                       std::string(127, 'a') + "}]\n"),
              ElementsAre(HasSubstr("is no SHA-512 (write 128 hexadecimal digits, lower case)")));
  EXPECT_EQ(problems("file: r\nkind: other\nresults: [{name: r, sha512: " + std::string(128, 'A') +
                     "}]\n")
                .size(),
            1U);
  for (const char* url :
       {"ftp://a.example/", "https://", "file:///etc/passwd", "a.example", "\"https://a b\""})
    EXPECT_THAT(problems(with("download: {sha512: " + hash_b + ", urls: [" + url + "]}\n")),
                ElementsAre(HasSubstr("is no address (write http://... or https://...)")))
        << url;
}

TEST(Recipe, ResultsHaveNamesOfTheirOwn) {
  EXPECT_THAT(problems("file: r\nkind: other\nresults:\n  - {name: a, sha512: " + hash_a +
                       "}\n  - {name: a, sha512: " + hash_b + "}\n"),
              ElementsAre(HasSubstr("r.yaml:5:12: results: 'a' is there twice")));
  EXPECT_THAT(problems("file: r\nkind: other\nresults: []\n"),
              ElementsAre(HasSubstr("results is an empty list")));
}

}  // namespace
}  // namespace romwright::manifests
