// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/metadata_hash.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"

namespace romwright::images {
namespace {

constexpr std::size_t image_size = 0x40000;
constexpr Range region{0x1000, image_size - 0x4000};
constexpr std::size_t anchor_at = image_size - 0x2000;

class VerifiedCbfs : public testing::Test {
 protected:
  VerifiedCbfs() { test::put(image_, anchor_at, test::metadata_anchor()); }
  std::string refusal_of(std::string_view name) {
    const Buffer before = image_;
    std::string line = "no error";
    try {
      CbfsEditor(image_, region).add(name, test::pattern(100, 1));
    } catch (const RefusedError& error) {
      line = error.what();
    }
    EXPECT_EQ(image_, before);
    return line;
  }
  Buffer image_ = test::bootblock_image(image_size);
};

TEST_F(VerifiedCbfs, TheAnchorHoldsTheHashOfAllHeaders) {
  CbfsEditor editor(image_, region);
  editor.add("a", test::pattern(100, 1));
  editor.add("b", test::pattern(200, 2));
  Buffer headers;
  for (const CbfsFile& file : editor.view().files()) {
    if (file.empty()) continue;
    EXPECT_EQ(file.hash->digest, digest(Hash::sha256, editor.view().raw(file)));
    const ConstBytes bytes = slice(ConstBytes(image_), file.metadata(), "header");
    headers.insert(headers.end(), bytes.begin(), bytes.end());
  }
  EXPECT_EQ(to_hex(ConstBytes(image_).subspan(anchor_at + 12, 32)),
            hex_digest(Hash::sha256, headers));
  editor.remove("a");
  editor.remove("b");
  EXPECT_EQ(to_hex(ConstBytes(image_).subspan(anchor_at + 12, 32)), hex_digest(Hash::sha256, {}));
}

TEST_F(VerifiedCbfs, AnotherCbfsHasNone) {
  test::put_fmap(image_, {{"FMAP", 0, 0x1000},
                          {"RW_A", 0x1000, image_size - 0x4000},
                          {"COREBOOT", 0x800, 0x800},
                          {"BOOTBLOCK", image_size - 0x3000, 0x3000}});
  CbfsEditor editor(image_, region);
  editor.add("a", test::pattern(100, 1));
  EXPECT_EQ(editor.view().find("a")->hash, std::nullopt);
  EXPECT_EQ(to_hex(ConstBytes(image_).subspan(anchor_at + 12, 32)), hex_digest(Hash::sha256, {}));
}

TEST_F(VerifiedCbfs, AnAnchorThatCannotBeKeptUpToDateRefusesTheChange) {
  image_[anchor_at + 12] ^= 1;
  EXPECT_EQ(refusal_of("a"),
            "CBFS file a: metadata hash at 0x3e000: is not the hash of the files "
            "that are there");
  image_[anchor_at + 12] ^= 1;
  image_[anchor_at + 11] = 77;
  EXPECT_EQ(refusal_of("a"), "CBFS file a: metadata hash at 0x3e000: has the unknown algorithm 77");
  image_[anchor_at + 11] = 2;
  test::put(image_, image_size - 0x3000, as_bytes("\xd1\xdc\x4b\x84\x34\x10\xd7\x73"));
  EXPECT_EQ(refusal_of("a"),
            "CBFS file a: metadata hash at 0x3e000: the bootblock has a header with "
            "a hash of its own");
  image_[image_size - 0x3000] = 0;
  EXPECT_NO_THROW(CbfsEditor(image_, region).add("a", test::pattern(100, 1)));
}

TEST(MetadataHash, InAnAmdFirmwareFile) {
  Buffer image = test::fmap_image(image_size);
  const Range whole{0x1000, image_size - 0x1000};
  CbfsEditor editor(image, whole);
  Buffer firmware = test::pattern(0x500, 3);
  test::put(firmware, 0x100, test::metadata_anchor());
  CbfsAddOptions options;
  options.type = CbfsType::amdfw;
  editor.add("apu/amdfw", firmware, options);
  const Range stored = editor.view().find("apu/amdfw")->data;
  // As the build leaves it: the hash of the firmware's own header.
  const CbfsFile file = *editor.view().find("apu/amdfw");
  test::put(image, stored.offset + 0x100 + 12,
            digest(Hash::sha256, slice(ConstBytes(image), file.metadata(), "header")));
  const Buffer before = image;
  editor.add("a", test::pattern(10, 1));
  EXPECT_NE(to_hex(slice(ConstBytes(image), stored, "")),
            to_hex(slice(ConstBytes(before), stored, "")));
  EXPECT_NO_THROW(editor.add("b", test::pattern(10, 1)));
  EXPECT_THROW(editor.remove("apu/amdfw"), RefusedError);
}

}  // namespace
}  // namespace romwright::images
