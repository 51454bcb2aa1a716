// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/release_writer.h"

#include <algorithm>
#include <functional>
#include <random>
#include <sys/stat.h>
#include <thread>

#include <gtest/gtest.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/tarballs.h"
#include "toolkit/images/archive_reader.h"
#include "toolkit/images/release.h"

namespace romwright::images {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> names = {"bin/b/seabios_b.rom", "bin/b/.version", "bin/b/grub_b.rom",
                                        "bin/a/x.rom"};

Buffer content_of(const std::string& name) {
  return test::pattern(20000, static_cast<unsigned>(name.size()));
}

Buffer write_tarball(const fs::path& path, const std::vector<std::string>& order,
                     std::int64_t date = 1700000000) {
  auto writer = ReleaseWriter::create(path, ReleaseOutput::tar_xz, {names, date});
  for (const std::string& name : order) writer->put(name, content_of(name));
  writer->finish();
  return test::read_file(path);
}

std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(dynamic_cast<const ImageError*>(&error), nullptr) << "the input is not at fault";
    return error.line();
  }
  return "no error";
}

TEST(ReleaseWriter, TarballIsTheSameInEveryOrder) {
  const test::TemporaryFolder folder;
  auto order = names;
  std::sort(order.begin(), order.end());
  const Buffer first = write_tarball(folder / "first.tar.xz", order);
  do {
    EXPECT_EQ(write_tarball(folder / "again.tar.xz", order), first);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_NE(write_tarball(folder / "later.tar.xz", order, 1700000001), first);
}

TEST(ReleaseWriter, TarballHasSortedMembersOfRoot) {
  const test::TemporaryFolder folder;
  write_tarball(folder / "t.tar.xz", names);
  archive* tar = archive_read_new();
  archive_read_support_format_tar(tar);
  archive_read_support_filter_xz(tar);
  ASSERT_EQ(archive_read_open_filename(tar, (folder / "t.tar.xz").c_str(), 10240), ARCHIVE_OK);
  std::vector<std::string> listed;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(tar, &entry) == ARCHIVE_OK) {
    listed.emplace_back(archive_entry_pathname(entry));
    const bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
    EXPECT_EQ(archive_entry_perm(entry), is_folder ? 0755U : 0644U);
    EXPECT_EQ(archive_entry_uid(entry), 0);
    EXPECT_EQ(archive_entry_gid(entry), 0);
    EXPECT_STREQ(archive_entry_uname(entry), "root");
    EXPECT_STREQ(archive_entry_gname(entry), "root");
    EXPECT_EQ(archive_entry_mtime(entry), 1700000000);
  }
  archive_read_free(tar);
  EXPECT_EQ(listed,
            (std::vector<std::string>{"bin/", "bin/a/", "bin/a/x.rom", "bin/b/", "bin/b/.version",
                                      "bin/b/grub_b.rom", "bin/b/seabios_b.rom"}));
}

TEST(ReleaseWriter, TarballReadsBack) {
  const test::TemporaryFolder folder;
  write_tarball(folder / "t.tar.xz", names);
  ArchiveReader reader(folder / "t.tar.xz");
  std::size_t files = 0;
  for (ArchiveReader::Member member; reader.next(member);) {
    if (member.type != ArchiveReader::Type::file) continue;
    EXPECT_EQ(reader.content(1 << 20), content_of(member.path));
    ++files;
  }
  EXPECT_EQ(files, names.size());
}

TEST(ReleaseWriter, TakesLongNames) {
  const test::TemporaryFolder folder;
  const std::string name =
      "bin/t480_vfsp_16mb/" + std::string(unready_prefix) + std::string(80, 'x') + ".rom";
  auto writer = ReleaseWriter::create(folder / "t.tar.xz", ReleaseOutput::tar_xz, {{name}});
  writer->put(name, Buffer(8193));
  writer->finish();
  const Release release = Release::open(folder / "t.tar.xz");
  EXPECT_EQ(release.roms()[0].member, name);
}

