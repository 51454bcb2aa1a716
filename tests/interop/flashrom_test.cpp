// SPDX-License-Identifier: GPL-2.0-or-later
// The simulated chip stands up to flashrom, which knows nothing of this project: it reaches the
// model over the serprog protocol and finds a chip true to its data sheet.
#include <cstdio>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "flash/chips/table.h"
#include "flash/chips/write_protect.h"
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

class Flashrom : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto program = find_program("flashrom");
    if (!program) GTEST_SKIP() << "flashrom is not installed";
    flashrom_ = *program;
    write_file(chip_file(), before_);
    serve("W25Q16.V", chip_file());
  }

  void serve(const std::string& chip, const std::string& image) { device_.emplace(chip, image); }

  [[nodiscard]] std::string chip_file() const { return (folder_ / "chip.bin").string(); }
  [[nodiscard]] Buffer content() const { return read_file(chip_file()); }
  [[nodiscard]] std::string file(const char* name) const { return (folder_ / name).string(); }

  [[nodiscard]] Result flashrom(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {flashrom_, "-p", device_->programmer()});
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
  std::string flashrom_;
  const Buffer before_ = noise(1);
  std::optional<SerprogDevice> device_;
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

/// Every range that the bits of status registers 1 and 2 can protect.
std::set<std::pair<std::uint64_t, std::uint64_t>> decoded_ranges(const flash::Chip& chip) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const Range range = flash::decode_protection(chip, {static_cast<std::uint8_t>(bits),
                                                        static_cast<std::uint8_t>(bits >> 8), 0, 0})
                            .range;
    ranges.emplace(range.offset, range.size);
  }
  return ranges;
}

TEST_F(Flashrom, AgreesOnProtection) {
  const std::string name = "W25Q64BV/W25Q64CV/W25Q64FV";
  serve("W25Q64FV", file("large.bin"));
  const Result list = flashrom({"-c", name, "--wp-list"});
  ASSERT_EQ(list.status, 0) << list.out << list.err;
  std::set<std::pair<std::uint64_t, std::uint64_t>> listed;
  for (std::size_t at = 0; (at = list.out.find("start=", at)) != std::string::npos; ++at) {
    unsigned start = 0, length = 0;
    ASSERT_EQ(std::sscanf(list.out.c_str() + at, "start=%x length=%x", &start, &length), 2);
    listed.emplace(start, length);
  }
  EXPECT_EQ(listed, decoded_ranges(*flash::find_chips("W25Q64FV").front()));

  const Result set = flashrom({"-c", name, "--wp-range", "0x7e0000,0x20000", "--wp-enable"});
  ASSERT_EQ(set.status, 0) << set.out << set.err;
  const std::string status = flashrom({"-c", name, "--wp-status"}).out;
  EXPECT_NE(status.find("Protection range: start=0x007e0000 length=0x00020000"), std::string::npos)
      << status;
  EXPECT_NE(status.find("Protection mode: hardware"), std::string::npos) << status;
}

}  // namespace
}  // namespace romwright::test
