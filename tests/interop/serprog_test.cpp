// SPDX-License-Identifier: GPL-2.0-or-later
// The program itself on serprog devices of every kind, on a socket and on a pseudo-terminal; and
// flashrom, which must read there what romwright wrote.
#include <chrono>
#include <optional>
#include <ostream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/interop/serprog_device.h"

namespace romwright::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t chip_size = 1U << 20;

Buffer noise(std::uint32_t seed) {
  std::mt19937 random(seed);
  Buffer bytes(chip_size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class Serprog : public ::testing::Test {
 protected:
  void SetUp() override { write_file(file("chip.bin"), before); }
  void serve(const std::vector<std::string>& options) {
    device.emplace("W25Q80BV", file("chip.bin"), options);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (folder / name).string(); }
  [[nodiscard]] Result romwright(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), ROMWRIGHT_PROGRAM);
    arguments.insert(arguments.end(), {"-p", device->programmer()});
    return run(arguments, {"XDG_STATE_HOME=" + file("state")});
  }

  TemporaryFolder folder;
  const Buffer before = noise(1);
  std::optional<SerprogDevice> device;
};

struct Kind {
  const char* name;
  std::vector<std::string> options;

  friend void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
};

class SerprogKinds : public Serprog, public ::testing::WithParamInterface<Kind> {};

TEST_P(SerprogKinds, ProbeReadWriteVerify) {
  serve(GetParam().options);
  const Result probe = romwright({"probe"});
  EXPECT_EQ(probe.status, 0) << probe.err;
  EXPECT_NE(probe.out.find("W25Q80BV"), std::string::npos) << probe.out;

  const Result read = romwright({"read", file("read.bin")});
  EXPECT_EQ(read.status, 0) << read.err;
  EXPECT_TRUE(read_file(file("read.bin")) == before);

  Buffer after = before;
  const Buffer fresh = noise(2);
  std::copy_n(fresh.begin(), 0x3000, after.begin() + 0x21800);
  write_file(file("new.bin"), after);
  const Result write = romwright({"write", file("new.bin")});
  EXPECT_EQ(write.status, 0) << write.err;
  EXPECT_NE(write.out.find("VERIFIED"), std::string::npos) << write.out;
  EXPECT_EQ(write.err.find("warning"), std::string::npos) << write.err;
  EXPECT_TRUE(read_file(file("chip.bin")) == after);
  EXPECT_EQ(romwright({"verify", file("new.bin")}).status, 0);

  const auto flashrom = find_program("flashrom");
  if (!flashrom) GTEST_SKIP() << "flashrom is not installed";
  // It sends what a small buffer would lose, so it gets a device of its own.
  serve({});
  const Result theirs =
      run({*flashrom, "-p", device->programmer(), "-c", "W25Q80.V", "-r", file("theirs.bin")});
  EXPECT_EQ(theirs.status, 0) << theirs.out << theirs.err;
  EXPECT_TRUE(read_file(file("theirs.bin")) == after);
}

const Kind kinds[] = {
    {"socket", {}},
    {"terminal", {"--pty"}},
    {"poor", {"--no-delays", "--fixed-clock", "--silent"}},
    {"poor_terminal", {"--pty", "--no-delays", "--fixed-clock", "--silent"}},
    {"small_buffer", {"--serial-buffer=16", "--silent"}},
    {"short_operations", {"--max-write=200", "--max-read=4096", "--no-delays"}},
};

INSTANTIATE_TEST_SUITE_P(All, SerprogKinds, ::testing::ValuesIn(kinds),
                         [](const auto& kind) { return kind.param.name; });

TEST_F(Serprog, ADeviceThatStopsAnsweringIsAnError) {
  serve({"--dies-after=60"});
  const auto from = std::chrono::steady_clock::now();
  const Result read = romwright({"read", file("read.bin")});
  EXPECT_LT(std::chrono::steady_clock::now() - from, 15s);
  EXPECT_NE(read.status, 0);
  EXPECT_NE(read.err.find("the serprog device does not answer"), std::string::npos) << read.err;
}

TEST_F(Serprog, ADeviceThatIsGoneIsAnError) {
  serve({});
  const std::string gone = device->programmer();
  device.reset();
  const Result probe = run({ROMWRIGHT_PROGRAM, "probe", "-p", gone});
  EXPECT_NE(probe.status, 0);
  EXPECT_NE(probe.err.find("Connection refused (nothing listens there"), std::string::npos)
      << probe.err;
}

// The device's delays take their time here, so they are what waits.
TEST_F(Serprog, InRealTimeWithoutARoundTripAPage) {
  serve({"--real-time"});
  Buffer after = before;
  std::fill(after.begin(), after.begin() + 0x10000, std::uint8_t{0xff});
  write_file(file("chip.bin"), after);
  const Buffer fresh = noise(2);
  std::copy_n(fresh.begin(), 0x10000, after.begin());
  write_file(file("new.bin"), after);
  const Result write = romwright({"write", "--verify", "written", file("new.bin")});
  EXPECT_EQ(write.status, 0) << write.err;
  EXPECT_NE(write.out.find("VERIFIED (written blocks)"), std::string::npos) << write.out;
  EXPECT_EQ(write.err.find("warning"), std::string::npos) << write.err;
  EXPECT_TRUE(read_file(file("chip.bin")) == after);
}

}  // namespace
}  // namespace romwright::test
