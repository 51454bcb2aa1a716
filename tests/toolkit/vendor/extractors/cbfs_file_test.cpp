// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"
#include "tests/toolkit/vendor/extractor_fixture.h"
#include "toolkit/images/formats/cbfs/cbfs_compression.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::vendor::test {
namespace {

using namespace romwright::images;
using nlohmann::json;
using romwright::test::pattern;

Rmodule module() {
  Rmodule module;
  module.link_address = module.entry = 0x100000;
  module.program = pattern(200, 5);
  module.memory_size = 300;
  module.bss_begin = 0x1000c8;
  module.bss_end = 0x10012c;
  module.relocations = {0x100001, 0x100010};
  return module;
}

class CbfsFileExtractor : public ExtractorTest {
 protected:
  CbfsFileExtractor() {
    CbfsEditor editor(image_, {0x1000, image_.size() - 0x1000});
    CbfsAddOptions options;
    options.type = CbfsType::raw;
    options.compression = CbfsCompression::lzma;
    editor.add("mrc.bin", pattern(5000, 1), options);
    editor.add_stage("fallback/refcode", module().serialize());
    options = {};
    options.type = CbfsType::legacy_stage;
    editor.add("old/refcode", legacy(CbfsCompression::none), options);
    editor.add("old/packed", legacy(CbfsCompression::lzma), options);
  }

  /// A stage with the header of the time before 2021.
  static Buffer legacy(CbfsCompression compression) {
    const Buffer program = module().serialize();
    const Buffer stored = cbfs_compress(compression, program);
    Buffer stage(28);
    store_le(stage, 0, static_cast<std::uint32_t>(compression));
    store_le(stage, 20, static_cast<std::uint32_t>(stored.size()));
    store_le(stage, 24, static_cast<std::uint32_t>(program.size() + 1000));
    stage.insert(stage.end(), stored.begin(), stored.end());
    return stage;
  }
  [[nodiscard]] ExtractedFiles files() const {
    return {{"x/notes.txt", Content(Buffer(9))}, {"x/bios.bin", Content(image_)}};
  }
  std::string refusal(const ExtractedFiles& given, const json& parameters) {
    try {
      (void)extract("cbfs_file", given, parameters);
      return "no error";
    } catch (const Error& error) {
      return error.line();
    }
  }

  Buffer image_ = romwright::test::fmap_image();
};

TEST_F(CbfsFileExtractor, GivesContents) {
  const ExtractedFiles found = extract("cbfs_file", files(), {{"name", "mrc.bin"}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "x/bios.bin/mrc.bin");
  EXPECT_EQ(copy(found[0].content), pattern(5000, 1));
}

TEST_F(CbfsFileExtractor, TurnsStagesIntoElf) {
  for (const char* name : {"fallback/refcode", "old/refcode", "old/packed"}) {
    const ExtractedFiles found = extract("cbfs_file", files(), {{"name", name}, {"stage", "elf"}});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(copy(found[0].content), module().to_elf()) << name;
  }
  EXPECT_EQ(refusal(files(), {{"name", "mrc.bin"}, {"stage", "elf"}}),
            "x/bios.bin: CBFS file mrc.bin: is no stage");
}

TEST_F(CbfsFileExtractor, LooksForTheCbfsInALargerArea) {
  Buffer whole = romwright::test::fmap_image();
  romwright::test::put_fmap(whole, {{"FMAP", 0, 0x800}, {"RO_SECTION", 0x800, 0xff800}});
  std::copy(image_.begin() + 0x1000, image_.end(), whole.begin() + 0x1000);
  EXPECT_EQ(copy(extract("cbfs_file", {{"b", Content(whole)}},
                         {{"name", "mrc.bin"}, {"area", "RO_SECTION"}})[0]
                     .content),
            pattern(5000, 1));
}

TEST_F(CbfsFileExtractor, SaysWhatIsNotThere) {
  EXPECT_EQ(refusal(files(), {{"name", "mrc"}}),
            "cbfs_file: no CBFS with a file mrc in the FMAP area COREBOOT, in x/notes.txt, "
            "x/bios.bin");
  EXPECT_EQ(refusal({}, {{"name", "mrc"}, {"area", "RO"}}),
            "cbfs_file: no CBFS with a file mrc in the FMAP area RO, in nothing");
}

}  // namespace
}  // namespace romwright::vendor::test
