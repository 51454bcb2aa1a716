// SPDX-License-Identifier: GPL-2.0-or-later
#include "packaging/pages/man_page.h"

#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.h"

namespace romwright::pages {
namespace {

namespace fs = std::filesystem;

std::string help_of(const Command& command) {
  std::vector<std::string> arguments{ROMWRIGHT_PROGRAM};
  arguments.insert(arguments.end(), command.path.begin() + 1, command.path.end());
  arguments.emplace_back("--help");
  const test::Result result = test::run(arguments);
  EXPECT_EQ(result.status, 0) << result.err;
  return result.out;
}

/// What a reader of the page sees.
std::string shown(std::string page) {
  for (const auto& [code, text] : {std::pair<const char*, const char*>{R"(\\f[BIR])", ""},
                                   {R"(\\-)", "-"},
                                   {R"(\\\(aq)", "'"},
                                   {R"(\\\(ti)", "~"},
                                   {R"(\\&)", ""}})
    page = std::regex_replace(page, std::regex(code), text);
  return page;
}

std::set<std::string> options_in(const std::string& help) {
  const std::regex option(R"((?:^|[ ,])(--?[A-Za-z][A-Za-z-]*))");
  std::set<std::string> found;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(" "))
      for (std::sregex_iterator at(line.begin(), line.end(), option), end; at != end; ++at)
        found.insert((*at)[1]);
  return found;
}

/// The names below a heading such as "Positionals:".
std::set<std::string> names_below(const std::string& heading, const std::string& help) {
  std::set<std::string> found;
  std::istringstream lines(help);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (inside && line.starts_with("  ") && line[2] != ' ')
      found.insert(line.substr(2, line.find(' ', 2) - 2));
    if (!line.starts_with(' ')) inside = line == heading;
  }
  return found;
}

TEST(ManPage, HasEveryOptionArgumentAndCommandOfHelp) {
  const Command program = command_line();
  std::size_t options = 0;
  for (const Command* command : all_commands(program)) {
    const std::string help = help_of(*command);
    const std::string page = shown(man_page(*command, program));
    for (const std::string& option : options_in(help)) {
      ++options;
      EXPECT_THAT(page, testing::ContainsRegex("[ \n,]" + option + "[ \n,.;)]"))
          << command->page() << " " << option;
    }
    for (const std::string& name : names_below("Positionals:", help))
      EXPECT_THAT(page, testing::HasSubstr(".TP\n" + name + "\n")) << command->page();
    for (const std::string& name : names_below("Subcommands:", help))
      EXPECT_THAT(page, testing::HasSubstr(".TP\n" + command->page() + "-" + name + "(1)\n"));
  }
  EXPECT_GT(options, 200U);
}

TEST(ManPage, SaysWhatHelpSays) {
  const Command program = command_line();
  for (const Command* command : all_commands(program)) {
    if (!command->verbatim.empty()) continue;
    const std::string page = shown(man_page(*command, program));
    for (const auto* arguments : {&command->options, &command->positionals})
      for (const Argument& argument : *arguments)
        EXPECT_THAT(page, testing::HasSubstr(argument.help.substr(1)))
            << command->page() << " " << argument.names.back();
  }
}

TEST(ManPage, IsWrittenInFull) {
  Command command;
  command.path = {"romwright", "paint"};
  command.help = "paints a wall";
  command.positionals.push_back(
      {.names = {"WALL"}, .value = "WALL", .help = "which", .required = true});
  command.options.push_back(
      {.names = {"-c", "--colour"}, .value = "red|blue", .help = "as with --hue", .preset = "red"});
  command.options.push_back({.names = {"--hue"},
                             .value = "FILE",
                             .help = ".hue's file",
                             .required = true,
                             .excludes = {"--colour"}});
  Command program;
  program.path = {"romwright"};
  const std::string page = man_page(command, program);
  EXPECT_EQ(page.substr(page.find('\n') + 1), R"(.SH NAME
romwright\-paint \- paints a wall
.SH SYNOPSIS
\fBromwright paint\fR \fB\-\-hue\fR \fIFILE\fR [\fIOPTIONS\fR] \fIWALL\fR
.SH DESCRIPTION
Paints a wall.
.PP
The options that every command takes, files and exit statuses are in
\fBromwright\fR(1).
.SH ARGUMENTS
.TP
\fIWALL\fR
Which.
.SH OPTIONS
.TP
\fB\-c\fR, \fB\-\-colour\fR red|blue
As with \-\-hue.
Default: \fBred\fR.
.TP
\fB\-\-hue\fR \fIFILE\fR
\&.hue\(aqs file.
This option must be given.
Not together with \fB\-\-colour\fR.
.SH SEE ALSO
\fBromwright\fR(1)
)");
}

TEST(ManPage, RoffKeepsTextAsItIs) {
  EXPECT_EQ(roff("as-is -o a/b-c"), "as-is \\-o a/b\\-c");
  EXPECT_EQ(roff("'tis a \\ ~x ^ `"), "\\(aqtis a \\e \\(tix \\(ha \\(ga");
  EXPECT_EQ(roff(".TP"), "\\&.TP");
  EXPECT_EQ(roff(""), "");
}

/// What the build installs, by the program that makes it.
class WrittenPages : public testing::Test {
 protected:
  void SetUp() override {
    const test::Result result = test::run({ROMWRIGHT_PAGES, folder_.path().string()});
    ASSERT_EQ(result.status, 0) << result.err;
  }
  test::TemporaryFolder folder_;
};

TEST_F(WrittenPages, GroffHasNoWarning) {
  if (test::run({"groff", "--version"}).status != 0) GTEST_SKIP() << "groff is not installed";
  std::size_t pages = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path() / "man1")) {
    ++pages;
    const test::Result result = test::run({"groff", "-man", "-ww", "-z", "-Tutf8", entry.path()});
    EXPECT_EQ(result.status, 0) << entry.path();
    EXPECT_EQ(result.err, "") << entry.path();
  }
  EXPECT_EQ(pages, all_commands(command_line()).size());
}

TEST(Help, NamesEveryValue) {
  const Command program = command_line();
  for (const Command* command : all_commands(program))
    EXPECT_THAT(help_of(*command), testing::Not(testing::ContainsRegex("TEXT|UINT|INT |FLOAT")))
        << command->page();
}

TEST(CommandLine, OptionsOfAText) {
  const std::vector<Argument> found = options_of_text(
      "Usage: x --no\n"
      " -r, --read FILE   reads it\n"
      "     --ifd, --fmap-file FILE[:X] regions\n"
      " -h, --help   -R, --version\n");
  ASSERT_EQ(found.size(), 5U);
  EXPECT_THAT(found[0].names, testing::ElementsAre("-r", "--read"));
  EXPECT_EQ(found[0].value, "FILE");
  EXPECT_EQ(found[0].help, "reads it");
  EXPECT_THAT(found[1].names, testing::ElementsAre("--ifd"));
  EXPECT_EQ(found[1].value, "");
  EXPECT_THAT(found[2].names, testing::ElementsAre("--fmap-file"));
  EXPECT_EQ(found[2].value, "FILE");
  EXPECT_THAT(found[3].names, testing::ElementsAre("-h", "--help"));
  EXPECT_THAT(found[4].names, testing::ElementsAre("-R", "--version"));
}

}  // namespace
}  // namespace romwright::pages
