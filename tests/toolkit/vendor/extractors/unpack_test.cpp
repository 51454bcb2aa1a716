// SPDX-License-Identifier: GPL-2.0-or-later
#include <archive.h>
#include <archive_entry.h>
#include <memory>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/fixtures.h"
#include "tests/toolkit/vendor/extractor_fixture.h"
#include "toolkit/vendor/unpack_budget.h"

namespace romwright::vendor::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Member {
  std::string path;
  Buffer content;
  std::string link = {};
};

Buffer make_archive(int format, int filter, const std::vector<Member>& members) {
  Buffer bytes(1 << 20);
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format(writer, format);
  archive_write_add_filter(writer, filter);
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_filetype(entry, member.link.empty() ? AE_IFREG : AE_IFLNK);
    if (!member.link.empty()) archive_entry_set_symlink(entry, member.link.c_str());
    archive_entry_set_size(entry, static_cast<std::int64_t>(member.content.size()));
    EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK) << archive_error_string(writer);
    archive_write_data(writer, member.content.data(), member.content.size());
    archive_entry_free(entry);
  }
  EXPECT_EQ(archive_write_close(writer), ARCHIVE_OK);
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

Buffer zip(const std::vector<Member>& members) {
  return make_archive(ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, members);
}

/// A program of one section, `overlay` behind it.
Buffer program(ConstBytes overlay) {
  Buffer bytes(0x400, 0xcc);
  bytes[0] = 'M', bytes[1] = 'Z';
  store_le<std::uint32_t>(bytes, 0x3c, 0x80);
  const std::string_view signature("PE\0\0", 4);
  std::ranges::copy(signature, bytes.begin() + 0x80);
  store_le<std::uint16_t>(bytes, 0x86, 1);     // sections
  store_le<std::uint16_t>(bytes, 0x94, 0xe0);  // optional header
  store_le<std::uint32_t>(bytes, 0x178 + 16, 0x200);
  store_le<std::uint32_t>(bytes, 0x178 + 20, 0x200);
  bytes.insert(bytes.end(), overlay.begin(), overlay.end());
  return bytes;
}

class Listener : public EventSink {
 public:
  void warning(std::string_view text) override { warnings.emplace_back(text); }
  std::vector<std::string> warnings;
};

class Unpack : public ExtractorTest {
 protected:
  ExtractedFiles unpack(const std::string& name, Buffer bytes) {
    romwright::Run heard{{}, listener};
    Workshop shop{heard, std::filesystem::temp_directory_path(), workshop.limits};
    return find_entry(extractors(), "unpack")
        ->extract({{name, Content(std::move(bytes))}}, json::object(), shop);
  }
  std::vector<std::string> paths(const ExtractedFiles& files) {
    std::vector<std::string> all;
    for (const ExtractedFile& file : files) all.push_back(file.path);
    return all;
  }
  const Buffer rom = romwright::test::pattern(5000, 3);
  Listener listener;
};

TEST_F(Unpack, EveryFormat) {
  const std::vector<std::pair<std::string, std::pair<int, int>>> formats = {
      {"a.zip", {ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE}},
      {"a.7z", {ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE}},
      {"a.tar", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE}},
      {"a.tar.gz", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP}},
      {"a.tar.xz", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ}},
      {"a.tar.bz2", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2}},
      {"a.tar.zst", {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD}},
  };
  for (const auto& [name, format] : formats) {
    const auto files =
        unpack(name, make_archive(format.first, format.second, {{"sub/x.rom", rom}, {"y", {1}}}));
    EXPECT_EQ(paths(files), (std::vector<std::string>{name + "/sub/x.rom", name + "/y"})) << name;
    EXPECT_EQ(copy(files.at(0).content), rom) << name;
  }
  const auto iso =
      unpack("a.iso", make_archive(ARCHIVE_FORMAT_ISO9660, ARCHIVE_FILTER_NONE, {{"x.rom", rom}}));
  EXPECT_EQ(paths(iso), std::vector<std::string>{"a.iso/x.rom"});
}

