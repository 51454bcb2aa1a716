// SPDX-License-Identifier: GPL-2.0-or-later
// dell_pfs and e6400_vga on packages of the project's own making.
#include <gmock/gmock.h>

#include "tests/support/dell_packages.h"
#include "tests/support/fixtures.h"
#include "tests/toolkit/vendor/extractor_fixture.h"

namespace romwright::vendor::test {
namespace {

using namespace romwright::test;
using nlohmann::json;
using testing::ElementsAre;

Buffer gzip(ConstBytes content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Buffer stored(content.size() + 1000);
  stream.next_in = const_cast<Bytef*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = stored.data();
  stream.avail_out = static_cast<uInt>(stored.size());
  deflate(&stream, Z_FINISH);
  stored.resize(stream.total_out);
  deflateEnd(&stream);
  return stored;
}

class Dell : public ExtractorTest {
 protected:
  std::vector<std::string> paths(const char* extractor, const ExtractedFiles& files,
                                 const json& parameters = json::object()) {
    std::vector<std::string> all;
    for (const ExtractedFile& file : extract(extractor, files, parameters))
      all.push_back(file.path);
    return all;
  }
  std::string refusal(const char* extractor, const ExtractedFiles& files,
                      const json& parameters = json::object()) {
    try {
      (void)extract(extractor, files, parameters);
      return "no error";
    } catch (const Error& error) {
      return error.line();
    }
  }

  static ExtractedFiles pfs_package() {
    const Buffer a = pfs_guid(std::uint8_t{1}), b = pfs_guid(std::uint8_t{2});
    Buffer names = pfs_name(a, "System BIOS");
    append(names, pfs_name(b, "EC"));
    Buffer all(500, 0x90);
    append(
        all,
        pfs_section(
            0xaa, pfs_volume({{a, {1}, {}}, {b, {2}, {}}, {pfs_guid(pfs_names_guid), names, {}}})));
    append(all, pfs_section(0xbb, pfs_volume({{a, {3}, {}}})));
    return {{"pack/T1.exe", Content(all)}, {"pack/readme.txt", Content(Buffer(10))}};
  }
  /// An updater with a gzip stream of its own in front of the image's, which is at 300.
  static ExtractedFiles old_package() {
    Buffer all = gzip(Buffer(1000, 'x'));
    all.resize(300, 0x90);
    append(all, gzip(rom_bios_plus(pattern(99, 1), {{0x21, {0x10, 'o', 'k'}}})));
    append(all, Buffer(50, 1));
    return {{"E1.exe", Content(all)}};
  }
};

TEST_F(Dell, PfsChoosesASection) {
  EXPECT_THAT(paths("dell_pfs", pfs_package()),
              ElementsAre("pack/T1.exe/Firmware/1 T1 -- 1 System BIOS v7.bin",
                          "pack/T1.exe/Firmware/1 T1 -- 2 EC v7.bin"));
  EXPECT_THAT(paths("dell_pfs", pfs_package(), {{"section", "utilities"}}),
              ElementsAre("pack/T1.exe/Utilities/1 T1 -- 1  vA.5.bin"));
}

TEST_F(Dell, PfsChoosesAComponent) {
  EXPECT_THAT(paths("dell_pfs", pfs_package(), {{"component", "system bios*"}}),
              ElementsAre("pack/T1.exe/Firmware/1 T1 -- 1 System BIOS v7.bin"));
  EXPECT_EQ(refusal("dell_pfs", pfs_package(), {{"component", "Intel*"}}),
            "pack/T1.exe: has no component Intel* (there is EC, System BIOS)");
  EXPECT_EQ(refusal("dell_pfs", {{"a", Content(Buffer(9))}}),
            "a: is no Dell update package: it has no PFS section");
}

TEST_F(Dell, OldPackagesAreFoundWithAndWithoutAnOffset) {
  for (const json& parameters : {json::object(), json{{"offset", 300}}, json{{"offset", 301}}}) {
    EXPECT_THAT(paths("e6400_vga", old_package(), parameters),
                ElementsAre("E1.exe/EC.bin", "E1.exe/mod_01.bin", "E1.exe/mod_21.bin"));
  }
  const ExtractedFiles rom = extract("e6400_vga", old_package(), {{"module", "mod_21.bin"}});
  ASSERT_EQ(rom.size(), 1U);
  EXPECT_EQ(copy(rom[0].content), (Buffer{'o', 'k'}));
}

TEST_F(Dell, OldPackagesSayWhatIsNotThere) {
  EXPECT_EQ(refusal("e6400_vga", old_package(), {{"offset", 299}}),
            "E1.exe: has no compressed part at 0x12b (it is another package than the recipe is "
            "for)");
  EXPECT_EQ(refusal("e6400_vga", old_package(), {{"offset", UINT64_MAX}}).substr(0, 30),
            "E1.exe: has no compressed part");
  EXPECT_EQ(refusal("e6400_vga", old_package(), {{"module", "mod_99.bin"}}),
            "E1.exe: has no BIOS module mod_99.bin (there is EC.bin, mod_01.bin, mod_21.bin)");
  EXPECT_EQ(refusal("e6400_vga", {{"a", Content(gzip(Buffer(9)))}}),
            "a: is no Phoenix ROM BIOS PLUS image");
}

}  // namespace
}  // namespace romwright::vendor::test
