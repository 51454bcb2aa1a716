// SPDX-License-Identifier: GPL-2.0-or-later
// The golden vectors of descriptors, GbE and ME: results of public tools on real files, where they
// are.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/gbe.h"
#include "toolkit/images/formats/ifd.h"
#include "toolkit/images/formats/me.h"

namespace romwright::images {
namespace {

using nlohmann::json;

class Golden : public testing::Test {
 protected:
  void SetUp() override {
    const auto shared = test::shared();
    if (!shared) GTEST_SKIP() << "the golden vectors are not here";
    fixtures_ = *shared / "fixtures";
    vectors_ = json::parse(std::ifstream(*shared / "facts" / "golden_vectors.json"));
  }
  [[nodiscard]] Buffer input(const json& vector) const {
    return test::read_file(fixtures_ / vector["input"].get<std::string>());
  }
  [[nodiscard]] bool has(const json& vector) const {
    return std::filesystem::exists(fixtures_ / vector["input"].get<std::string>());
  }
  static std::uint64_t hex(const json& text) {
    return std::stoull(text.get<std::string>(), nullptr, 16);
  }

  /// The dwords that differ, as the vectors list them.
  static std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> changed(
      const Buffer& before, const Buffer& after) {
    std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> result;
    for (std::size_t at = 0; at + 4 <= before.size(); at += 4) {
      const auto a = load_le<std::uint32_t>(before, at), b = load_le<std::uint32_t>(after, at);
      if (a != b) result[at] = {a, b};
    }
    return result;
  }
  static void expect_changed(const json& expected, const Buffer& before, const Buffer& after,
                             const std::string& what) {
    std::map<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> wanted;
    for (const auto& [offset, values] : expected["changed_dwords"].items())
      wanted[std::stoull(offset, nullptr, 16)] = {static_cast<std::uint32_t>(hex(values[0])),
                                                  static_cast<std::uint32_t>(hex(values[1]))};
    EXPECT_EQ(changed(before, after), wanted) << what;
  }

  std::filesystem::path fixtures_;
  json vectors_;
};

TEST_F(Golden, Descriptors) {
  std::size_t seen = 0;
  for (const json& vector : vectors_["ifdtool"]) {
    if (!has(vector)) continue;
    ++seen;
    const std::string name = vector["input"];
    const Buffer image = input(vector);
    const auto ifd = find_ifd(image);
    ASSERT_TRUE(ifd) << name;
    std::map<std::string, Range> regions, expected;
    for (const IfdRegion& region : ifd->regions()) regions[std::string(region.name)] = region.range;
    for (const auto& [key, range] : vector["regions"].items())
      expected[key] = {hex(range[0]), hex(range[1])};
    EXPECT_EQ(regions, expected) << name;
    const bool v1 = vector["platform"].is_null();
    EXPECT_EQ(ifd->version(), v1 ? DescriptorVersion::v1 : DescriptorVersion::v2) << name;
    const IfdPlatform* platform =
        find_ifd_platform(v1 ? "" : vector["platform"].get<std::string>());
    ASSERT_NE(platform, nullptr) << vector["platform"];
    Buffer locked = image, unlocked = image, disabled = image;
    IfdEditor(locked, platform).lock();
    expect_changed(vector["lock"], image, locked, name + " lock");
    IfdEditor(unlocked, platform).unlock();
    expect_changed(vector["unlock"], image, unlocked, name + " unlock");
    IfdEditor(disabled, platform).set_me_disabled(true);
    expect_changed(vector["altmedisable_1"], image, disabled, name + " altmedisable");
    EXPECT_TRUE(find_ifd(disabled)->me_disabled()) << name;
  }
  EXPECT_GT(seen, 30U);
}

TEST_F(Golden, GbeMac) {
  for (const json& vector : vectors_["gbe_setmac"]) {
    Buffer region = input(vector);
    const Mac mac = make_mac(vector["mac"].get<std::string>(), system_random());
    set_gbe_mac(region, mac);
    EXPECT_EQ(hex_digest(Hash::sha512, region), vector["sha512"]) << vector["input"];
    EXPECT_EQ(GbeView(region).mac(), mac);
  }
}

TEST_F(Golden, MeRegions) {
  for (const json& vector : vectors_["me_cleaner"]) {
    if (!has(vector) || !vector.contains("version")) continue;
    const Buffer region = input(vector);
    if (!is_me_region(region)) continue;
    const MeView me(region);
    const auto found = me.version();
    ASSERT_TRUE(found) << vector["input"];
    std::string version;
    for (const std::uint16_t part : *found)
      version += (version.empty() ? "" : ".") + std::to_string(part);
    EXPECT_EQ(version, vector["version"]) << vector["input"];
    EXPECT_EQ(me.generation(), vector["generation"]);
    EXPECT_FALSE(me.cleaned());
    EXPECT_TRUE(me.checksum_valid());
    ASSERT_NE(me.partition("FTPR"), nullptr);
    EXPECT_EQ(me.partition("FTPR")->range.offset, hex(vector["ftpr"][0])) << vector["input"];
    EXPECT_EQ(me.partition("FTPR")->range.end(), hex(vector["ftpr"][1])) << vector["input"];
  }
}

}  // namespace
}  // namespace romwright::images
