// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/yaml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fixtures.h"
#include "tests/toolkit/manifests/lines.h"

namespace romwright::manifests {
namespace {

using testing::ElementsAre;
using Kind = YamlNode::Kind;

std::vector<std::string> problems(const std::string& text) {
  return lines_of([&] { parse_yaml("a.yaml", text); });
}

TEST(YamlReader, KeepsValuesAndTheirPlaces) {
  const YamlDocument document = parse_yaml("a.yaml",
                                           "board: x\n"
                                           "chips:\n"
                                           "  - {name: 'top', size: 4MiB}\n"
                                           "empty:\n");
  EXPECT_EQ(document.file, "a.yaml");
  ASSERT_EQ(document.root.kind, Kind::map);
  const YamlNode* board = document.root.find("board");
  ASSERT_NE(board, nullptr);
  EXPECT_EQ(board->text, "x");
  EXPECT_FALSE(board->quoted);
  EXPECT_EQ(board->key_place.line, 1);
  EXPECT_EQ(board->key_place.column, 1);
  EXPECT_EQ(board->place.column, 8);
  const YamlNode* chips = document.root.find("chips");
  ASSERT_NE(chips, nullptr);
  ASSERT_EQ(chips->kind, Kind::list);
  ASSERT_EQ(chips->items.size(), 1U);
  const YamlNode* name = chips->items[0].find("name");
  ASSERT_NE(name, nullptr);
  EXPECT_TRUE(name->quoted);
  EXPECT_EQ(name->place.line, 3);
  EXPECT_EQ(name->place.column, 12);
  EXPECT_EQ(document.root.find("empty")->kind, Kind::null);
  EXPECT_EQ(document.root.find("none"), nullptr);
}

TEST(YamlReader, AnEmptyFileIsNothing) {
  EXPECT_EQ(parse_yaml("a.yaml", "").root.kind, Kind::null);
  EXPECT_EQ(parse_yaml("a.yaml", "# only a comment\n").root.kind, Kind::null);
}

TEST(YamlReader, RefusesDuplicateKeysAllAtOnce) {
  EXPECT_THAT(problems("a: 1\nb: {c: 1, c: 2}\na: 3\n"),
              ElementsAre("a.yaml:2:11: duplicate key 'c' (it is in line 2 already)\n"
                          "  b: {c: 1, c: 2}\n"
                          "            ^",
                          "a.yaml:3:1: duplicate key 'a' (it is in line 1 already)\n"
                          "  a: 3\n"
                          "  ^"));
}

TEST(YamlReader, RefusesAnchorsAndAliases) {
  EXPECT_THAT(problems("a: &one 1\nb: *one\n"),
              ElementsAre("a.yaml:1:4: an anchor (write the value out where it is needed)\n"
                          "  a: &one 1\n"
                          "     ^",
                          "a.yaml:2:4: an alias (write the value out)\n"
                          "  b: *one\n"
                          "     ^"));
}

TEST(YamlReader, RefusesTags) {
  EXPECT_THAT(problems("a: !!str 1\nb: !own {c: 1}\n"),
              ElementsAre("a.yaml:1:4: a tag (values need none)\n"
                          "  a: !!str 1\n"
                          "     ^",
                          "a.yaml:2:4: a tag (values need none)\n"
                          "  b: !own {c: 1}\n"
                          "     ^"));
}

TEST(YamlReader, RefusesASecondDocument) {
  EXPECT_THAT(problems("a: 1\n---\nb: 1\n"),
              ElementsAre("a.yaml:2:1: a second document (a manifest is one document)\n"
                          "  ---\n"
                          "  ^"));
}

TEST(YamlReader, RefusesKeysThatAreNoWords) {
  EXPECT_THAT(problems("[a, b]: 1\n"), ElementsAre("a.yaml:1:1: a key must be a word\n"
                                                   "  [a, b]: 1\n"
                                                   "  ^"));
  EXPECT_EQ(problems("~: 1\n").size(), 1U);
  EXPECT_EQ(problems(": 1\n").size(), 1U);
}

TEST(YamlReader, RefusesWhatIsNoYaml) {
  EXPECT_THAT(problems("a: [1, 2\nb: 3\n"), ElementsAre(testing::HasSubstr("a.yaml:")));
  EXPECT_EQ(problems("\ta: 1\n").size(), 1U);
}

TEST(YamlReader, RefusesOpenQuotes) {
  EXPECT_THAT(problems("b: 1\na: \"open\nc: 1\n"),
              ElementsAre("a.yaml:2:4: a quote that is not closed\n"
                          "  a: \"open\n"
                          "     ^"));
  for (const char* text : {"a: \"open", "a: 'open\n b\n", "a: 'it''s\n", "a: \"b\\\"\n", "'a\n"})
    EXPECT_EQ(problems(text).size(), 1U) << text;
  for (const char* text : {"a: \"b\"", "a: 'it''s'\n", "a: ''\n", "a: \"\\\"\"\n", "a: 'b\n  c'\n",
                           "a: >\n  'b\n", "a: b'\n"})
    EXPECT_TRUE(problems(text).empty()) << text;
}

TEST(YamlReader, RefusesDeepNestingEarly) {
  const std::string open(deepest_nesting, '['), close(deepest_nesting, ']');
  EXPECT_TRUE(problems(open + close).empty());
  EXPECT_THAT(problems("[" + open + close + "]"),
              ElementsAre(testing::HasSubstr("nested too deeply (at most 16 levels)")));
  EXPECT_EQ(problems(std::string(200000, '[')).size(), 1U);
  EXPECT_EQ(problems(std::string(200000, '{')).size(), 1U);
}

TEST(YamlReader, ListsABoundedNumberOfProblems) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "a: 1\n";
  EXPECT_EQ(problems(text).size(), most_problems);
}

TEST(YamlReader, ManyKeysAreQuick) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(parse_yaml("a.yaml", text).root.items.size(), 50000U);
}

TEST(YamlReader, RefusesLargeFiles) {
  EXPECT_THAT(problems(std::string(largest_manifest + 1, ' ')),
              ElementsAre("a.yaml: larger than 1 MiB"));
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "big.yaml";
  test::write_file(path, Buffer(largest_manifest + 1, ' '));
  EXPECT_THAT(lines_of([&] { read_yaml(path); }),
              ElementsAre(path.string() + ": larger than 1 MiB"));
}

TEST(YamlReader, SaysWhyAFileCannotBeRead) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "none.yaml";
  EXPECT_THAT(lines_of([&] { read_yaml(path); }),
              ElementsAre(path.string() + ": No such file or directory"));
  EXPECT_THAT(lines_of([&] { read_yaml(folder.path()); }),
              ElementsAre(folder.path().string() + ": Is a directory"));
}

TEST(YamlReader, MessagesHoldNoControlCharacters) {
  for (const std::string& line : problems("\"a\\e[31m\": 1\n\"a\\e[31m\": 2\n"))
    EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
  for (const std::string& line : problems(std::string("a: 1\nx\x01y: {\n")))
    EXPECT_EQ(line.find('\x01'), std::string::npos) << line;
}

TEST(YamlReader, WindowsLineEndsAreNoPartOfTheLine) {
  EXPECT_THAT(problems("a: 1\r\na: 2\r\n"),
              ElementsAre("a.yaml:2:1: duplicate key 'a' (it is in line 1 already)\n"
                          "  a: 2\n"
                          "  ^"));
}

}  // namespace
}  // namespace romwright::manifests