TEST_F(Unpack, OneCompressedFile) {
  const auto files =
      unpack("x.rom.gz", make_archive(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, {{"x", rom}}));
  EXPECT_EQ(paths(files), std::vector<std::string>{"x.rom.gz/x.rom"});
  EXPECT_EQ(copy(files[0].content), rom);
}

TEST_F(Unpack, WhatIsNoContainerStays) {
  const auto files = unpack("x.rom", rom);
  EXPECT_EQ(paths(files), std::vector<std::string>{"x.rom"});
  EXPECT_EQ(copy(files[0].content), rom);
  EXPECT_EQ(paths(unpack("a.exe", program({}))), std::vector<std::string>{"a.exe"});
  EXPECT_EQ(paths(unpack("empty", {})), std::vector<std::string>{"empty"});
}

TEST_F(Unpack, SelfExtractingPrograms) {
  for (const int format : {ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_7ZIP}) {
    const auto files = unpack(
        "sp1.exe", program(make_archive(format, ARCHIVE_FILTER_NONE, {{"Rompaq/68.BIN", rom}})));
    ASSERT_EQ(paths(files), std::vector<std::string>{"sp1.exe/Rompaq/68.BIN"}) << format;
    EXPECT_EQ(copy(files[0].content), rom);
  }
}

TEST_F(Unpack, SelfExtractingProgramsOfOtherKinds) {
  for (const int filter : {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ}) {
    const auto files = unpack(
        "a.exe", program(make_archive(ARCHIVE_FORMAT_TAR_USTAR, filter, {{"Flash/68.BIN", rom}})));
    ASSERT_EQ(paths(files), std::vector<std::string>{"a.exe/Flash/68.BIN"}) << filter;
    EXPECT_EQ(copy(files[0].content), rom);
  }
  const auto files =
      unpack("a.exe",
             program(make_archive(ARCHIVE_FORMAT_ISO9660, ARCHIVE_FILTER_NONE, {{"68.BIN", rom}})));
  ASSERT_EQ(paths(files), std::vector<std::string>{"a.exe/68.BIN"});
}

/// As `zip -A` leaves it: every offset in it counts from the start of the program.
TEST_F(Unpack, ZipArchivesThatCountFromTheProgramsStart) {
  Buffer bytes = program(zip({{"a.txt", Buffer(10, 'a')}, {"68.BIN", rom}}));
  const auto add = [&](std::size_t at) {
    store_le<std::uint32_t>(bytes, at, load_le<std::uint32_t>(bytes, at) + 0x400);
  };
  const std::size_t end = *find_bytes(bytes, as_bytes("PK\x05\x06"));
  for (std::size_t at = *find_bytes(bytes, as_bytes("PK\x01\x02")); at < end;
       at = find_bytes(bytes, as_bytes("PK\x01\x02"), at + 1).value_or(end))
    add(at + 42);
  add(end + 16);
  const auto files = unpack("sp1.exe", bytes);
  ASSERT_EQ(paths(files), (std::vector<std::string>{"sp1.exe/a.txt", "sp1.exe/68.BIN"}));
  EXPECT_EQ(copy(files[1].content), rom);
}

