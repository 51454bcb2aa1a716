// SPDX-License-Identifier: GPL-2.0-or-later
// The same changes made by ifdtool and by the editor give the same bytes.
#include "flash/base/error.h"
#include "tests/interop/ifdtool/ifdtool.h"
#include "tests/support/descriptors.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::images {
namespace {

constexpr std::array generations{test::ich9,      test::series7,   test::series8,
                                 test::series100, test::series300, test::series600};
const test::NumberedRegions with_gbe{
    {0, {0, 0x1000}}, {1, {0x8000, 0x8000}}, {2, {0x3000, 0x5000}}, {3, {0x1000, 0x2000}}};
const test::NumberedRegions without_gbe{
    {0, {0, 0x1000}}, {1, {0x8000, 0x8000}}, {2, {0x1000, 0x7000}}};

Buffer image_of(const test::Generation& made, const test::NumberedRegions& regions) {
  Buffer image = test::pattern(0x10000, 3);
  test::put_descriptor(image, made, regions, {0});
  return image;
}

class Changes : public WithIfdtool {
 protected:
  /// Every generation, with and without a GbE region: `edit` does what ifdtool does with
  /// `arguments`.
  template <typename Edit>
  void expect_same(const std::vector<std::string>& arguments, Edit edit,
                   bool extended_masters = true) const {
    for (const test::Generation& made : generations) {
      if (!knows(made.platform)) continue;
      if (find_ifd_platform(made.platform)->extended_masters && !extended_masters) continue;
      for (const test::NumberedRegions& regions : {with_gbe, without_gbe}) {
        Buffer image = image_of(made, regions);
        const std::optional<Buffer> theirs = changed(made.platform, arguments, image);
        if (!theirs) return;
        IfdEditor editor(image, find_ifd_platform(made.platform));
        edit(editor);
        ASSERT_EQ(theirs->size(), image.size());
        const auto [ours, other] = std::ranges::mismatch(image, *theirs);
        EXPECT_EQ(ours, image.end()) << "platform '" << made.platform << "', " << regions.size()
                                     << " regions, at 0x" << std::hex << ours - image.begin();
      }
    }
  }
};

TEST_F(Changes, Unlock) {
  // Debian's ifdtool does not know yet that FLMSTR has bits for regions 12 to 15.
  expect_same(
      {"-u"}, [](IfdEditor& editor) { editor.unlock(); }, false);
}

TEST_F(Changes, Lock) {
  expect_same({"-l"}, [](IfdEditor& editor) { editor.lock(); });
}

TEST_F(Changes, MeDisable) {
  expect_same({"-M", "1"}, [](IfdEditor& editor) { editor.set_me_disabled(true); });
  expect_same({"-M", "0"}, [](IfdEditor& editor) { editor.set_me_disabled(false); });
}

TEST_F(Changes, InsertShorterContent) {
  const Buffer content = test::pattern(0x1800, 9, 5);
  const std::string file = (folder_ / "content").string();
  test::write_file(file, content);
  expect_same({"-i", "BIOS:" + file},
              [&](IfdEditor& editor) { editor.insert_region("bios", content); });
  expect_same({"-i", "ME:" + file},
              [&](IfdEditor& editor) { editor.insert_region("me", content); });
}

TEST_F(Changes, InsertContentOfTheRegionsSize) {
  const Buffer content = test::pattern(0x8000, 9, 5);
  const std::string file = (folder_ / "content").string();
  test::write_file(file, content);
  expect_same({"-i", "BIOS:" + file},
              [&](IfdEditor& editor) { editor.insert_region("bios", content); });
}

TEST_F(Changes, BothRefuseWhatIsTooLarge) {
  const Buffer content = test::pattern(0x8001, 9, 5);
  test::write_file(folder_ / "content", content);
  Buffer image = image_of(test::series7, with_gbe);
  test::write_file(folder_ / "in", image);
  EXPECT_NE(ifdtool("", {"-i", "BIOS:" + (folder_ / "content").string()}, folder_ / "in").status,
            0);
  EXPECT_THROW(IfdEditor(image).insert_region("bios", content), ImageError);
}

}  // namespace
}  // namespace romwright::images
