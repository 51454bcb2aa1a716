// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_view.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/cbfs/cbfs_compression.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"

namespace romwright::images {
namespace {

constexpr Range region{0x1000, 0xff000};

template <typename Body>
std::string error_of(Body&& body) {
  try {
    body();
  } catch (const ImageError& error) {
    return error.what();
  }
  return "no error";
}

/// An image whose first entry is `header` (its offset field set by the test) and what follows.
Buffer with_entry(const Buffer& entry) {
  Buffer image = test::fmap_image();
  test::put(image, region.offset, entry);
  return image;
}

std::string error_of_entry(const Buffer& entry) {
  const Buffer image = with_entry(entry);
  return error_of([&] { CbfsView(image, region); });
}

Buffer header(std::uint32_t size, std::uint32_t attributes, std::uint32_t content, Buffer rest) {
  Buffer bytes(24);
  test::put(bytes, 0, as_bytes("LARCHIVE"));
  store_be(bytes, 8, size);
  store_be(bytes, 12, std::uint32_t{0x50});
  store_be(bytes, 16, attributes);
  store_be(bytes, 20, content);
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

TEST(CbfsView, ListsFilesAndFreeSpace) {
  Buffer image = test::fmap_image();
  CbfsAddOptions options;
  options.type = CbfsType::mrc;
  options.position = CbfsPosition::region_offset(0x8000);
  options.hash = 2;
  options.padding = 16;
  options.generate_attributes = true;
  CbfsEditor(image, region).add("mrc.bin", test::pattern(100, 1), options);
  const CbfsView view(image, region);
  ASSERT_EQ(view.files().size(), 3U);
  EXPECT_TRUE(view.files()[0].empty());
  EXPECT_EQ(view.files()[0].name, "");
  EXPECT_TRUE(view.files()[2].empty());
  const CbfsFile& file = view.files()[1];
  EXPECT_EQ(file.name, "mrc.bin");
  EXPECT_EQ(file.type, 0x61U);
  EXPECT_EQ(file.data, (Range{0x9000, 100}));
  EXPECT_EQ(file.entry.end(), 0x9064U);
  EXPECT_EQ(file.entry.offset % 64, 0U);
  EXPECT_EQ(file.position, 0x8000U);
  EXPECT_EQ(file.padding, 16U);
  EXPECT_EQ(file.alignment, std::nullopt);
  EXPECT_EQ(file.compression, CbfsCompression::none);
  EXPECT_EQ(file.hash, (CbfsHash{2, digest(Hash::sha256, test::pattern(100, 1))}));
  std::vector<std::uint32_t> tags;
  for (const CbfsAttribute& attribute : file.attributes) tags.push_back(attribute.tag);
  EXPECT_EQ(tags, (std::vector<std::uint32_t>{CbfsAttributeTag::hash, CbfsAttributeTag::position,
                                              CbfsAttributeTag::padding}));
  EXPECT_EQ(view.find("MRC.bin"), &file);
  EXPECT_EQ(view.find("mrc"), nullptr);
  EXPECT_EQ(view.contents("mrc.bin"), test::pattern(100, 1));
}

TEST(CbfsView, ReadsAttributesOfAnyOrderAndUnknownOnes) {
  const Buffer attributes = {0x12, 0x34, 0x56, 0x78, 0,    0,    0, 12, 1,  2, 3,
                             4,    'B',  'C',  'L',  'A',  0,    0, 0,  12, 0, 0,
                             16,   0,    0xff, 0xff, 0xff, 0xff, 1, 1,  1,  1};
  Buffer rest = {'a', 0, 0, 0};
  rest.insert(rest.end(), attributes.begin(), attributes.end());
  rest.push_back(0x77);
  const Buffer image = with_entry(header(1, 28, 60, rest));
  const CbfsFile file = read_cbfs_entry(image, region, region.offset);
  EXPECT_EQ(file.name, "a");
  EXPECT_EQ(file.alignment, 0x1000U);
  ASSERT_EQ(file.attributes.size(), 2U);
  EXPECT_EQ(file.attributes[0], (CbfsAttribute{0x12345678, {region.offset + 36, 4}}));
  EXPECT_EQ(file.data, (Range{region.offset + 60, 1}));
}

TEST(CbfsView, NamesWhatIsDamaged) {
  EXPECT_EQ(error_of_entry(header(0xff000, 0, 28, {'a', 0, 0, 0})),
            "CBFS entry at 0x1000: 0x1c+0xff000 bytes leave the CBFS, of which 0xff000 are left");
  EXPECT_EQ(
      error_of_entry(header(0xffffffff, 0, 0xffffffff, {'a', 0, 0, 0})),
      "CBFS entry at 0x1000: 0xffffffff+0xffffffff bytes leave the CBFS, of which 0xff000 are "
      "left");
  EXPECT_EQ(error_of_entry(header(4, 0, 0, {'a', 0, 0, 0})),
            "CBFS entry at 0x1000: its content begins at 0x0, in its header");
  EXPECT_EQ(error_of_entry(header(4, 0, 28, {'a', 'b', 'c', 'd'})),
            "CBFS entry at 0x1000: its name has no end");
  EXPECT_EQ(error_of_entry(header(4, 0x1000, 28, {'a', 0, 0, 0})),
            "CBFS entry at 0x1000: its attributes begin at 0x1000, outside its header");
  EXPECT_EQ(error_of_entry(header(4, 8, 28, {'a', 0, 0, 0})),
            "CBFS entry at 0x1000: its attributes begin at 0x8, outside its header");
  EXPECT_EQ(error_of_entry(header(4, 28, 40, {'a', 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 13})),
            "CBFS entry at 0x1000: attribute 0x01020304 of 0xd bytes leaves the header");
  EXPECT_EQ(error_of_entry(header(4, 28, 40, {'a', 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0})),
            "CBFS entry at 0x1000: attribute 0x01020304 of 0x0 bytes leaves the header");
  EXPECT_EQ(error_of_entry(header(4, 28, 40, {'a', 0, 0, 0, 'B', 'C', 'Z', 'L', 0, 0, 0, 12})),
            "CBFS entry at 0x1000: its compression attribute is too short");
}

TEST(CbfsView, RefusesARegionThatIsNone) {
  const Buffer blank(0x2000, 0xff);
  EXPECT_EQ(error_of([&] {
              CbfsView(blank, {0x1000, 0x1000});
            }),
            "CBFS at 0x1000+0x1000: begins with no file");
  EXPECT_EQ(error_of([&] {
              CbfsView(blank, {0x1000, 0x2000});
            }),
            "CBFS: 0x1000+0x2000 lies outside 0x2000 bytes");
  EXPECT_EQ(error_of([&] {
              CbfsView(blank, {UINT64_MAX, 2});
            }),
            "CBFS: 0xffffffffffffffff+0x2 lies outside 0x2000 bytes");
}

TEST(CbfsView, ReadsThousandsOfFiles) {
  Buffer image = test::fmap_image();
  CbfsView empty(image, region);
  Buffer entry = header(8, 0, 28, {'x', 0, 0, 0});
  for (std::uint64_t at = region.offset; at < region.end(); at += 64) test::put(image, at, entry);
  const CbfsView view(image, region);
  EXPECT_EQ(view.files().size(), region.size / 64);
  EXPECT_EQ(error_of([&] { static_cast<void>(view.contents("y")); }),
            "CBFS file y: is not in the image");
}

TEST(CbfsView, RefusesContentThatExpandsBeyondAnyFlash) {
  Buffer bomb = cbfs_compress(CbfsCompression::lzma, Buffer(1 << 20, 0));
  Buffer rest = {'b', 0, 0, 0, 'B', 'C', 'Z', 'L', 0, 0, 0, 16, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff};
  rest.insert(rest.end(), bomb.begin(), bomb.end());
  Buffer image = with_entry(header(static_cast<std::uint32_t>(bomb.size()), 28, 44, rest));
  EXPECT_EQ(
      error_of([&] { static_cast<void>(CbfsView(image, region).contents("b")); }),
      "CBFS file b at 0x1000: declares 4 294 967 295 bytes, which is more than any flash holds "
      "(64 MiB)");
  // Declares little, and holds more.
  store_be(Bytes(image), 0x1000 + 40, std::uint32_t{1000});
  EXPECT_EQ(error_of([&] { static_cast<void>(CbfsView(image, region).contents("b")); }),
            "CBFS file b at 0x1000: expands to 1 MiB, where at most 1 000 bytes are allowed");
}

}  // namespace
}  // namespace romwright::images