TEST_F(Unpack, ZipArchivesWithMuchBehindThem) {
  // A comment of the longest kind, and signatures that certificates make long.
  Buffer commented = zip({{"68.BIN", rom}});
  store_le<std::uint16_t>(commented, commented.size() - 2, 0xffff);
  commented.resize(commented.size() + 0xffff, 'c');
  EXPECT_EQ(paths(unpack("a.zip", commented)), std::vector<std::string>{"a.zip/68.BIN"});
  Buffer is_signed = program(zip({{"68.BIN", rom}}));
  is_signed.resize(is_signed.size() + 100'000, 0xa5);
  EXPECT_EQ(paths(unpack("a.exe", is_signed)), std::vector<std::string>{"a.exe/68.BIN"});
}

TEST_F(Unpack, ZipArchivesWithSomethingBeforeThem) {
  Buffer bytes(3000, '#');
  const Buffer archive = zip({{"68.BIN", rom}});
  bytes.insert(bytes.end(), archive.begin(), archive.end());
  EXPECT_EQ(paths(unpack("a.bin", bytes)), std::vector<std::string>{"a.bin/68.BIN"});
}

TEST_F(Unpack, ProgramsWithSeveralArchives) {
  const Buffer first =
      make_archive(ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE, {{"readme.txt", {1}}});
  const Buffer second = make_archive(ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE, {{"68.BIN", rom}});
  const Buffer third = zip({{"x", {2}}});
  Buffer overlay = first;
  overlay.resize(overlay.size() + 7);
  for (const Buffer& archive : {second, third})
    overlay.insert(overlay.end(), archive.begin(), archive.end());
  const auto files = unpack("a.exe", program(overlay));
  ASSERT_EQ(paths(files),
            (std::vector<std::string>{"a.exe/readme.txt", "a.exe/68.BIN", "a.exe/x"}));
  EXPECT_EQ(copy(files[1].content), rom);
}

/// In its code, or its resources; the signatures of many members do not hide what is in the
/// overlay.
TEST_F(Unpack, AnArchiveBeforeTheOverlay) {
  std::vector<Member> many;
  for (int i = 0; i < 40; ++i) many.push_back({std::to_string(i), {1}});
  Buffer bytes = program({});
  const Buffer resource = zip(many);
  bytes.insert(bytes.end(), resource.begin(), resource.end());
  store_le<std::uint32_t>(bytes, 0x178 + 16, static_cast<std::uint32_t>(bytes.size() - 0x200));
  EXPECT_EQ(unpack("a.exe", bytes).size(), 40U);
  const Buffer overlay = make_archive(ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE, {{"68.BIN", rom}});
  bytes.insert(bytes.end(), overlay.begin(), overlay.end());
  const auto files = unpack("a.exe", bytes);
  ASSERT_EQ(files.size(), 41U);
  EXPECT_EQ(files[0].path, "a.exe/68.BIN");
}

/// The installer's own signature shows through, where it is not compressed.
TEST_F(Unpack, AnInstallerInAnArchiveInAProgram) {
  const Buffer installer = program(as_bytes("Inno Setup Setup Data (5.5.7)"));
  const Buffer archive = make_archive(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE,
                                      {{"setup.exe", installer}, {"68.BIN", rom}});
  EXPECT_EQ(paths(unpack("a.exe", program(archive))),
            (std::vector<std::string>{"a.exe/setup.exe", "a.exe/68.BIN"}));
  EXPECT_THROW(unpack("setup.exe", installer), VendorError);
}

TEST_F(Unpack, TarArchivesOfBeforePosix) {
  Buffer bytes = make_archive(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, {{"sub/x.rom", rom}});
  const Bytes header = Bytes(bytes).first(512);
  std::ranges::fill(header.subspan(257), 0);
  std::ranges::fill(header.subspan(148, 8), ' ');
  unsigned sum = 0;
  for (const std::uint8_t byte : header) sum += byte;
  std::ranges::copy(fmt::format("{:06o}", sum), header.begin() + 148);
  header[154] = 0;
  EXPECT_EQ(paths(unpack("a.tar", bytes)), std::vector<std::string>{"a.tar/sub/x.rom"});
  header[0] ^= 1;
  EXPECT_EQ(paths(unpack("a.tar", bytes)), std::vector<std::string>{"a.tar"});
}

TEST_F(Unpack, NestedToADepth) {
  Buffer nested = rom;
  std::string name = "x.rom";
  for (int i = 0; i < 9; ++i) {
    nested = zip({{name, nested}});
    name = std::string(1, static_cast<char>('a' + i)) + ".zip";
  }
  EXPECT_EQ(paths(unpack("p.zip", nested)).back(), "p.zip/h.zip/g.zip/f.zip/e.zip/d.zip/c.zip");
  workshop.limits.depth = 9;
  EXPECT_EQ(paths(unpack("p.zip", nested)).back(),
            "p.zip/h.zip/g.zip/f.zip/e.zip/d.zip/c.zip/b.zip/a.zip/x.rom");
}

TEST_F(Unpack, NothingLeadsOut) {
  const auto files = unpack("evil.tar", make_archive(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE,
                                                     {{"../../etc/x", rom},
                                                      {"/etc/y", rom},
                                                      {"C:\\z", rom},
                                                      {"a\\..\\..\\z", rom},
                                                      {"link", {}, "/etc/passwd"},
                                                      {"./good//x", rom}}));
  EXPECT_EQ(paths(files), std::vector<std::string>{"evil.tar/good/x"});
  EXPECT_EQ(listener.warnings.size(), 4U);
  EXPECT_EQ(listener.warnings.at(0),
            "evil.tar: a file in it has a name that leads elsewhere: not unpacked");
}

TEST_F(Unpack, Limits) {
  const Buffer archive = zip({{"a", rom}, {"b", rom}});
  const auto refused = [&](const char* text) {
    try {
      unpack("p.zip", archive);
      ADD_FAILURE() << "not refused: " << text;
    } catch (const LimitError& error) {
      EXPECT_STREQ(error.what(), text);
    }
  };
  workshop.limits.files = 1;
  refused("p.zip: more than 1 files come out");
  workshop.limits = {};
  workshop.limits.file_size = 4999;
  refused("p.zip/a: larger than 4 999 bytes when unpacked");
  workshop.limits = {};
  workshop.limits.total_size = 9999;
  refused("p.zip/b: more than 9 999 bytes come out with it");
}

TEST_F(Unpack, BombsAreRefused) {
  // Zeros, to a few thousandths of their size.
  const Buffer zeros(100U << 20);
  const Buffer bomb = make_archive(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ, {{"x", zeros}});
  try {
    unpack("x.xz", bomb);
    ADD_FAILURE() << "not refused";
  } catch (const LimitError& error) {
    EXPECT_THAT(error.what(), HasSubstr("more than 1200 times the size of what it is packed in"));
  }
  EXPECT_LT(bomb.size(), 20'000U);
  EXPECT_THROW(unpack("p.zip", zip({{"x.xz", bomb}})), LimitError);
}

/// Each of them harmless on its own, and 16 of them in each.
TEST_F(Unpack, BombsOfManyContainersAreRefused) {
  Buffer bomb = make_archive(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ, {{"x", Buffer(60U << 20)}});
  for (int level = 0; level < 3; ++level) {
    std::vector<Member> members;
    for (int i = 0; i < 16; ++i) members.push_back({std::to_string(i) + ".xz", bomb});
    bomb = make_archive(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ, members);
  }
  try {
    unpack("p.txz", bomb);
    ADD_FAILURE() << "not refused";
  } catch (const LimitError& error) {
    EXPECT_THAT(error.what(), HasSubstr("more than 1200 times the size of what it is packed in"));
  }
}

TEST_F(Unpack, DamagedPackagesAreErrorsDamagedMembersStay) {
  Buffer damaged = make_archive(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, {{"a", rom}});
  damaged.resize(damaged.size() / 2);
  EXPECT_THROW(unpack("a.tgz", damaged), ImageError);
  const auto files = unpack("p.zip", zip({{"a.tgz", damaged}, {"b", {1}}}));
  EXPECT_EQ(paths(files), (std::vector<std::string>{"p.zip/a.tgz", "p.zip/b"}));
  ASSERT_EQ(listener.warnings.size(), 1U);
  EXPECT_THAT(listener.warnings[0], HasSubstr("kept as it is"));
}

TEST_F(Unpack, LargeFilesAreMapped) {
  workshop.limits.in_memory = 1000;
  const auto files = unpack("p.zip", zip({{"a", rom}, {"b", Buffer(10, 1)}}));
  EXPECT_EQ(copy(files.at(0).content), rom);
  EXPECT_EQ(copy(files.at(1).content), Buffer(10, 1));
}

}  // namespace
}  // namespace romwright::vendor::test
