// SPDX-License-Identifier: GPL-2.0-or-later
// Chips whose second register is not where the others have it, under the whole engine.
#include <gtest/gtest.h>

#include "tests/scenarios/engine/bench.h"

namespace romwright::flash::scenario {
namespace {

// A read of SR2 (0x35) would make this chip listen on four lines, and end the conversation.
TEST(MacronixChips, AreProtectedWrittenAndLeftProtected) {
  Bench bench("MX25L25635F");
  Buffer image = bench.content;
  const Buffer fresh = random_bytes(0x300, 3);
  std::copy(fresh.begin(), fresh.end(), image.begin() + 0x1fff000);
  Plugged plugged(bench);
  plugged.open();
  plugged.nor->write_protect()->protect({0x1ff0000, 0x10000});
  EXPECT_EQ(plugged.nor->write_protect()->status().range, (Range{0x1ff0000, 0x10000}));
  EXPECT_THROW(plugged.write(image), ProtectedError);
  EXPECT_TRUE(all_equal(bench.content, 0xff));
  const WriteReport report = plugged.write(image, {.unprotect = true});
  EXPECT_EQ(bench.content, image);
  EXPECT_EQ(report.verified_bytes, bench.chip.size);
  EXPECT_EQ(plugged.nor->write_protect()->status().range, (Range{0x1ff0000, 0x10000}));
}

}  // namespace
}  // namespace romwright::flash::scenario