TEST(ReleaseWriter, ThreadsAndMembersThatWaitInAFile) {
  const test::TemporaryFolder folder;
  // 12 members of 5 MiB do not fit the memory that members may wait in.
  constexpr std::size_t count = 12;
  constexpr std::size_t size = std::size_t{5} << 20;
  std::vector<std::string> members;
  for (std::size_t i = 0; i < count; ++i) members.push_back("m" + std::to_string(10 + i));
  const auto content = [&](std::size_t i) {
    Buffer bytes(size, 0xff);
    bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
  };
  auto writer = ReleaseWriter::create(folder / "t.tar.xz", ReleaseOutput::tar_xz, {members});
  for (std::size_t i = count - 1; i >= 4; --i) writer->put(members[i], content(i));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 4; ++i)
      threads.emplace_back([&, i] { writer->put(members[3 - i], content(3 - i)); });
  }
  writer->finish();
  ArchiveReader reader(folder / "t.tar.xz");
  ArchiveReader::Member member;
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_TRUE(reader.next(member));
    EXPECT_EQ(member.path, members[i]);
    EXPECT_EQ(reader.content(size), content(i)) << i;
  }
}

TEST(ReleaseWriter, FolderAppearsWhenFinished) {
  const test::TemporaryFolder folder;
  for (const char* name : {"new", "slash/"}) {
    auto writer = ReleaseWriter::create(folder / name, ReleaseOutput::folder, {names, 1700000000});
    for (const std::string& member : names) writer->put(member, content_of(member));
    EXPECT_FALSE(fs::exists(folder / name));
    writer->finish();
    for (const std::string& member : names)
      EXPECT_EQ(test::read_file(folder / name / member), content_of(member));
    struct stat status {};
    ASSERT_EQ(stat((folder / name / names[0]).c_str(), &status), 0);
    EXPECT_EQ(status.st_mtime, 1700000000);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder / name), fs::directory_iterator()), 1);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2);
}

TEST(ReleaseWriter, FolderThatExistsKeepsItsOtherFiles) {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "bin/b");
  test::write_file(folder / "bin/b/seabios_b.rom", as_bytes("old"));
  test::write_file(folder / "bin/b/other", as_bytes("other"));
  auto writer = ReleaseWriter::create(folder.path(), ReleaseOutput::folder, {names});
  for (const std::string& member : names) writer->put(member, content_of(member));
  EXPECT_EQ(test::read_file(folder / "bin/b/seabios_b.rom").size(), 3U);
  writer->finish();
  for (const std::string& member : names)
    EXPECT_EQ(test::read_file(folder / member), content_of(member));
  EXPECT_EQ(test::read_file(folder / "bin/b/other").size(), 5U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(ReleaseWriter, FolderLeavesNothingNewWhenAFileIsInTheWay) {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "bin/b/seabios_b.rom");
  test::write_file(folder / "bin/b/seabios_b.rom/x", {});
  {
    auto writer = ReleaseWriter::create(folder.path(), ReleaseOutput::folder, {names});
    for (const std::string& member : names) writer->put(member, content_of(member));
    EXPECT_EQ(error_of([&] { writer->finish(); }),
              (folder / "bin/b/seabios_b.rom").string() + ": cannot write: Is a directory");
  }
  std::vector<std::string> left;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
    if (entry.is_regular_file())
      left.push_back(entry.path().lexically_relative(folder.path()).string());
  EXPECT_EQ(left, std::vector<std::string>{"bin/b/seabios_b.rom/x"});
}

TEST(ReleaseWriter, OneRom) {
  const test::TemporaryFolder folder;
  auto writer = ReleaseWriter::create(folder / "a.rom", ReleaseOutput::rom, {{"bin/b/a.rom"}});
  writer->put("bin/b/a.rom", Buffer(4096, 1));
  EXPECT_FALSE(fs::exists(folder / "a.rom"));
  writer->finish();
  EXPECT_EQ(test::read_file(folder / "a.rom"), Buffer(4096, 1));
  EXPECT_THROW(ReleaseWriter::create(folder / "b.rom", ReleaseOutput::rom, {names}), UsageError);
  EXPECT_FALSE(fs::exists(folder / "b.rom"));
}

TEST(ReleaseWriter, UnfinishedLeavesNothing) {
  const test::TemporaryFolder folder;
  for (const auto& [name, output] :
       {std::pair("t.tar.xz", ReleaseOutput::tar_xz), std::pair("d", ReleaseOutput::folder)}) {
    auto writer = ReleaseWriter::create(folder / name, output, {names});
    writer->put(names[3], content_of(names[3]));
    writer->put(names[0], content_of(names[0]));
    EXPECT_FALSE(fs::is_empty(folder.path()));
    writer.reset();
    EXPECT_TRUE(fs::is_empty(folder.path())) << name;
  }
}

