// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/moved_clip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/sample_image.h"

namespace romwright::pipeline {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t mib = 1U << 20;
const std::vector<ChipPart> unequal{{"bottom", "", {0, 8 * mib}}, {"top", "", {8 * mib, 4 * mib}}};
const std::vector<ChipPart> equal{{"bottom", "", {0, 6 * mib}}, {"top", "", {6 * mib, 6 * mib}}};

std::size_t find(const std::vector<ChipPart>& parts, ConstBytes image, ConstBytes content,
                 const std::string& named) {
  return find_part(parts, image, {content.size(), content}, named);
}

std::string refused(const std::vector<ChipPart>& parts, ConstBytes image, ConstBytes content,
                    const std::string& named = "") {
  try {
    (void)find_part(parts, image, {content.size(), content}, named);
    return "";
  } catch (const Error& error) {
    return error.line();
  }
}

TEST(MovedClip, SizesTell) {
  const Buffer image = test::sample_image();
  EXPECT_EQ(find(unequal, image, Buffer(8 * mib, 0xff), ""), 0U);
  EXPECT_EQ(find(unequal, image, Buffer(4 * mib, 0xff), ""), 1U);
  EXPECT_EQ(refused(unequal, image, Buffer(16 * mib, 0xff)),
            "a chip of 16 MiB is none of the board's (it has bottom (8 MiB), top (4 MiB))");
}

TEST(MovedClip, ContentTellsWhereSizesDoNot) {
  const Buffer image = test::sample_image();
  const ConstBytes bytes(image);
  EXPECT_EQ(find(equal, image, bytes.first(6 * mib), ""), 0U);
  Buffer upper(6 * mib, 0xff);
  EXPECT_THAT(refused(equal, image, upper), HasSubstr("say it with --part: bottom (6 MiB), top"));
  Buffer filled = image;
  const Buffer code = test::sample_content(64 * 1024, 5);
  std::ranges::copy(code, filled.begin() + 10 * mib);
  std::ranges::copy(code, upper.begin() + 4 * mib);
  EXPECT_EQ(find(equal, filled, upper, ""), 1U);
}

TEST(MovedClip, AWrongAnswerIsRefused) {
  const Buffer image = test::sample_image();
  EXPECT_EQ(find(equal, image, Buffer(6 * mib, 0xff), "top"), 1U);
  EXPECT_THAT(refused(unequal, image, Buffer(8 * mib, 0xff), "top"),
              HasSubstr("--part top: this chip has 8 MiB"));
  EXPECT_THAT(refused(equal, image, ConstBytes(image).first(6 * mib), "top"),
              HasSubstr("begins with a flash descriptor"));
  EXPECT_THAT(refused(equal, image, Buffer(6 * mib, 0xff), "middle"),
              HasSubstr("the board has no such chip"));
}

}  // namespace
}  // namespace romwright::pipeline
