// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/check.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/descriptors.h"
#include "tests/support/fixtures.h"
#include "tests/support/sample_image.h"

namespace romwright::images {
namespace {

using testing::Contains;
using testing::ElementsAre;
using S = test::SampleImage;

/// "severity where: message", 'e', 'w' or 'n' for the severity.
std::vector<std::string> lines(const Problems& problems) {
  std::vector<std::string> result;
  for (const Problem& problem : problems)
    result.push_back(std::string(1, "nwe"[static_cast<int>(problem.severity)]) + " " +
                     problem.where + ": " + problem.message);
  return result;
}
std::vector<std::string> check(ConstBytes image) { return lines(check_image(image)); }

/// The sample image, made once.
const Buffer& sample() {
  static const Buffer image = test::sample_image();
  return image;
}

/// Range of the map's area `index`.
void set_area(Buffer& image, std::size_t index, const Range& range) {
  const std::size_t at = S::fmap.offset + 56 + 42 * index;
  store_le(Bytes(image), at, static_cast<std::uint32_t>(range.offset));
  store_le(Bytes(image), at + 4, static_cast<std::uint32_t>(range.size));
}

TEST(Check, ASoundImage) { EXPECT_THAT(check(sample()), ElementsAre()); }

TEST(Check, ABlankChipsContent) { EXPECT_THAT(check(Buffer(0x10000, 0xff)), ElementsAre()); }

TEST(Check, Sizes) {
  EXPECT_THAT(check({}), ElementsAre("e image: 0 bytes are no flash chip's size"));
  EXPECT_THAT(check(Buffer(0x1001, 0xff)),
              ElementsAre("e image: 4 097 bytes are no flash chip's size"));
  Buffer truncated = sample();
  truncated.resize(0x700000);
  EXPECT_THAT(check(truncated),
              Contains("e region bios: 0x1b000+0xbe5000 lies outside the image's 7 MiB"));
}

TEST(Check, ThePaddingByteIsTheOnlyProblemOfAPaddedImage) {
  Buffer image = sample();
  image.push_back(0);
  const Problems problems = check_image(image);
  EXPECT_THAT(lines(problems),
              ElementsAre("e image: it still has its padding byte: vendor files are missing"));
  EXPECT_EQ(problems.at(0).hint, "romwright prepare");
}

TEST(Check, EveryProblemNotOnlyTheFirst) {
  Buffer image = sample();
  image[S::gbe.offset + 126] ^= 1;                                           // checksum of part 0
  std::fill_n(image.begin() + S::me.offset, 0x100, std::uint8_t{0x5a});      // no ME region
  set_area(image, 0, {S::bios.offset, S::bios.size - 0x1000});               // SI_BIOS
  store_le<std::uint32_t>(Bytes(image), 0x40, 0x00000001);                   // region fd unused
  store_be<std::uint32_t>(Bytes(image), S::coreboot.offset + 20, 0xffffff);  // first file's data
  const std::vector<std::string> found = check(image);
  EXPECT_THAT(found, Contains("w GbE part 0: wrong checksum"));
  EXPECT_THAT(found, Contains("e region me: ME region: no partition table ($FPT)"));
  EXPECT_THAT(found, Contains("e region fd: the descriptor's own region does not lie at 0"));
  EXPECT_THAT(found, Contains("w FMAP area SI_BIOS: 0x1b000+0xbe4000, but the descriptor's region "
                              "bios is 0x1b000+0xbe5000"));
  EXPECT_THAT(found, Contains("w FMAP area SI_BIOS: 0x1b000+0xbe4000 overlaps area COREBOOT "
                              "0x21000+0xbdf000"));
  EXPECT_THAT(found, Contains(testing::StartsWith("e CBFS: ")));
  EXPECT_EQ(found.size(), 6U);
}

TEST(Check, TwoMapsThatDiffer) {
  Buffer image = sample();
  std::copy_n(image.begin() + S::fmap.offset, 0x200, image.end() - 0x1000);
  image[image.size() - 0x1000 + 22] = 'G';
  EXPECT_THAT(check(image),
              Contains("e FMAP: two valid maps that differ, at 0x20000 and 0xbff000"));
}

TEST(Check, AMapForAnotherImage) {
  Buffer image = sample();
  image.resize(16U << 20, 0xff);
  EXPECT_THAT(check(image),
              ElementsAre("e flash descriptor: it is for chips of 12 MiB together, the image has "
                          "16 MiB",
                          "w FMAP: it is for an image of 12 MiB, this one has 16 MiB"));
}

TEST(Check, ADamagedDescriptor) {
  Buffer image(0x800, 0xff);
  store_le<std::uint32_t>(Bytes(image), 0x10, 0x0ff0a55a);
  EXPECT_THAT(check(image), ElementsAre("e image: 2 KiB are no flash chip's size",
                                        "e flash descriptor: 0x0+0x1000 lies outside 0x800 bytes"));
}

TEST(Check, AGbeRegionOfAnotherSize) {
  Buffer image(0x10000, 0xff);
  test::put_descriptor(image, test::series7, {{0, {0, 0x1000}}, {3, {0x1000, 0x1000}}}, {0});
  EXPECT_THAT(check(image),
              Contains("e region gbe: GbE: 4 KiB are no two parts of 4, 8 or 64 KiB"));
}

TEST(Check, NeverThrows) {
  const Buffer& good = sample();
  std::minstd_rand random(1);
  for (int round = 0; round < 300; ++round) {
    // The parts that are read as structures, in a smaller image.
    Buffer image(good.begin(), good.begin() + 0x28000);
    for (int i = 0; i < 20; ++i) {
      const std::size_t place = std::array<std::size_t, 6>{
          0, S::gbe.offset, S::me.offset, S::fmap.offset, S::coreboot.offset, 0xe00}[random() % 6];
      image[place + random() % 0x100] = static_cast<std::uint8_t>(random());
    }
    EXPECT_NO_THROW(check_image(image));
    image.resize(random() % image.size());
    EXPECT_NO_THROW(check_image(image));
  }
}

/// Every real descriptor, on chips of the size that it names.
TEST(Check, RealDescriptorsAreSound) {
  const auto fixtures = test::fixtures();
  if (!fixtures) GTEST_SKIP() << "the descriptors are not here";
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*fixtures / "ifd")) {
    if (!entry.is_regular_file() || entry.file_size() != 0x1000) continue;
    const Buffer descriptor = test::read_file(entry.path());
    const Problems problems = check_image(descriptor);
    for (const Problem& problem : problems)
      EXPECT_NE(problem.severity, Severity::error)
          << entry.path() << ": " << problem.where << ": " << problem.message;
    ++seen;
  }
  EXPECT_GT(seen, 30U);
}

}  // namespace
}  // namespace romwright::images
