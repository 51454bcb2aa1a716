// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/content.h"

#include <algorithm>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "tests/support/fixtures.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {
namespace {

/// Pages of this process that are in memory.
std::size_t resident() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0, in_memory = 0;
  file >> all >> in_memory;
  return in_memory * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

class MappedContent : public testing::Test {
 protected:
  Content map(const Buffer& bytes) {
    test::write_file(folder / "file", bytes);
    return map_file(folder / "file");
  }
  test::TemporaryFolder folder;
};

TEST_F(MappedContent, IsTheSameWhenItWasForgotten) {
  const Buffer bytes = test::pattern(300'000, 3);
  const Content content = map(bytes);
  for (const Range range : {Range{0, 300'000}, Range{5, 10}, Range{4095, 8193}, Range{299'999, 1},
                            Range{300'000, 1}, Range{0, UINT64_MAX}}) {
    content.forget(range);
    EXPECT_TRUE(std::ranges::equal(content.bytes(), bytes));
  }
  const Content part = content.part({5000, 100'000}, "part");
  part.forget({0, part.size()});
  EXPECT_EQ(part.sha512(), hex_digest(Hash::sha512, ConstBytes(bytes).subspan(5000, 100'000)));
  const Content owned(bytes);
  owned.forget({0, owned.size()});
  EXPECT_TRUE(std::ranges::equal(owned.bytes(), bytes));
}

TEST_F(MappedContent, IsHashedAndSearchedInLittleMemory) {
  constexpr std::size_t size = 160U << 20;
  test::write_file(folder / "file", Buffer(1));
  std::filesystem::resize_file(folder / "file", size);
  const Content content = map_file(folder / "file");
  const std::size_t before = resident();
  EXPECT_FALSE(content.find(as_bytes("nothing")));
  EXPECT_EQ(content.sha512().size(), 128U);
  EXPECT_LT(resident(), before + (64U << 20));
}

TEST(Content, IsSearchedAcrossSteps) {
  constexpr std::size_t step = 16U << 20;
  Buffer bytes(2 * step + 100);
  const std::string_view needle = "needle";
  for (const std::size_t at : {std::size_t{0}, step - 3, 2 * step + 94}) {
    std::ranges::copy(needle, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    const Content content(bytes);
    EXPECT_EQ(content.find(as_bytes(needle)), at);
    EXPECT_EQ(content.find(as_bytes(needle), at), at);
    EXPECT_FALSE(content.find(as_bytes(needle), at + 1));
    std::ranges::fill(bytes, 0);
  }
  EXPECT_FALSE(Content(bytes).find(as_bytes(needle), bytes.size() + 5));
  EXPECT_FALSE(Content().find(as_bytes(needle)));
}

}  // namespace
}  // namespace romwright::vendor
