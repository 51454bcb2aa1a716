// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/error.h"

#include <array>

#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "flash/base/nearest.h"

namespace romwright {
namespace {

TEST(Error, FramesComeOutermostFirstAndTheHintLast) {
  try {
    within("preparing x230_12mb",
           [] { within("region me", [] { throw ImageError("does not fit", "see the recipe"); }); });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.line(), "preparing x230_12mb: region me: does not fit (see the recipe)");
    EXPECT_STREQ(error.what(), "preparing x230_12mb: region me: does not fit");
  }
}

TEST(Error, AManifestErrorHasACaretUnderItsColumn) {
  const ManifestError error({"a.yaml", 3, 5}, "    bord: x", "unknown key 'bord'",
                            "did you mean 'board'?");
  EXPECT_EQ(error.line(),
            "a.yaml:3:5: unknown key 'bord' (did you mean 'board'?)\n"
            "      bord: x\n"
            "      ^");
}

TEST(Error, ThrowAllCarriesEveryLine) {
  try {
    throw_all(std::vector<ImageError>{ImageError("one"), ImageError("two", "hint")});
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_EQ(error.line(), "one");
    ASSERT_EQ(error.others().size(), 1U);
    EXPECT_EQ(error.others()[0], "two (hint)");
  }
  EXPECT_NO_THROW(throw_all(std::vector<ImageError>{}));
}

TEST(Error, ThrowAllCarriesWhatCameAlongWithEach) {
  ImageError second("two");
  second.also("three");
  try {
    throw_all(std::vector<ImageError>{ImageError("one"), second, ImageError("four")});
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_EQ(error.others(), (std::vector<std::string>{"two", "three", "four"}));
  }
}

TEST(Error, AVerifyErrorNamesTheByte) {
  EXPECT_EQ(VerifyError(0x1234, 0xff, 0x7f).line(), "offset 0x1234: expected 0xff, read 0x7f");
}

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(hex_digest(Hash::sha1, as_bytes("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex_digest(Hash::md5, {}), "d41d8cd98f00b204e9800998ecf8427e");
  Digest pieces(Hash::sha512);
  pieces.update(as_bytes("a"));
  pieces.update(as_bytes("bc"));
  EXPECT_EQ(to_hex(pieces.finish()), hex_digest(Hash::sha512, as_bytes("abc")));
}

TEST(Nearest, SuggestsOnlyWhatIsClose) {
  constexpr std::array<std::string_view, 3> known{"board", "title", "chips"};
  EXPECT_EQ(nearest("bord", known), "board");
  EXPECT_EQ(nearest("chip", known), "chips");
  EXPECT_EQ(nearest("something", known), "");
}

}  // namespace
}  // namespace romwright
