// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_path.h"

#include <gtest/gtest.h>

#include "tests/support/uefi_images.h"

namespace romwright::images {
namespace {

using test::firmware_file;
using test::joined;
using test::section;
using test::volume;

constexpr std::string_view a = "AAAAAAAA-0000-0000-0000-000000000001";
constexpr std::string_view b = "BBBBBBBB-0000-0000-0000-000000000002";
constexpr std::string_view inner_name = "CCCCCCCC-0000-0000-0000-000000000003";

UefiStep guid(std::string_view text, std::optional<std::uint32_t> index = {}) {
  return {UefiGuid::parse(text), {}, index};
}
UefiStep kind(std::string_view name, std::optional<std::uint32_t> index = {}) {
  return {{}, parse_uefi_section_kind(name), index};
}

class UefiPath : public testing::Test {
 protected:
  std::string find(std::vector<UefiStep> path) {
    const UefiNode* node = find_uefi_node(tree_, path);
    if (node == nullptr) return "none";
    const ConstBytes payload = uefi_payload(*node);
    return {payload.begin(), payload.end()};
  }

  const Buffer inner_ = volume(0x100, {firmware_file(b, 0x02, section(0x19, test::bytes_of("in")))},
                               {test::ffs2_guid, inner_name});
  const Buffer image_ =
      joined({Buffer(16, 0xff),
              volume(0x200, {firmware_file(a, 0x07,
                                           joined({section(0x19, test::bytes_of("zero")),
                                                   section(0x10, test::bytes_of("one")),
                                                   section(0x19, test::bytes_of("two"))},
                                                  4)),
                             firmware_file(a, 0x07, section(0x1b, test::bytes_of("depex")))}),
              volume(0x400, {firmware_file(a, 0x02, test::ui_section("x")),
                             firmware_file(a, 0x0b, section(0x17, inner_))})});
  const UefiTree tree_{image_};
};

TEST_F(UefiPath, FollowsItsSteps) {
  EXPECT_EQ(find({guid(test::ffs2_guid), guid(a), kind("raw")}), "zero");
  EXPECT_EQ(find({guid(test::ffs2_guid, 1), guid(a, 0), kind("raw", 2)}), "two");
  EXPECT_EQ(find({guid(a), kind("pe32")}), "one");
  EXPECT_EQ(find({kind("depex")}), "depex");
  EXPECT_EQ(find({guid(b), kind("raw")}), "in");
  EXPECT_EQ(find({guid(inner_name), kind("raw", 0)}), "in");
  EXPECT_EQ(find({guid(inner_name)}), std::string(inner_.begin(), inner_.end()));
}

TEST_F(UefiPath, GoesBackWhereAWayEnds) {
  EXPECT_EQ(find({guid(test::ffs2_guid), guid(a), kind("volume"), guid(test::ffs2_guid), guid(b),
                  kind("raw")}),
            "in");
}

TEST_F(UefiPath, AGuidSaysMoreThanItsIndex) {
  EXPECT_EQ(find({guid(test::ffs2_guid, 7), guid(a, 54), kind("raw", 0)}), "zero");
  EXPECT_EQ(find({guid(test::ffs2_guid, 7), guid(a, 54), kind("raw", 1)}), "none");
}

TEST_F(UefiPath, SaysWhereNothingIs) {
  EXPECT_EQ(find({}), "none");
  EXPECT_EQ(find({guid(b), kind("pe32")}), "none");
  EXPECT_EQ(find({guid("DDDDDDDD-0000-0000-0000-000000000003")}), "none");
  EXPECT_FALSE(parse_uefi_section_kind("rom"));
}

TEST(UefiStep, IsShown) {
  EXPECT_EQ(to_string(guid(a, 4)), std::string(a) + "[4]");
  EXPECT_EQ(to_string(kind("depex")), "depex");
}

}  // namespace
}  // namespace romwright::images