TEST(ReleaseWriter, StopsOnRequestAndLeavesNothing) {
  const test::TemporaryFolder folder;
  for (const auto& [name, output] :
       {std::pair("t.tar.xz", ReleaseOutput::tar_xz), std::pair("d", ReleaseOutput::folder)}) {
    std::stop_source stop;
    auto writer = ReleaseWriter::create(folder / name, output, {{"a"}}, stop.get_token());
    stop.request_stop();
    EXPECT_THROW(writer->put("a", Buffer(1 << 20)), InterruptedError) << name;
    writer.reset();
    EXPECT_TRUE(fs::is_empty(folder.path())) << name;
  }
}

TEST(ReleaseWriter, ReportsAFullDiskFromEveryThread) {
  const test::TemporaryFolder folder;
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  fs::create_symlink("/dev/full", folder / "t.tar.xz");
  auto writer = ReleaseWriter::create(folder / "t.tar.xz", ReleaseOutput::tar_xz, {{"a", "b"}});
  std::mt19937 random(1);
  Buffer noise(std::size_t{4} << 20);
  for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
  const std::string full =
      (folder / "t.tar.xz").string() + ": cannot write: No space left on device";
  EXPECT_EQ(error_of([&] { writer->put("a", noise); }), full);
  EXPECT_EQ(error_of([&] { writer->put("b", noise); }), full);
  writer.reset();
  EXPECT_TRUE(fs::is_symlink(folder / "t.tar.xz"));
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(ReleaseWriter, ReportsWhereItCannotWrite) {
  const test::TemporaryFolder folder;
  const fs::path none = folder / "none";
  EXPECT_EQ(
      error_of([&] { ReleaseWriter::create(none / "t.tar.xz", ReleaseOutput::tar_xz, {{"a"}}); }),
      (none / "t.tar.xz").string() + ": cannot write: No such file or directory");
  EXPECT_EQ(error_of([&] { ReleaseWriter::create(none / "d", ReleaseOutput::folder, {{"a"}}); }),
            (none / "d").string() + ": cannot write: No such file or directory");
  EXPECT_EQ(error_of([&] { ReleaseWriter::create(none / "a.rom", ReleaseOutput::rom, {{"a"}}); }),
            (none / "a.rom").string() + ": cannot write: No such file or directory");
}

TEST(ReleaseWriter, RefusesWrongUse) {
  const test::TemporaryFolder folder;
  const fs::path path = folder / "t.tar.xz";
  for (const std::string bad : {"", "/a", "../a", "a/../b", "./a", "a/", "a//b"})
    EXPECT_EQ(error_of([&] { ReleaseWriter::create(path, ReleaseOutput::tar_xz, {{bad}}); }),
              "'" + bad + "' is no path in a release");
  EXPECT_EQ(error_of([&] {
              ReleaseWriter::create(path, ReleaseOutput::tar_xz, {{"a", "a"}});
            }),
            "a release would have two files of the same name");
  auto writer = ReleaseWriter::create(path, ReleaseOutput::tar_xz, {{"a", "b", "c"}});
  writer->put("a", Buffer(1));
  writer->put("c", Buffer(1));
  EXPECT_EQ(error_of([&] { writer->put("a", Buffer(1)); }), path.string() + ": 'a' comes twice");
  EXPECT_EQ(error_of([&] { writer->put("c", Buffer(1)); }), path.string() + ": 'c' comes twice");
  EXPECT_EQ(error_of([&] { writer->put("d", Buffer(1)); }),
            path.string() + ": 'd' was not announced");
  EXPECT_EQ(error_of([&] { writer->finish(); }), path.string() + ": 'b' is missing");
}

TEST(ReleaseWriter, TheNameTellsTheKindOfOutput) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(output_of(folder / "a.tar.xz", true), ReleaseOutput::tar_xz);
  EXPECT_EQ(output_of(folder / "a.rom", false), ReleaseOutput::rom);
  EXPECT_EQ(output_of(folder / "a", true), ReleaseOutput::folder);
  EXPECT_EQ(output_of(folder.path(), true), ReleaseOutput::folder);
  fs::create_directory(folder / "d.rom");
  EXPECT_EQ(output_of(folder / "d.rom", true), ReleaseOutput::folder);
  EXPECT_EQ(output_of("/dev/null", true), ReleaseOutput::rom);
  EXPECT_EQ(output_of("/dev/null", false), ReleaseOutput::tar_xz);
  EXPECT_THROW((void)output_of(folder / "a.tar.gz", false), UsageError);
  EXPECT_THROW((void)output_of(folder / "a.zip", false), UsageError);
  test::write_file(folder / "file", {});
  EXPECT_THROW((void)output_of(folder / "file", false), UsageError);
}

}  // namespace
}  // namespace romwright::images
