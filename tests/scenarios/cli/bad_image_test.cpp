// SPDX-License-Identifier: GPL-2.0-or-later
// Damaged images and manifests through the commands that look at them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/sample_release.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"

namespace romwright {
namespace {

using test::Result;
using test::SampleImage;
using testing::AllOf;
using testing::HasSubstr;

class BadImage : public testing::Test {
 protected:
  void SetUp() override { test::make_sample_release(place_.path("sample")); }

  /// What `check` says of the image.
  Result check(ConstBytes image) const {
    place_.write("bad.rom", image);
    return place_({"check", place_.path("bad.rom"), "--board", std::string(test::sample_board),
                   "--manifests", place_.path("sample/manifests")});
  }
  /// What `boards` says of a manifest of one region without surprises, and these lines.
  Result manifest(const std::string& lines) const {
    place_.write("m.yaml", "board: m\ntitle: M\nimage: {size: 1MiB}\n" + lines);
    return place_({"boards", place_.path("m.yaml")});
  }
  [[nodiscard]] std::uint64_t entry_of(std::string_view name) const {
    return images::CbfsView(image_, SampleImage::coreboot).find(name)->entry.offset;
  }

  test::Workplace place_;
  Buffer image_ = test::sample_image();
};

TEST_F(BadImage, ARegionBeyondTheImage) {
  store_le<std::uint32_t>(image_, 0x44, encode_region({SampleImage::bios.offset, 0x1000000}));
  const Result result = check(image_);
  EXPECT_EQ(result.status, 6) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("region bios"), HasSubstr("lies outside the image")));
}

TEST_F(BadImage, OverlappingRegions) {
  store_le<std::uint32_t>(image_, 0x48, encode_region({0x2000, 0x19000}));
  const Result result = check(image_);
  EXPECT_EQ(result.status, 6) << result.err;
  EXPECT_THAT(result.err, HasSubstr("overlap"));
}

TEST_F(BadImage, TwoValidMapsThatDiffer) {
  const std::uint64_t second = SampleImage::size - 0x2000;
  std::ranges::copy(slice(ConstBytes(image_), SampleImage::fmap, "map"),
                    image_.begin() + static_cast<std::ptrdiff_t>(second));
  EXPECT_THAT(check(image_).err, testing::Not(HasSubstr("two valid maps")));
  image_[second + 22] = 'G';
  const Result result = check(image_);
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_THAT(result.err, HasSubstr("two valid maps that differ, at 0x20000 and 0xbfe000"));
}

TEST_F(BadImage, ACbfsEntryThatPointsOutsideOrToItself) {
  const std::uint64_t at = entry_of("config");
  Buffer outside = image_;
  store_be<std::uint32_t>(outside, at + 8, 0x7fffffff);
  EXPECT_EQ(check(outside).status, 3);
  EXPECT_THAT(check(outside).err, HasSubstr("0x21000"));
  // Content at the entry itself, and no size: the next entry would be this one.
  Buffer itself = image_;
  store_be<std::uint32_t>(itself, at + 20, 0);
  store_be<std::uint32_t>(itself, at + 8, 0);
  EXPECT_EQ(check(itself).status, 3);
  EXPECT_THAT(check(itself).err, HasSubstr("CBFS"));
}

TEST_F(BadImage, ACompressedFileThatExpandsBeyondAnyFlash) {
  images::CbfsAddOptions options;
  options.compression = images::CbfsCompression::lzma;
  images::CbfsEditor(image_, SampleImage::coreboot)
      .add("ecfw1.bin", Buffer(100'000, 0x5a), options);
  // The size after decompression, in the compression attribute and in LZMA's own header.
  const images::CbfsFile file = *images::CbfsView(image_, SampleImage::coreboot).find("ecfw1.bin");
  const auto attribute =
      find_bytes(image_, std::array<std::uint8_t, 4>{0, 1, 0x86, 0xa0}, file.entry.offset);
  ASSERT_TRUE(attribute);
  store_be<std::uint32_t>(image_, *attribute, 0xffffffff);
  store_le<std::uint64_t>(image_, file.data.offset + 5, 0xffffffff);
  const Result result = check(image_);
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.err, HasSubstr("ecfw1.bin"));
}

TEST_F(BadImage, ManifestsWithAliasesDuplicatesAndFurtherDocuments) {
  const auto refused = [&](const std::string& lines, const std::string& what) {
    const Result result = manifest(lines);
    EXPECT_EQ(result.status, 3) << lines;
    EXPECT_THAT(result.err, AllOf(HasSubstr("m.yaml:"), HasSubstr(what), HasSubstr("^"))) << lines;
  };
  refused("title: N\n", "m.yaml:4:1");
  refused("chips: &x []\n", "anchor");
  refused("aliases: [a]\n---\nboard: n\n", "document");
  refused("imaeg: {}\n", "did you mean 'image'?");
  EXPECT_THAT(manifest("chips: [{name: a, size: 1MiB}\n").err, HasSubstr("m.yaml:5:1: "));
  EXPECT_EQ(manifest("aliases: [n]\n").status, 0);
}

TEST_F(BadImage, AnOutputFolderThatCannotBeWritten) {
  place_.write("whole.rom", image_);
  // No user, root included, makes files there.
  const Result result =
      place_({"split", place_.path("whole.rom"), "-o", "/proc/parts", "--board",
              std::string(test::sample_board), "--manifests", place_.path("sample/manifests")});
  EXPECT_EQ(result.status, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("/proc/parts"));
}

}  // namespace
}  // namespace romwright
