// SPDX-License-Identifier: GPL-2.0-or-later
// One image, worked on by cbfstool in a file and by the editor in memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"
#include "tests/support/program.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"

namespace romwright::images {

/// Skips where cbfstool is not installed.
class WithCbfstool : public testing::Test {
 protected:
  void SetUp() override {
    const std::optional<std::string> found = test::find_program("cbfstool");
    if (!found) GTEST_SKIP() << "cbfstool is not installed (Debian: coreboot-utils)";
    cbfstool_ = *found;
  }

  [[nodiscard]] std::string file(std::string_view name) const { return (folder_ / name).string(); }

  /// Runs `cbfstool image.rom ARGUMENTS`.
  [[nodiscard]] test::Result cbfstool(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {cbfstool_, file("image.rom")});
    return test::run(arguments);
  }

  /// Both sides begin with `image`.
  void begin(Buffer image) {
    image_ = std::move(image);
    region_ = locate_cbfs(image_).value();
    test::write_file(file("image.rom"), image_);
  }
  [[nodiscard]] CbfsEditor editor() { return {image_, region_}; }

  /// What cbfstool wrote.
  [[nodiscard]] Buffer theirs() const { return test::read_file(file("image.rom")); }

  /// Where both images differ first, and what cbfstool prints of its own.
  [[nodiscard]] testing::AssertionResult same() const {
    const Buffer other = theirs();
    if (other == image_) return testing::AssertionSuccess();
    std::size_t at = 0;
    while (at < std::min(other.size(), image_.size()) && other[at] == image_[at]) ++at;
    const auto window = [&](const Buffer& bytes) {
      return to_hex(
          slice(ConstBytes(bytes), {at, std::min<std::size_t>(32, bytes.size() - at)}, ""));
    };
    return testing::AssertionFailure()
           << "differ first at " << std::hex << at << "\nours:     " << window(image_)
           << "\ncbfstool: " << window(other) << "\n"
           << cbfstool({"print"}).out;
  }

  std::string cbfstool_;
  test::TemporaryFolder folder_;
  Buffer image_;
  Range region_;
};

}  // namespace romwright::images
