// SPDX-License-Identifier: GPL-2.0-or-later
// Completion as users meet it: in real shells, where they are installed.
#include "packaging/pages/completion.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "packaging/pages/shell_text.h"
#include "tests/support/program.h"

namespace romwright::pages {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const fs::path source = fs::path(ROMWRIGHT_SOURCE_DIR) / "tests/packaging/pages";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The scripts as they are installed, a folder with the files dump.rom and dumps/, and `romwright`
/// on the PATH.
class Completion : public testing::Test {
 protected:
  void SetUp() override {
    const test::Result made = test::run({ROMWRIGHT_PAGES, (folder_ / "pages").string()});
    ASSERT_EQ(made.status, 0) << made.err;
    test::write_file(folder_ / "dump.rom", {});
    fs::create_directory(folder_ / "dumps");
    fs::create_directory(folder_ / "home");
  }
  [[nodiscard]] static bool has(const std::string& shell) {
    return test::run({shell, "--version"}).status == 0;
  }
  /// Runs `command` with the shell's script or folder and `typed`; {F} stands for the folder.
  std::vector<std::string> lines(std::vector<std::string> command,
                                 const std::vector<std::string>& typed) {
    for (const std::string& line : typed) command.push_back(replaced(line, "{F}", here()));
    // Shells differ in which of two entries of one name they take: env replaces it.
    const std::string path = fs::path(ROMWRIGHT_PROGRAM).parent_path().string();
    command.insert(command.begin(), {"env", "PATH=" + path + ":" + std::getenv("PATH"),
                                     "HOME=" + (folder_ / "home").string()});
    const test::Result result = test::run(command);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    std::vector<std::string> found = lines_of(result.out);
    for (std::string& line : found) line = replaced(line, here(), "{F}");
    return found;
  }
  [[nodiscard]] static std::string replaced(std::string text, const std::string& what,
                                            const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what))
      text.replace(at, what.size(), by);
    return text;
  }
  [[nodiscard]] std::string here() const { return folder_.path().string(); }
  std::vector<std::string> in_bash(const std::vector<std::string>& typed) {
    return lines({(source / "bash_session").string(), (folder_ / "pages/bash/romwright").string()},
                 typed);
  }
  std::vector<std::string> in_zsh(const std::vector<std::string>& typed) {
    return lines({(source / "zsh_session").string(), (folder_ / "pages/zsh").string()}, typed);
  }
  /// The candidates for one line.
  std::vector<std::string> in_fish(const std::string& typed) {
    const std::string script = (folder_ / "pages/fish/romwright.fish").string();
    std::vector<std::string> found = lines(
        {"fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script}, {typed});
    for (std::string& line : found) line = line.substr(0, line.find('\t'));
    return found;
  }
  test::TemporaryFolder folder_;
};

TEST_F(Completion, Bash) {
  EXPECT_THAT(
      in_bash({"romwright fl", "romwright vendor ", "romwright flash --boa",
               "romwright flash --board x230_", "romwright flash --board=x230_",
               "romwright --log x flash --mac ", "romwright flash --verify w"}),
      ElementsAre("flash flashprog", "list fetch check extract bundle", "--board",
                  "x230_12mb x230_16mb", "x230_12mb x230_16mb", "keep random chip", "written"));
}

TEST_F(Completion, BashKnowsOperands) {
  EXPECT_THAT(in_bash({"romwright boards x230_", "romwright read --times 2 {F}/dump.",
                       "romwright vendor extract me-ivy", "romwright vendor extract x {F}/dump.",
                       "romwright vendor fetch x y me-ivy", "romwright split -o {F}/du",
                       "romwright join {F}/dumps {F}/dump.", "romwright boards -- x220_8"}),
              ElementsAre("x230_12mb x230_16mb", "{F}/dump.rom", "me-ivybridge", "{F}/dump.rom",
                          "me-ivybridge", "{F}/dumps", "{F}/dump.rom", "x220_8mb"));
}

TEST_F(Completion, BashKnowsProgrammersAndTheirParameters) {
  // Behind ':' and '=' bash replaces only what follows.
  EXPECT_THAT(
      in_bash({"romwright probe -p ser", "romwright probe --programmer=ser",
               "romwright probe -p sim:im", "romwright probe -p sim:link=",
               "romwright probe -p sim:chip=W25Q64FV,im", "romwright probe -p sim:chip=W25Q64F",
               "romwright probe -p sim:image={F}/dump.", "romwright probe --chip W25Q64F"}),
      ElementsAre("serprog", "serprog", "image=", "ideal ft2232h serprog",
                  "W25Q64FV,image=", "W25Q64FV W25Q64FW", "{F}/dump.rom", "W25Q64FV W25Q64FW"));
}

TEST_F(Completion, BashKnowsWhichOptionsACommandHas) {
  const std::vector<std::string> found =
      in_bash({"romwright vendor fetch --", "romwright flashprog --"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[0], testing::AllOf(HasSubstr("--board"), HasSubstr("--json"),
                                       Not(HasSubstr("--version")), Not(HasSubstr("--mac"))));
  EXPECT_THAT(found[1], testing::AllOf(HasSubstr("--wp-region"), Not(HasSubstr("--json"))));
}

TEST_F(Completion, Zsh) {
  if (!has("zsh")) GTEST_SKIP() << "zsh is not installed";
  EXPECT_THAT(
      in_zsh({"romwright vendor fe", "romwright flash --board x220_8", "romwright flash --boa",
              "romwright probe -p ser", "romwright probe -p sim:chip=W25Q64FV,im",
              "romwright probe --programmer=sim:link=ft", "romwright probe -p sim:image={F}/dump.",
              "romwright --json flash --verify w", "romwright vendor extract me-ivy",
              "romwright vendor extract x {F}/dump.", "romwright flashprog --noverify-",
              "romwright flashprog --js", "romwright split x -o {F}/du", "romwright boards x220_8",
              "romwright probe --chip W25Q64FV"}),
      ElementsAre("romwright vendor fetch ", "romwright flash --board x220_8mb ",
                  "romwright flash --board=", "romwright probe -p serprog ",
                  "romwright probe -p sim:chip=W25Q64FV,image=",
                  "romwright probe --programmer=sim:link=ft2232h ",
                  "romwright probe -p sim:image={F}/dump.rom ",
                  "romwright --json flash --verify written ",
                  "romwright vendor extract me-ivybridge ",
                  "romwright vendor extract x {F}/dump.rom ", "romwright flashprog --noverify-all ",
                  "romwright flashprog --js", "romwright split x -o {F}/dumps/",
                  "romwright boards x220_8mb ", "romwright probe --chip W25Q64FV "));
}

TEST_F(Completion, Fish) {
  if (!has("fish")) GTEST_SKIP() << "fish is not installed";
  EXPECT_THAT(in_fish("romwright fl"), ElementsAre("flash", "flashprog"));
  EXPECT_THAT(in_fish("romwright vendor fe"), ElementsAre("fetch"));
  EXPECT_THAT(in_fish("romwright flash --board x230_"), ElementsAre("x230_12mb", "x230_16mb"));
  EXPECT_THAT(in_fish("romwright flash --board=x220_8"), ElementsAre("--board=x220_8mb"));
  EXPECT_THAT(in_fish("romwright --log x flash --verify "), ElementsAre("full", "written"));
  EXPECT_THAT(in_fish("romwright probe -p ser"), ElementsAre("serprog"));
  EXPECT_THAT(in_fish("romwright probe -p sim:chip=W25Q64FV,im"),
              ElementsAre("sim:chip=W25Q64FV,image="));
  EXPECT_THAT(in_fish("romwright probe -p sim:image={F}/dump."),
              ElementsAre("sim:image={F}/dump.rom"));
  EXPECT_THAT(in_fish("romwright probe --chip W25Q64F"), ElementsAre("W25Q64FV", "W25Q64FW"));
  EXPECT_THAT(in_fish("romwright vendor extract x {F}/dump."), ElementsAre("{F}/dump.rom"));
  EXPECT_THAT(in_fish("romwright vendor fetch x y me-ivy"), ElementsAre("me-ivybridge"));
  EXPECT_THAT(in_fish("romwright flashprog --js"), ElementsAre());
  EXPECT_THAT(in_fish("romwright read --js"), ElementsAre("--json"));
}

TEST(CompletionText, ValueKinds) {
  for (const auto& [value, kind] :
       std::vector<std::pair<std::string, std::string>>{{"FILE", "file"},
                                                        {"DIR", "dir"},
                                                        {"BOARD", "board"},
                                                        {"/dev/spidevX.Y", "file"},
                                                        {"PATH[:BAUD]", "file"},
                                                        {"full|written", "words:full|written"},
                                                        {"A|B", "words:A|B"},
                                                        {"force", "words:force"},
                                                        {"1-100", "none"},
                                                        {"0..3", "none"},
                                                        {"A,B,...", "none"},
                                                        {"MAC", "words:keep|random|chip"}})
    EXPECT_EQ(value_kind(value), kind) << value;
}

TEST(CompletionText, Quoting) {
  EXPECT_EQ(shell_quoted("the chip's"), "'the chip'\\''s'");
  EXPECT_EQ(escaped("a[b]c", "[]"), "a\\[b\\]c");
  EXPECT_EQ(with_tables("x\n# TABLES\ny\n", "1\n"), "x\n1\ny\n");
}

}  // namespace
}  // namespace romwright::pages
