// SPDX-License-Identifier: GPL-2.0-or-later
// `romwright flashprog` beside Debian's flashrom: the same commands, each on a device of its own,
// leave the same content, the same files and the same exit code.
#include <optional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/interop/serprog_device.h"

namespace romwright::test {
namespace {

constexpr std::size_t chip_size = 2U << 20;

Buffer noise(std::uint32_t seed) {
  std::mt19937 random(seed);
  Buffer bytes(chip_size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

/// One program and its device, in a folder of their own.
struct Side {
  std::vector<std::string> command;
  std::string chip = "W25Q16.V";
  TemporaryFolder folder;
  std::optional<SerprogDevice> device;

  [[nodiscard]] std::string file(const std::string& name) const { return (folder / name).string(); }
  /// Words that begin with '@' are files of this side's folder; so is what stands behind ':'.
  [[nodiscard]] Result operator()(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = command;
    all.insert(all.end(), {"-p", device->programmer(), "-c", chip});
    for (std::string word : arguments) {
      if (const auto at = word.find('@'); at != std::string::npos)
        word = word.substr(0, at) + file(word.substr(at + 1));
      all.push_back(word);
    }
    return run(all, {"XDG_STATE_HOME=" + file("state")});
  }
};

class FlashprogHabits : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto program = find_program("flashrom");
    if (!program) GTEST_SKIP() << "flashrom is not installed";
    theirs_.command = {*program};
    ours_.command = {ROMWRIGHT_PROGRAM, "flashprog"};
    Buffer changed = noise(1);
    changed[0x12345] ^= 0xff;
    for (std::size_t i = 0x80000; i < 0x90000; ++i) changed[i] = static_cast<std::uint8_t>(i * 7);
    for (Side* side : {&theirs_, &ours_}) {
      write_file(side->file("chip"), noise(1));
      write_file(side->file("same"), noise(1));
      write_file(side->file("changed"), changed);
      write_file(side->file("short"), Buffer(100, 0));
      write_file(side->file("piece"), Buffer(0x10000, 0x42));
      write_file(
          side->file("layout"),
          as_bytes("00000000:0000ffff low\n00010000:0001ffff mid\n00020000:001fffff high\n"));
      side->device.emplace(side->chip, side->file("chip"));
    }
  }

  /// Runs both; the exit codes and the chips' contents must be the same afterwards. Returns ours.
  Result both(const std::vector<std::string>& arguments) {
    const Result theirs = theirs_(arguments);
    Result ours = ours_(arguments);
    std::string words;
    for (const std::string& word : arguments) words += " " + word;
    EXPECT_EQ(ours.status, theirs.status)
        << words << "\nours: " << ours.out << ours.err << "\ntheirs: " << theirs.out << theirs.err;
    EXPECT_TRUE(read_file(ours_.file("chip")) == read_file(theirs_.file("chip"))) << words;
    return ours;
  }
  void same_file(const std::string& name) {
    EXPECT_TRUE(read_file(ours_.file(name)) == read_file(theirs_.file(name))) << name;
  }

  Side theirs_, ours_;
};

TEST_F(FlashprogHabits, ReadsVerifiesAndWrites) {
  both({});
  both({"-r", "@dump"});
  same_file("dump");
  both({"-v", "@same"});
  EXPECT_EQ(both({"-v", "@changed"}).status, 3);
  EXPECT_NE(both({"-w", "@changed"}).out.find("VERIFIED."), std::string::npos);
  EXPECT_NE(both({"-w", "@changed"}).out.find("identical to the requested image"),
            std::string::npos);
  EXPECT_EQ(both({"-w", "@short"}).status, 1);
  EXPECT_EQ(both({"-w", "@nothing"}).status, 1);
  both({"-n", "-w", "@same"});
  both({"-E"});
  both({"-N", "-w", "@changed", "-V"});
}

TEST_F(FlashprogHabits, Regions) {
  both({"-l", "@layout", "-i", "mid", "-r", "@region"});
  same_file("region");
  both({"-l", "@layout", "-i", "mid:@part", "-r", "@whole"});
  same_file("part");
  both({"-l", "@layout", "-i", "mid", "-w", "@changed"});
  both({"-l", "@layout", "-i", "low:@piece", "-w", "@same"});
  both({"-l", "@layout", "-i", "high", "-v", "@same"});
  both({"-N", "-l", "@layout", "-i", "high", "-w", "@changed"});
  EXPECT_EQ(both({"-l", "@layout", "-i", "none", "-r", "@x"}).status, 1);
  both({"-l", "@layout", "-i", "low", "-E"});
}

TEST_F(FlashprogHabits, QuestionsAndMistakes) {
  EXPECT_NE(both({"--flash-size"}).out.find("\n2097152\n"), std::string::npos);
  both({"--flash-name"});
  EXPECT_EQ(both({"-r", "@a", "-w", "@same"}).status, 1);
  EXPECT_EQ(both({"--frobnicate"}).status, 1);
  EXPECT_EQ(both({"-c", "twice"}).status, 1);
  both({"--help"});
  both({"--version"});
}

TEST_F(FlashprogHabits, WriteProtection) {
  for (Side* side : {&theirs_, &ours_}) {
    // One whose protection flashrom knows.
    side->chip = "W25Q64BV/W25Q64CV/W25Q64FV";
    side->device.emplace(side->chip, side->file("larger"));
  }
  both({"--wp-status"});
  const Result list = both({"--wp-list"});
  EXPECT_NE(list.out.find("\tstart=0x00000000 length=0x00800000 (all)"), std::string::npos);
  both({"--wp-range", "0x0,0x400000", "--wp-enable"});
  const Result status = both({"--wp-status"});
  EXPECT_NE(status.out.find("start=0x00000000 length=0x00400000 (lower 1/2)"), std::string::npos);
  EXPECT_NE(status.out.find("Protection mode: hardware"), std::string::npos);
  EXPECT_EQ(both({"--wp-range", "0x0,0x3000"}).status, 1);
  both({"--wp-disable", "--wp-range", "0,0"});
}

}  // namespace
}  // namespace romwright::test
