// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/inflate.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/dell_packages.h"
#include "tests/support/fixtures.h"

namespace romwright::vendor {
namespace {

std::string error_of(const Buffer& stored, std::uint64_t limit) {
  try {
    (void)inflate_stream(stored, limit);
    return "no error";
  } catch (const ImageError& error) {
    return error.what();
  }
}

TEST(Inflate, GivesBackWhatWasCompressed) {
  for (const std::size_t size : {0U, 1U, 65536U, 300000U}) {
    const Buffer content = test::pattern(size, 3, 13);
    Buffer stored = test::zlib_compressed(content);
    EXPECT_EQ(inflate_stream(stored, size), content);
    stored.resize(stored.size() + 7);
    EXPECT_EQ(inflate_stream(stored, 1 << 20), content) << "what follows is left alone";
  }
}

TEST(Inflate, RefusesDamage) {
  const Buffer stored = test::zlib_compressed(test::pattern(1000, 3));
  EXPECT_EQ(error_of(stored, 999), "deflated data: expand beyond 999 bytes");
  EXPECT_EQ(error_of(test::zlib_compressed(Buffer(1 << 20)), 100),
            "deflated data: expand beyond 100 bytes");
  EXPECT_EQ(error_of({}, 100), "deflated data: they end after 0x0 bytes");
  EXPECT_EQ(error_of(Buffer(stored.begin(), stored.end() - 5), 1000).substr(0, 30),
            "deflated data: they end after ");
  EXPECT_EQ(error_of({1, 2, 3, 4}, 100), "deflated data: they are damaged after 0x2 bytes");
}

}  // namespace
}  // namespace romwright::vendor
