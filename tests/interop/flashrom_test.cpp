// SPDX-License-Identifier: GPL-2.0-or-later
// The simulated chip stands up to flashrom, which knows nothing of this project: it reaches the
// model over the serprog protocol and finds a chip true to its data sheet.
#include <chrono>
#include <random>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/program.h"

namespace romwright::test {
namespace {

constexpr std::size_t chip_size = 2U << 20;

Buffer noise(std::uint32_t seed) {
  std::mt19937 random(seed);
  Buffer bytes(chip_size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class Flashrom : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto program = find_program("flashrom");
    if (!program) GTEST_SKIP() << "flashrom is not installed";
    flashrom_ = *program;
    before_ = noise(1);
    write_file(chip_file(), before_);
    server_.emplace(std::vector<std::string>{ROMWRIGHT_SERPROG_SERVER, "W25Q16.V", chip_file()});
    // The port is printed when the server listens.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!server_->out().ends_with('\n')) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << server_->err();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    port_ = server_->out();
    port_.pop_back();
  }

  [[nodiscard]] std::string chip_file() const { return (folder_ / "chip.bin").string(); }
  [[nodiscard]] Buffer content() const { return read_file(chip_file()); }
  [[nodiscard]] std::string file(const char* name) const { return (folder_ / name).string(); }

  [[nodiscard]] Result flashrom(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {flashrom_, "-p", "serprog:ip=127.0.0.1:" + port_});
    return run(arguments);
  }
  /// The same, with the chip told by name and success expected.
  [[nodiscard]] std::string succeeds(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"-c", "W25Q16.V"});
    const Result result = flashrom(arguments);
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    return result.out;
  }

  TemporaryFolder folder_;
  std::string flashrom_, port_;
  Buffer before_;
  std::optional<Process> server_;
};

TEST_F(Flashrom, ProbesTheChip) {
  const Result result = flashrom({});
  EXPECT_NE(result.out.find("Winbond flash chip \"W25Q16.V\" (2048 kB, SPI)"), std::string::npos)
      << result.out << result.err;
  EXPECT_NE(result.out.find("romwright sim"), std::string::npos) << result.out;
}

TEST_F(Flashrom, ReadsWhatTheChipHolds) {
  const std::string out = succeeds({"-r", file("read.bin")});
  EXPECT_NE(out.find("Reading flash... done."), std::string::npos) << out;
  EXPECT_TRUE(read_file(file("read.bin")) == before_);
}

TEST_F(Flashrom, WritesAndVerifies) {
  // Some blocks stay, some change a little, most are new.
  Buffer after = noise(2);
  std::copy_n(before_.begin() + 0x20000, 0x18000, after.begin() + 0x20000);
  after[0x21234] ^= 0x5a;
  write_file(file("new.bin"), after);
  const std::string out = succeeds({"-w", file("new.bin")});
  EXPECT_NE(out.find("VERIFIED"), std::string::npos) << out;
  EXPECT_TRUE(content() == after);
  EXPECT_NE(succeeds({"-v", file("new.bin")}).find("VERIFIED"), std::string::npos);
}

TEST_F(Flashrom, VerifyFindsAChangedByte) {
  Buffer other = before_;
  other[0x1abcd] ^= 0x01;
  write_file(file("other.bin"), other);
  const Result result = flashrom({"-c", "W25Q16.V", "-v", file("other.bin")});
  EXPECT_NE(result.status, 0);
  EXPECT_NE((result.out + result.err).find("0x0001abcd"), std::string::npos)
      << result.out << result.err;
}

TEST_F(Flashrom, Erases) {
  const std::string out = succeeds({"-E"});
  EXPECT_NE(out.find("Erase/write done."), std::string::npos) << out;
  EXPECT_TRUE(all_equal(content(), 0xff));
}

TEST_F(Flashrom, ProtectionSetByFlashromHolds) {
  const Result enabled = flashrom({"-c", "W25Q16.V", "--wp-range", "0x1f0000,0x10000"});
  ASSERT_EQ(enabled.status, 0) << enabled.out << enabled.err;
  const Result status = flashrom({"-c", "W25Q16.V", "--wp-status"});
  EXPECT_NE(status.out.find("start=0x001f0000 length=0x00010000"), std::string::npos)
      << status.out << status.err;
}

}  // namespace
}  // namespace romwright::test
