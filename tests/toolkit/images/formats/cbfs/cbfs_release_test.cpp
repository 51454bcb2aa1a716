// SPDX-License-Identifier: GPL-2.0-or-later
// Real ROMs: the files of a release's board, put in and taken out, where the fixtures are.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "tests/support/fixtures.h"
#include "tests/support/program.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::images {
namespace {

using nlohmann::json;

TEST(CbfsRelease, EveryRomOfTheFixture) {
  const auto folder = test::fixtures();
  if (!folder) GTEST_SKIP() << "the releases are not here";
  const auto releases = *folder / "releases";
  const json board = json::parse(std::ifstream(releases / "hp2570p_16mb.json"));
  const test::TemporaryFolder unpacked;
  ASSERT_EQ(test::run({"tar", "-xf", releases / board["tarball"].get<std::string>(), "-C",
                       unpacked.path().string()})
                .status,
            0);
  int found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(unpacked.path())) {
    for (const auto& [name, rom] : board["roms"].items()) {
      if (!entry.path().filename().string().ends_with("_" + name)) continue;
      ++found;
      Buffer image = test::read_file(entry.path());
      image.resize(rom["size"].get<std::size_t>());  // without the byte that says not to flash
      const Range region = locate_cbfs(image).value();
      const Buffer stripped = image;
      CbfsEditor editor(image, region);
      for (const json& insert : board["insert"]) {
        const Buffer file =
            test::read_file(releases / "vendor-hp2570p_16mb" / insert["file"].get<std::string>());
        if (insert.contains("region")) {
          IfdEditor(image).insert_region(insert["region"].get<std::string>(), file);
          continue;
        }
        CbfsAddOptions options;
        options.type = parse_cbfs_type(insert["type"].get<std::string>()).value();
        if (insert.contains("offset"))
          options.position = CbfsPosition::parse(insert["offset"].get<std::string>());
        editor.add(insert["cbfs"].get<std::string>(), file, options);
      }
      EXPECT_EQ(hex_digest(Hash::sha512, image), rom["sha512"]) << name;
      for (const json& insert : board["insert"])
        if (insert.contains("cbfs")) editor.remove(insert["cbfs"].get<std::string>());
      IfdEditor(image).erase_region("me");
      EXPECT_TRUE(image == stripped) << name;
      for (const CbfsFile& file : editor.view().files())
        EXPECT_EQ(editor.view().contents(file).size(), file.decompressed_size) << file.name;
    }
  }
  EXPECT_EQ(found, 2);
}

}  // namespace
}  // namespace romwright::images
