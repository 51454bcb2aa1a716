// SPDX-License-Identifier: GPL-2.0-or-later
// Bad input, as users meet it: the right exit status, a clear message, no output left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_release.h"

namespace romwright {
namespace {

using test::Result;
using testing::HasSubstr;
using testing::StartsWith;

class BadInput : public testing::Test {
 protected:
  void SetUp() override {
    test::make_sample_release(place_.path("sample"));
    const Result stripped = run({"strip", place_.path("sample/complete"), "-o", release()});
    ASSERT_EQ(stripped.status, 0) << stripped.err;
  }
  /// Runs with the sample's board and manifests.
  Result run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--board", std::string(test::sample_board), "--manifests",
                                       place_.path("sample/manifests")});
    return place_(arguments);
  }
  Result prepare(const std::string& input, const std::string& output) const {
    return run({"prepare", input, "-o", output, "--vendor-dir", place_.path("sample/vendor")});
  }
  [[nodiscard]] std::string release() const { return place_.path("sample_sample_12mb.tar.xz"); }
  [[nodiscard]] Buffer complete() const {
    return place_.read("sample/complete/bin/sample_12mb/seabios_sample_12mb_txtmode.rom");
  }

  test::Workplace place_;
};

TEST_F(BadInput, ATruncatedTarball) {
  Buffer bytes = test::read_file(release());
  bytes.resize(bytes.size() / 2);
  place_.write("cut.tar.xz", bytes);
  const Result result = prepare(place_.path("cut.tar.xz"), place_.path("out"));
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, StartsWith("romwright: " + place_.path("cut.tar.xz") + ": "));
  EXPECT_FALSE(place_.has("out"));
}

TEST_F(BadInput, ARomOfOddSize) {
  Buffer image = complete();
  image.resize(image.size() - 100);
  place_.write("odd.rom", image);
  EXPECT_EQ(run({"check", place_.path("odd.rom")}).status, 3);
}

TEST_F(BadInput, AnImageOfAnotherSizeIsNotTheBoards) {
  Buffer image = complete();
  image.resize(8U << 20);
  place_.write("small.rom", image);
  const Result result = run({"check", place_.path("small.rom")});
  EXPECT_EQ(result.status, 6);
  EXPECT_THAT(result.err, HasSubstr("it has 8 MiB, the images of sample_12mb have 12 MiB"));
}

TEST_F(BadInput, AMissingVendorFileIsSeenInTheImage) {
  Buffer image = complete();
  images::IfdEditor(image).erase_region("me");
  place_.write("blank.rom", image);
  const Result result = run({"check", place_.path("blank.rom")});
  EXPECT_EQ(result.status, 4);
  EXPECT_THAT(result.err, HasSubstr("region me: me.bin (me-sample) is missing"));
}

TEST_F(BadInput, AWrongHashIsNeverWritten) {
  const std::string folder = place_.path("sample/stripped");
  ASSERT_EQ(run({"strip", place_.path("sample/complete"), "-o", folder}).status, 0);
  const std::string hashes = "sample/stripped/bin/sample_12mb/vendorhashes";
  Buffer list = place_.read(hashes);
  list[0] = list[0] == '0' ? '1' : '0';
  place_.write(hashes, list);
  const Result result = prepare(folder, place_.path("out.tar.xz"));
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_FALSE(place_.has("out.tar.xz"));
}

TEST_F(BadInput, AVendorFileOfTheWrongContent) {
  Buffer me = place_.read("sample/vendor/me.bin");
  me.pop_back();
  place_.write("sample/vendor/me.bin", me);
  const Result result = prepare(release(), place_.path("out"));
  EXPECT_EQ(result.status, 4);
  EXPECT_THAT(result.err, HasSubstr("me.bin"));
  EXPECT_FALSE(place_.has("out"));
}

TEST_F(BadInput, AFullDiskAndAFolderThatIsNotThere) {
  const Result full = prepare(release(), "/dev/full");
  EXPECT_EQ(full.status, 1);
  EXPECT_THAT(full.err, HasSubstr("/dev/full: cannot write: No space left on device"));
  EXPECT_EQ(prepare(release(), place_.path("none/out.tar.xz")).status, 1);
}

TEST_F(BadInput, ResultsThatAreLost) {
  for (const char* command : {"chips", "--version", "--help", "boards"}) {
    test::Process process(test::Workplace::command({command}), place_.environment(), "/dev/full");
    const Result result = process.wait();
    EXPECT_EQ(result.status, 1) << command;
    EXPECT_EQ(result.err,
              "romwright: standard output: No space left on device (the results are incomplete)\n");
  }
}

