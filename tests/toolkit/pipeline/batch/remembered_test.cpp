// SPDX-License-Identifier: GPL-2.0-or-later
// What a batch remembers: stamps, indexes of releases, records of outputs.
#include <chrono>

#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "flash/base/output_file.h"
#include "tests/support/fixtures.h"
#include "toolkit/pipeline/batch/file_stamp.h"
#include "toolkit/pipeline/batch/output_record.h"
#include "toolkit/pipeline/batch/release_index.h"

namespace romwright::pipeline {
namespace {

namespace fs = std::filesystem;

class Remembered : public testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view text) const {
    const fs::path path = folder_.path() / name;
    fs::create_directories(path.parent_path());
    write_whole(path, as_bytes(text));
    return path;
  }
  test::TemporaryFolder folder_;
};

TEST_F(Remembered, AStampTellsEveryChange) {
  const fs::path file = write("a", "one");
  const std::string stamp = file_stamp(file);
  EXPECT_FALSE(stamp.empty());
  EXPECT_EQ(file_stamp(file), stamp);
  write("a", "two");  // the same size, another file
  EXPECT_NE(file_stamp(file), stamp);
  EXPECT_EQ(file_stamp(folder_.path() / "absent"), "");
}

TEST_F(Remembered, AFolderIsStampedWithItsFilesAndARomWithItsHashes) {
  const fs::path rom = write("r/bin/b/x.rom", "rom");
  const std::string folder = release_stamp(folder_.path() / "r"), single = release_stamp(rom);
  write("r/bin/b/vendorhashes", "hash");
  EXPECT_NE(release_stamp(folder_.path() / "r"), folder);
  EXPECT_NE(release_stamp(rom), single);
  EXPECT_EQ(release_stamp(folder_.path() / "absent"), "");
}

TEST_F(Remembered, AFileThatWasJustChangedIsNotSettled) {
  const fs::path file = write("a", "one");
  const auto changed = std::chrono::file_clock::to_sys(fs::last_write_time(file));
  EXPECT_FALSE(is_settled(file, changed));
  EXPECT_TRUE(is_settled(file, changed + std::chrono::seconds(60)));
  EXPECT_FALSE(is_settled(folder_.path() / "absent", changed));
}

ReleaseIndex index_of_everything() {
  ReleaseIndex index;
  index.listing.kind = images::ReleaseKind::tarball;
  index.listing.roms = {{"x230_12mb", {"a.rom", true}, "bin/x230_12mb/p_a.rom", 4097},
                        {"x230_12mb", {"b.rom", true}, "bin/x230_12mb/p_b.rom", 4097}};
  images::RomFolder folder{.path = "bin/x230_12mb"};
  folder.hashes = images::HashList();
  folder.hashes->add("a.rom", as_bytes("content"));
  folder.hash_file = "vendorhashes";
  folder.version = "Libreboot 20240612";
  folder.date = 1718150400;
  index.listing.folders = {folder};
  index.sha256["bin/x230_12mb/p_a.rom"] = std::string(64, 'a');
  return index;
}

TEST_F(Remembered, AnIndexIsFoundUnderItsStampAlone) {
  const fs::path release = write("r.tar.xz", "tarball");
  const ReleaseIndexes indexes{folder_.path()};
  const ReleaseIndex index = index_of_everything();
  indexes.keep(release, "stamp", index);
  EXPECT_FALSE(indexes.find(release, "other"));
  EXPECT_FALSE(indexes.find(release, ""));
  const auto found = indexes.find(release, "stamp");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->listing.kind, index.listing.kind);
  EXPECT_EQ(found->listing.roms, index.listing.roms);
  EXPECT_EQ(found->sha256, index.sha256);
  ASSERT_EQ(found->listing.folders.size(), 1U);
  const images::RomFolder& folder = found->listing.folders.front();
  EXPECT_EQ(folder.path, "bin/x230_12mb");
  EXPECT_EQ(folder.hash_file, "vendorhashes");
  EXPECT_EQ(folder.hashes->text(), index.listing.folders.front().hashes->text());
  EXPECT_EQ(folder.version, "Libreboot 20240612");
  EXPECT_EQ(folder.date, 1718150400);
}

TEST_F(Remembered, ADamagedIndexIsNone) {
  const fs::path release = write("r.tar.xz", "tarball");
  const fs::path folder = folder_.path() / "indexes";
  fs::create_directories(folder);
  const ReleaseIndexes indexes(folder);
  indexes.keep(release, "stamp", index_of_everything());
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const Buffer whole = test::read_file(entry.path());
    for (std::size_t size = 0; size + 1 < whole.size(); size += 7) {
      write_whole(entry.path(), ConstBytes(whole).first(size));
      EXPECT_FALSE(indexes.find(release, "stamp")) << size;
    }
  }
}

TEST_F(Remembered, ARecordHoldsAsLongAsKeyAndContentDo) {
  const fs::path output = folder_.path() / "out";
  write("out/r/a.rom", "image");
  fs::create_directories(output / ".batch");
  const OutputRecords records(output, output / ".batch");
  ImageRecord image{.image = "r/a.rom", .board = "b", .release = "r.tar.xz", .rom = "a.rom"};
  image.size = 5;
  image.sha512 = hex_digest(Hash::sha512, as_bytes("image"));
  image.mac = "00:1f:16:12:34:56";
  image.verified = true;
  image.inserted = {"me.bin into region me"};
  image.added = {"splash"};
  image.seconds = 0.25;
  records.keep({"r/a.rom", "key", "", 5, image.sha512, {image}});

  const auto found = records.current("r/a.rom", "key");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->images.size(), 1U);
  EXPECT_EQ(found->images.front(), image);
  EXPECT_FALSE(records.current("r/a.rom", "another key"));
  EXPECT_FALSE(records.current("r/b.rom", "key"));

  write("out/r/a.rom", "image");  // a copy: another stamp, the same content
  EXPECT_TRUE(records.current("r/a.rom", "key"));
  write("out/r/a.rom", "imagE");
  EXPECT_FALSE(records.current("r/a.rom", "key"));
  write("out/r/a.rom", "image and more");
  EXPECT_FALSE(records.current("r/a.rom", "key"));
  fs::remove(output / "r/a.rom");
  EXPECT_FALSE(records.current("r/a.rom", "key"));
}

}  // namespace
}  // namespace romwright::pipeline
