// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/archive_reader.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/tarballs.h"

namespace romwright::images {
namespace {

using test::TarMember;
using Type = ArchiveReader::Type;

constexpr std::uint64_t limit = std::uint64_t{1} << 20;

/// Every file's path and content.
std::vector<std::pair<std::string, Buffer>> files_of(ConstBytes tarball) {
  ArchiveReader reader(tarball, "t.tar");
  std::vector<std::pair<std::string, Buffer>> files;
  for (ArchiveReader::Member member; reader.next(member);)
    if (member.type == Type::file) files.emplace_back(member.path, reader.content(limit));
  return files;
}

std::string error_of(ConstBytes tarball) {
  try {
    files_of(tarball);
  } catch (const ImageError& error) {
    return error.what();
  }
  return "no error";
}

const std::vector<TarMember> two = {{"bin/", {}, AE_IFDIR},
                                    {"./bin/a", test::pattern(5000, 1)},
                                    {"bin/b", test::pattern(70000, 2)}};

TEST(ArchiveReader, ReadsEveryCompression) {
  for (const int filter : {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_GZIP,
                           ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_LZ4}) {
    const auto files = files_of(test::make_tarball(two, filter));
    ASSERT_EQ(files.size(), 2U) << filter;
    EXPECT_EQ(files[0].first, "bin/a");
    EXPECT_EQ(files[0].second, test::pattern(5000, 1));
    EXPECT_EQ(files[1].second, test::pattern(70000, 2));
  }
}

TEST(ArchiveReader, FindsEveryTruncation) {
  for (const int filter : {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_GZIP,
                           ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_BZIP2}) {
    const Buffer whole = test::make_tarball(two, filter);
    // What lies behind the members is the end mark, which a plain archive may have in part.
    const std::size_t end =
        filter == ARCHIVE_FILTER_NONE ? 3 * 512 + 5120 + 70144 : whole.size() - 1;
    for (std::size_t size = 0; size <= end; size += size + 600 < end ? 97 : 1)
      EXPECT_NE(error_of(ConstBytes(whole).first(size)), "no error") << filter << " " << size;
  }
}

TEST(ArchiveReader, FindsADamagedByteAnywhereInAnXz) {
  const Buffer whole = test::make_tarball(two, ARCHIVE_FILTER_XZ);
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    Buffer damaged = whole;
    damaged[at] ^= 0x10;
    EXPECT_NE(error_of(damaged), "no error") << at;
  }
}

TEST(ArchiveReader, NamesThePlaceOfATruncation) {
  const Buffer whole = test::make_tarball(two);
  EXPECT_EQ(error_of(ConstBytes(whole).first(3 * 512 + 5120 + 70144)),
            "t.tar: truncated behind 'bin/b'");
  EXPECT_EQ(error_of(ConstBytes(whole).first(2 * 512 + 2000)),
            "t.tar: bin/a: Truncated tar archive");
  EXPECT_EQ(error_of(ConstBytes(whole).first(0)), "t.tar: Unrecognized archive format");
  EXPECT_EQ(error_of(test::pattern(4096, 3)), "t.tar: Unrecognized archive format");
}

TEST(ArchiveReader, TellsTypes) {
  const Buffer tarball = test::make_tarball({{"d/", {}, AE_IFDIR},
                                             {"s", {}, AE_IFLNK, "target"},
                                             {"f", {}},
                                             {"h", {}, AE_IFREG, "", "f"},
                                             {"p", {}, AE_IFIFO},
                                             {"c", {}, AE_IFCHR}});
  ArchiveReader reader(tarball, "t.tar");
  std::vector<std::pair<std::string, Type>> found;
  for (ArchiveReader::Member member; reader.next(member);)
    found.emplace_back(member.path, member.type);
  const std::vector<std::pair<std::string, Type>> expected = {
      {"d", Type::folder}, {"s", Type::link},  {"f", Type::file},
      {"h", Type::link},   {"p", Type::other}, {"c", Type::other}};
  EXPECT_EQ(found, expected);
}

TEST(ArchiveReader, RefusesPathsThatLeaveIt) {
  for (const char* path : {"/etc/passwd", "../a", "bin/../../a", "bin/..", "bin/x/../y"})
    EXPECT_EQ(error_of(test::make_tarball({{path, {}}})),
              "t.tar: member '" + std::string(path) + "' leads out of the archive");
  EXPECT_EQ(error_of(test::make_tarball({{"bin/a\n", {}}})),
            "t.tar: member 1 has no readable name");
  EXPECT_EQ(error_of(test::make_tarball({{"bin/..a", {}}})), "no error");
}

TEST(ArchiveReader, RefusesWhatIsTooLarge) {
  const Buffer tarball = test::make_tarball({{"a", Buffer(5000)}});
  ArchiveReader reader(tarball, "t.tar");
  ArchiveReader::Member member;
  ASSERT_TRUE(reader.next(member));
  EXPECT_EQ(member.size, 5000U);
  try {
    reader.content(4999);
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_STREQ(error.what(), "t.tar: a: 5 000 bytes is more than the 4 999 bytes that can be");
  }
}

TEST(ArchiveReader, AHeaderThatClaimsMuchAllocatesLittle) {
  Buffer tarball = test::make_tarball({{"a", Buffer(512)}});
  // The size field, octal, 8 GiB less one; the checksum is made to fit.
  const std::string size = "77777777777";
  std::copy(size.begin(), size.end(), tarball.begin() + 124);
  std::fill_n(tarball.begin() + 148, 8, std::uint8_t{' '});
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += tarball[i];
  char text[8];
  snprintf(text, sizeof text, "%06o", sum);
  std::copy_n(text, 7, tarball.begin() + 148);
  EXPECT_EQ(error_of(tarball), "t.tar: unpacks to more than 4096 MiB");
}

TEST(ArchiveReader, RefusesAMillionMembers) {
  Buffer header = test::make_tarball({{"a", {}}});
  header.resize(512);
  Buffer tarball;
  for (int i = 0; i <= 100'000; ++i) tarball.insert(tarball.end(), header.begin(), header.end());
  EXPECT_EQ(error_of(tarball), "t.tar: more than 100000 members");
}

TEST(ArchiveReader, ReadsBlocksOfZerosWithoutEnd) {
  Buffer tarball = test::make_tarball({{"a", test::pattern(512, 1)}});
  tarball.resize(tarball.size() + (std::size_t{32} << 20));
  EXPECT_EQ(files_of(tarball).size(), 1U);
}

TEST(ArchiveReader, StopsOnRequest) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "t.tar", test::make_tarball(two));
  std::stop_source stop;
  ArchiveReader reader(folder / "t.tar", stop.get_token());
  ArchiveReader::Member member;
  EXPECT_TRUE(reader.next(member));
  stop.request_stop();
  EXPECT_THROW(reader.next(member), InterruptedError);
}

TEST(ArchiveReader, NamesAFileThatIsNotThere) {
  try {
    ArchiveReader("/nonexistent/t.tar");
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_STREQ(error.what(), "/nonexistent/t.tar: Failed to open '/nonexistent/t.tar'");
  }
}

}  // namespace
}  // namespace romwright::images