TEST_F(BadInput, AReaderThatHasSeenEnoughIsNoFailure) {
  const std::string chip = "sim:chip=W25Q64FV,image=" + place_.path("chip");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"chips"},
           {"chips", "--json"},
           {"--help"},
           {"flashprog", "-L"},
           {"flashprog", "-p", chip, "-r", place_.path("dump")}}) {
    std::vector<std::string> command{"bash", "-c", "set -o pipefail; \"$0\" \"$@\" | true",
                                     ROMWRIGHT_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Result result = test::run(command, place_.environment());
    EXPECT_EQ(result.status, 0) << arguments.front();
    EXPECT_EQ(result.err, "") << arguments.front();
  }
}

TEST_F(BadInput, AClosedStandardOutputIsNoOtherFile) {
  const std::string chip = "sim:chip=W25Q64FV,image=" + place_.path("chip");
  for (const char* closed : {">&-", "<&- >&- 2>&-"}) {
    const Result result = test::run({"sh", "-c", std::string("exec \"$0\" \"$@\" ") + closed,
                                     ROMWRIGHT_PROGRAM, "read", "-p", chip, place_.path("dump")},
                                    place_.environment());
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(place_.read("dump"), Buffer(8U << 20, 0xff));
  }
}

TEST_F(BadInput, ManifestsAreReadStrictly) {
  place_.write("a.yaml", "board: a\ntitle: A\nimage: {size: 1MiB}\nbord: b\nchips: &x []\n");
  const Result result = place_({"boards", place_.path("a.yaml")});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, HasSubstr("a.yaml:"));
}

TEST_F(BadInput, UsageErrors) {
  EXPECT_EQ(place_({"frobnicate"}).err,
            "romwright: unknown command 'frobnicate' (see 'romwright --help')\n");
  for (const auto& [arguments, error] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"flsh", "--board", "x"}, "unknown command 'flsh' (did you mean 'flash'?)"},
           {{"vendor", "fetsch"}, "unknown command 'fetsch' (did you mean 'fetch'?)"},
           {{"probe", "--josn"}, "unknown option '--josn' (did you mean '--json'?)"},
           {{"flash", "--bord=x", "in"}, "unknown option '--bord' (did you mean '--board'?)"},
           {{"vendor", "list", "--frobnicate"},
            "unknown option '--frobnicate' (see 'romwright vendor list --help')"},
           {{"probe", "-x", "-y"},
            "unknown option '-x' (see 'romwright probe --help')\n"
            "romwright: unknown option '-y' (see 'romwright probe --help')"},
           {{"-p", "sim", "probe"},
            "option '-p' stands before its command (it belongs behind 'romwright probe')"},
           {{"--frobnicate"}, "unknown option '--frobnicate' (see 'romwright --help')"},
           {{"chips", "a", "b", "c"}, "too many arguments: b c (see 'romwright chips --help')"}}) {
    const Result result = place_(arguments);
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.err, "romwright: " + error + "\n");
  }
  EXPECT_EQ(place_({"probe"}).status, 2);
  EXPECT_EQ(place_({"probe", "-p", "simm"}).err,
            "romwright: simm: unknown programmer 'simm' (did you mean 'sim'?)\n");
  const std::string chip = "sim:chip=W25Q64FV,image=" + place_.path("chip");
  EXPECT_EQ(place_({"read", "-p", chip, place_.path("dump"), "--times", "2"}).status, 0);
  EXPECT_EQ(place_({"probe", "-p", chip + ",silent=yes"}).status, 5);
  EXPECT_EQ(place_({"verify", "-p", chip, place_.path("dump")}).status, 0);
}

TEST_F(BadInput, AFailedWriteIsResumedOrRolledBack) {
  const std::string chip = "sim:chip=W25Q64FV,image=" + place_.path("chip");
  Buffer first = complete(), second;
  first.resize(8U << 20);
  second = first;
  for (std::size_t at = 0x300000; at < 0x340000; ++at)
    second[at] = static_cast<std::uint8_t>(at * 7);
  for (std::size_t at = 0x30000; at < 0x40000; ++at) second[at] = static_cast<std::uint8_t>(at * 5);
  place_.write("first", first);
  place_.write("second", second);
  ASSERT_EQ(place_({"write", "-p", chip, place_.path("first")}).status, 0);
  ASSERT_EQ(place_({"write", "-p", chip + ",cut_program=100", place_.path("second")}).status, 7);
  EXPECT_EQ(place_({"resume", "-p", chip}).status, 0);
  EXPECT_TRUE(place_.read("chip") == second);
  ASSERT_EQ(place_({"write", "-p", chip + ",cut_erase=1", place_.path("first")}).status, 7);
  EXPECT_EQ(place_({"rollback", "-p", chip}).status, 0);
  EXPECT_TRUE(place_.read("chip") == second);
  EXPECT_EQ(place_({"resume", "-p", chip}).status, 6);
}

}  // namespace
}  // namespace romwright
