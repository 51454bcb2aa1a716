// SPDX-License-Identifier: GPL-2.0-or-later
// The golden vectors of CBFS: cbfstool's results on real files, where they are.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "tests/support/cbfs_images.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/cbfs/cbfs_stage.h"
#include "toolkit/images/formats/cbfs/fsp_relocation.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::images {
namespace {

using nlohmann::json;

class CbfsGolden : public testing::Test {
 protected:
  void SetUp() override {
    const auto shared = test::shared();
    if (!shared) GTEST_SKIP() << "the golden vectors are not here";
    fixtures_ = *shared / "fixtures";
    vectors_ = json::parse(std::ifstream(*shared / "facts" / "golden_vectors.json"));
  }

  /// The data of a step: a pattern, an embedded controller's firmware, or a file.
  [[nodiscard]] Buffer data(const std::string& what) const {
    unsigned size = 0, seed = 0;
    if (std::sscanf(what.c_str(), "pattern(%u, %u)", &size, &seed) == 2)
      return test::pattern(size, seed);
    if (what.starts_with("kbc1126 fw1")) return firmware(0x700, 3, {0x00, 0x07, 0x80, 0x7c});
    if (what.starts_with("kbc1126 fw2")) return firmware(0xf000, 5, {0x00, 0xf0, 0x00, 0x88});
    return test::read_file(fixtures_ / what);
  }
  static Buffer firmware(std::size_t size, unsigned seed, Buffer head) {
    const Buffer payload = test::pattern(size, seed);
    head.insert(head.end(), payload.begin(), payload.end());
    return head;
  }

  /// What a vector lists of every entry.
  static json listing(const CbfsView& view) {
    json entries = json::array();
    for (const CbfsFile& file : view.files())
      entries.push_back({{"name", file.empty() ? "(empty)" : file.name},
                         {"offset", hex(file.entry.offset - view.region().offset)},
                         {"type", cbfs_type_name(file.type)},
                         {"metadata_size", hex(file.metadata().size)},
                         {"data_size", hex(file.data.size)}});
    return entries;
  }
  static std::string hex(std::uint64_t value) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
  }

  std::filesystem::path fixtures_;
  json vectors_;
};

TEST_F(CbfsGolden, EveryStep) {
  const json& cbfs = vectors_["cbfs"];
  Buffer image = test::fmap_image();
  const Range region = locate_cbfs(image).value();
  ASSERT_EQ(region, (Range{0x1000, 0xff000}));
  for (const json& step : cbfs["steps"]) {
    SCOPED_TRACE(step.dump());
    CbfsEditor editor(image, region);
    if (step["step"] == "add") {
      CbfsAddOptions options;
      options.type = parse_cbfs_type(step["type"].get<std::string>()).value();
      if (step.contains("base"))
        options.position = CbfsPosition::parse(step["base"].get<std::string>());
      const Buffer content = data(step["data"]);
      ASSERT_FALSE(content.empty());
      const std::string name = step["name"];
      // A name that is there already is refused, as a step of the vectors expects.
      if (step["exit"] == 0)
        editor.add(name, content, options);
      else
        EXPECT_THROW(editor.add(name, content, options), ImageError);
    } else if (step["step"] == "remove") {
      editor.remove(step["name"].get<std::string>());
    }
    EXPECT_EQ(listing(editor.view()), step["entries"]);
    ASSERT_EQ(hex_digest(Hash::sha512, image), step["sha512"]);
  }
}

TEST_F(CbfsGolden, FspExecutedInPlace) {
  const json& vector = vectors_["fsp_xip"];
  Buffer image = test::fmap_image();
  const Buffer fsp = data(vector["input"]);
  if (fsp.empty()) GTEST_SKIP() << "the FSP is not here";
  EXPECT_EQ(hex(fsp_image_base(fsp)), vector["input_image_base"]);
  CbfsEditor editor(image, locate_cbfs(image).value());
  editor.add("config", test::pattern(1000, 1));
  editor.add_fsp_xip(vector["name"].get<std::string>(), fsp);
  EXPECT_EQ(listing(editor.view()), vector["entries"]);
  const Buffer content = editor.view().contents("fspm.bin");
  EXPECT_EQ(hex(fsp_image_base(content)), vector["output_image_base"]);
  EXPECT_EQ(hex_digest(Hash::sha512, content), vector["content_sha512"]);
  EXPECT_EQ(hex_digest(Hash::sha512, image), vector["image_sha512"]);
}

Buffer from_hex(const std::string& text) {
  Buffer bytes;
  for (std::size_t i = 0; i + 2 <= text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

TEST_F(CbfsGolden, RmoduleAsStage) {
  const json& vector = vectors_["rmodule_stage"];
  const Buffer stage = from_hex(vector["stage_content_hex"]);
  const Rmodule module = Rmodule::parse(stage);
  EXPECT_EQ(module.program, from_hex(vector["program_hex"]));
  EXPECT_EQ(module.serialize(), stage);
  const Buffer elf = module.to_elf();
  EXPECT_EQ(elf.size(), vector["extracted_elf"]["size"]);
  EXPECT_EQ(hex_digest(Hash::sha512, elf), vector["extracted_elf"]["sha512"]);
  EXPECT_EQ(Rmodule::parse_elf(elf).serialize(), stage);
  for (const Buffer& program : {stage, elf}) {
    Buffer image = test::fmap_image();
    CbfsEditor editor(image, locate_cbfs(image).value());
    editor.add_stage("fallback/refcode", program);
    const CbfsView view = editor.view();
    const Buffer header = from_hex(vector["entry_header_hex"]);
    EXPECT_EQ(to_hex(slice(ConstBytes(image), view.files()[0].metadata(), "header")),
              to_hex(header));
    EXPECT_EQ(hex_digest(Hash::sha512, image), vector["image_sha512"]);
  }
}

}  // namespace
}  // namespace romwright::images
