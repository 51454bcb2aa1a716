// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/release.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/tarballs.h"

namespace romwright::images {
namespace {

namespace fs = std::filesystem;
using test::TarMember;
using test::text_bytes;

constexpr std::uint64_t keep_nothing = 0;
const std::string prefix(unready_prefix);

Buffer image(unsigned seed) { return test::pattern(8192, seed); }

Buffer padded(unsigned seed) {
  Buffer bytes = image(seed);
  bytes.push_back(0);
  return bytes;
}

std::vector<TarMember> members() {
  HashList hashes;
  hashes.add("seabios_x230_12mb.rom", image(1));
  return {{"bin/x230_12mb/" + prefix + "seagrub_x230_12mb.rom", padded(2)},
          {"bin/x230_12mb/", {}, AE_IFDIR},
          {"bin/x230_12mb/" + prefix + "seabios_x230_12mb.rom", padded(1)},
          {"bin/x230_12mb/vendorhashes", text_bytes(hashes.text())},
          {"bin/x230_12mb/.version", text_bytes("Libreboot 20240612\n")},
          {"bin/x230_12mb/.versiondate", text_bytes("1718150400\n")},
          {"README.rom", image(9)},
          {"bin/README", text_bytes("hello")}};
}

/// Each ROM's name and content, as delivered.
std::vector<std::pair<std::string, Buffer>> read_all(Release& release) {
  std::vector<std::pair<std::string, Buffer>> roms;
  release.read([](const RomEntry&) { return true; },
               [&](Rom rom) { roms.emplace_back(rom.entry.name.name, std::move(rom.content)); });
  std::sort(roms.begin(), roms.end());
  return roms;
}

std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const ImageError& error) {
    return error.line();
  }
  return "no error";
}

std::string error_of(const std::vector<TarMember>& members) {
  return error_of([&] {
    const Buffer tarball = test::make_tarball(members);
    Release release = Release::open(ConstBytes(tarball), "t.tar");
    read_all(release);
  });
}

void expect_members(Release& release) {
  ASSERT_EQ(release.roms().size(), 2U);
  const RomEntry& rom = release.roms()[0];
  EXPECT_EQ(rom.name, (RomName{"seabios_x230_12mb.rom", true}));
  EXPECT_EQ(rom.size, 8193U);
  EXPECT_EQ(release.boards(), std::vector<std::string>{"x230_12mb"});
  const RomFolder& folder = release.folder(rom);
  EXPECT_EQ(folder.hash_file, "vendorhashes");
  EXPECT_TRUE(folder.hashes.value().verify("seabios_x230_12mb.rom", image(1)));
  EXPECT_EQ(folder.version, "Libreboot 20240612");
  EXPECT_EQ(folder.date, 1718150400);
  // Twice: with what `open` kept, and anew.
  for (int i = 0; i < 2; ++i) {
    const auto roms = read_all(release);
    ASSERT_EQ(roms.size(), 2U);
    EXPECT_EQ(roms[0], std::pair(std::string("seabios_x230_12mb.rom"), image(1)));
    EXPECT_EQ(roms[1], std::pair(std::string("seagrub_x230_12mb.rom"), image(2)));
  }
}

/// What a tarball unpacks to.
void unpack(const std::vector<TarMember>& members, const fs::path& folder) {
  for (const TarMember& member : members) {
    fs::create_directories((folder / member.path).parent_path());
    if (member.type == AE_IFREG) test::write_file(folder / member.path, member.content);
  }
}

TEST(Release, ReadsTarballsOfEveryKindWhateverTheirOrder) {
  const test::TemporaryFolder folder;
  auto forward = members();
  auto backward = forward;
  std::reverse(backward.begin(), backward.end());
  for (const int filter :
       {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD})
    for (const auto& order : {forward, backward})
      for (const std::uint64_t keep :
           {keep_nothing, std::uint64_t{10000}, std::uint64_t{1} << 20}) {
        test::write_file(folder / "release", test::make_tarball(order, filter));
        Release release = Release::open(folder / "release", {}, keep);
        EXPECT_EQ(release.kind(), ReleaseKind::tarball);
        EXPECT_EQ(release.roms()[0].member, "bin/x230_12mb/" + prefix + "seabios_x230_12mb.rom");
        expect_members(release);
      }
}

TEST(Release, ReadsFoldersFromEveryLevel) {
  const test::TemporaryFolder folder;
  auto unpacked = members();
  std::erase_if(unpacked, [](const TarMember& member) { return member.path == "README.rom"; });
  unpack(unpacked, folder.path());
  for (const char* level : {"", "bin", "bin/", "bin/x230_12mb", "bin/x230_12mb/"}) {
    Release release = Release::open(folder / level);
    EXPECT_EQ(release.kind(), ReleaseKind::folder);
    expect_members(release);
  }
}

TEST(Release, ReadsOneRom) {
  const test::TemporaryFolder folder;
  unpack(members(), folder.path());
  const fs::path path = folder / ("bin/x230_12mb/" + prefix + "seabios_x230_12mb.rom");
  Release release = Release::open(path);
  EXPECT_EQ(release.kind(), ReleaseKind::rom);
  ASSERT_EQ(release.roms().size(), 1U);
  EXPECT_EQ(release.roms()[0].board, "x230_12mb");
  EXPECT_EQ(release.folder(release.roms()[0]).hash_file, "vendorhashes");
  const auto roms = read_all(release);
  EXPECT_EQ(roms[0], std::pair(std::string("seabios_x230_12mb.rom"), image(1)));

  test::write_file(folder / "dump.bin", image(3));
  Release dump = Release::open(folder / "dump.bin");
  EXPECT_EQ(dump.roms()[0], (RomEntry{"", {"dump.bin", false}, "dump.bin", 8192}));
  EXPECT_EQ(dump.folder(dump.roms()[0]).hashes, std::nullopt);
  EXPECT_EQ(read_all(dump)[0].second, image(3));
}

TEST(Release, TellsWhetherARomWasPadded) {
  const Buffer tarball =
      test::make_tarball({{"bin/b/a.rom", image(1)}, {"bin/b/" + prefix + "b.rom", padded(1)}});
  Release release = Release::open(ConstBytes(tarball), "t.tar");
  std::vector<bool> was_padded;
  release.read([](const RomEntry&) { return true; },
               [&](const Rom& rom) { was_padded.push_back(rom.padded); });
  EXPECT_EQ(was_padded, (std::vector<bool>{false, true}));
}

TEST(Release, HandsOutOnlyWhatIsWanted) {
  const Buffer tarball = test::make_tarball(members());
  for (const std::uint64_t keep : {keep_nothing, std::uint64_t{1} << 20}) {
    Release release = Release::open(ConstBytes(tarball), "t.tar", keep);
    std::vector<std::string> names;
    release.read([](const RomEntry& rom) { return rom.name.name.starts_with("seagrub"); },
                 [&](const Rom& rom) { names.push_back(rom.entry.name.name); });
    EXPECT_EQ(names, std::vector<std::string>{"seagrub_x230_12mb.rom"});
  }
}

TEST(Release, SeveralBoardsHaveTheirOwnSmallFiles) {
  HashList one;
  one.add("a.rom", image(1));
  const std::string sha1 = hex_digest(Hash::sha1, image(2));
  const Buffer tarball =
      test::make_tarball({{"bin/one/a.rom", image(1)},
                          {"bin/two/a.rom", image(2)},
                          {"bin/one/vendorhashes", text_bytes(one.text())},
                          {"bin/two/blobhashes", text_bytes(sha1 + "  ./a.rom\n")},
                          {"bin/two/.version", text_bytes("2")},
                          {".version", text_bytes("1\n")},
                          {"bin/.versiondate", text_bytes("5\n")}});
  Release release = Release::open(ConstBytes(tarball), "t.tar");
  EXPECT_EQ(release.boards(), (std::vector<std::string>{"one", "two"}));
  const RomFolder& first = release.folder(release.roms()[0]);
  const RomFolder& second = release.folder(release.roms()[1]);
  EXPECT_TRUE(first.hashes->verify("a.rom", image(1)));
  EXPECT_TRUE(second.hashes->verify("a.rom", image(2)));
  EXPECT_EQ(second.hash_file, "blobhashes");
  EXPECT_EQ(first.version, "1");
  EXPECT_EQ(second.version, "2");
  EXPECT_EQ(first.date, 5);
}

TEST(Release, VendorhashesCountMoreThanBlobhashes) {
  HashList good;
  good.add("a.rom", image(1));
  HashList other;
  other.add("a.rom", image(2));
  std::vector<TarMember> both = {{"bin/b/vendorhashes", text_bytes(good.text())},
                                 {"bin/b/blobhashes", text_bytes(other.text())},
                                 {"bin/b/a.rom", image(1)}};
  for (int i = 0; i < 2; ++i) {
    const Buffer tarball = test::make_tarball(both);
    const Release release = Release::open(ConstBytes(tarball), "t.tar");
    EXPECT_EQ(release.folder(release.roms()[0]).hash_file, "vendorhashes");
    EXPECT_EQ(release.folder(release.roms()[0]).hashes->find("a.rom"), good.find("a.rom"));
    std::swap(both[0], both[1]);
  }
}

TEST(Release, AnUnreadableDateIsNone) {
  for (const char* date : {"", "yesterday", "12x", "-5", "99999999999999999999999"}) {
    const Buffer tarball =
        test::make_tarball({{"bin/b/a.rom", image(1)}, {"bin/b/.versiondate", text_bytes(date)}});
    const Release release = Release::open(ConstBytes(tarball), "t.tar");
    EXPECT_EQ(release.folder(release.roms()[0]).date, std::nullopt) << date;
  }
}

TEST(Release, RefusesForeignArchives) {
  EXPECT_EQ(error_of({{"README", text_bytes("x")}, {"a.rom", image(1)}}),
            "t.tar: no ROMs in it (the ROMs of a release are bin/BOARD/NAME.rom)");
  EXPECT_EQ(error_of({{"bin/serprog_rp2040/serprog_pico.uf2", image(1)}}),
            "t.tar: firmware for a serprog programmer (it needs no vendor files and is not written "
            "to a flash chip)");
  const test::TemporaryFolder folder;
  const auto open_error = [&](const char* name, ConstBytes content) {
    test::write_file(folder / name, content);
    std::string line = error_of([&] { Release::open(folder / name); });
    const std::string path = (folder / name).string();
    if (line.starts_with(path)) line.replace(0, path.size(), "PATH");
    return line;
  };
  EXPECT_EQ(open_error("libreboot-1_src.tar.xz", {}),
            "PATH: the source code of a release, no ROMs (take the archive that has the board's "
            "name)");
  EXPECT_EQ(open_error("libreboot-1_serprog_stm32.tar.xz", {}),
            "PATH: firmware for a serprog programmer (it needs no vendor files and is not written "
            "to a flash chip)");
  EXPECT_EQ(open_error("libreboot-1_x230_12mb.tar.xz", {}),
            "PATH: Unrecognized archive format (the archive is damaged or incomplete: get it "
            "again)");
  EXPECT_EQ(error_of([&] { Release::open(folder / "none"); }),
            (folder / "none").string() + ": No such file or directory");
  fs::create_directory(folder / "empty");
  EXPECT_EQ(error_of([&] { Release::open(folder / "empty"); }),
            (folder / "empty").string() +
                ": no ROMs in it (the ROMs of a release are bin/BOARD/NAME.rom)");
}

TEST(Release, RefusesDamagedContents) {
  EXPECT_EQ(error_of({{"bin/b/a.rom", Buffer(5000)}}),
            "t.tar: bin/b/a.rom: 5 000 bytes is not the size of an image (a flash chip holds a "
            "multiple of 4 KiB; is the file truncated?)");
  EXPECT_EQ(error_of({{"bin/b/a.rom", image(1)}, {"bin/b/vendorhashes", text_bytes("abc\n")}}),
            "t.tar: bin/b/vendorhashes:1: 3 hexadecimal digits are no SHA-512 and no SHA-1 (a line "
            "is HASH  ./NAME, as sha512sum prints it)");
  EXPECT_EQ(error_of({{"bin/b/a.rom", {}, AE_IFLNK, "b.rom"}, {"bin/b/b.rom", image(1)}}),
            "t.tar: bin/b/a.rom: is a link, not a file (unpack the release, and give the folder "
            "instead)");
  EXPECT_EQ(error_of({{"bin/b/a.rom", image(1)}, {"bin/b/" + prefix + "a.rom", padded(1)}}),
            "t.tar: bin/b/" + prefix + "a.rom and bin/b/a.rom are the same ROM (keep one of them)");
  EXPECT_EQ(error_of({{"bin/b/a.rom", image(1)}, {"bin/b/a.rom", image(2)}}),
            "t.tar: bin/b/a.rom and bin/b/a.rom are the same ROM (keep one of them)");
  EXPECT_EQ(error_of({{"bin/b/a.rom", Buffer((64U << 20) + 2)}}),
            "t.tar: bin/b/a.rom: 67 108 866 bytes is more than the 64 MiB that can be");
}

TEST(Release, ReportsATruncatedTarball) {
  const test::TemporaryFolder folder;
  const Buffer whole = test::make_tarball(members(), ARCHIVE_FILTER_XZ);
  test::write_file(folder / "t.tar.xz", ConstBytes(whole).first(whole.size() / 2));
  const std::string line = error_of([&] { Release::open(folder / "t.tar.xz"); });
  EXPECT_TRUE(line.starts_with((folder / "t.tar.xz").string() + ": ")) << line;
  EXPECT_TRUE(line.ends_with("(the archive is damaged or incomplete: get it again)")) << line;
}

TEST(Release, FolderIgnoresLinks) {
  const test::TemporaryFolder folder;
  unpack({{"bin/b/a.rom", image(1)}}, folder.path());
  fs::create_symlink("/", folder / "bin/root");
  fs::create_symlink("a.rom", folder / "bin/b/c.rom");
  Release release = Release::open(folder.path());
  EXPECT_EQ(release.roms().size(), 1U);
}

TEST(Release, StopsOnRequest) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "t.tar", test::make_tarball(members()));
  std::stop_source stop;
  Release release = Release::open(folder / "t.tar", stop.get_token());
  stop.request_stop();
  EXPECT_THROW(Release::open(folder / "t.tar", stop.get_token()), InterruptedError);
  EXPECT_THROW(release.read([](const RomEntry&) { return true; }, [](const Rom&) { FAIL(); },
                            stop.get_token()),
               InterruptedError);
}

TEST(Release, ReadsTheFixtures) {
  const auto fixtures = test::fixtures();
  if (!fixtures) GTEST_SKIP() << "no fixtures";
  for (const std::string board : {"x230_12mb", "hp2570p_16mb"}) {
    const Buffer text = test::read_file(*fixtures / "releases" / (board + ".json"));
    const auto json = nlohmann::json::parse(text);
    Release release = Release::open(*fixtures / "releases" / json["tarball"].get<std::string>(), {},
                                    std::uint64_t{1} << 24);
    EXPECT_EQ(release.boards(), std::vector<std::string>{board});
    ASSERT_EQ(release.roms().size(), json["roms"].size());
    for (const RomEntry& rom : release.roms()) {
      EXPECT_TRUE(rom.name.unready);
      EXPECT_EQ(release.folder(rom).hashes->find(rom.name.name).value(),
                json["roms"][rom.name.name]["sha512"]);
      EXPECT_EQ(release.folder(rom).version, "fixture-1");
      EXPECT_EQ(release.folder(rom).date, 1700000000);
    }
    for (const auto& [name, content] : read_all(release))
      EXPECT_EQ(content.size(), json["roms"][name]["size"]);
  }
}

/// With `kept` of the ROMs in memory.
void expect_roms_laid_aside(int kept) {
  const test::TemporaryFolder folder;
  const fs::path tarball = folder.path() / "r_x230_12mb.tar.xz";
  test::write_file(tarball, test::make_tarball(members(), ARCHIVE_FILTER_XZ));
  std::map<std::string, std::size_t> seen;
  Release release = Release::open_spooled(
      tarball, {folder.path(), [](const RomEntry& rom) { return rom.name.name.starts_with("sea"); },
                [&](std::uint64_t) { return kept-- > 0; },
                [&](const RomEntry& rom, ConstBytes stored) { seen[rom.member] = stored.size(); }});
  fs::remove(tarball);  // nothing reads it again
  const std::vector<RomEntry>& roms = release.roms();
  ASSERT_EQ(roms.size(), 2U);
  EXPECT_EQ(seen, (std::map<std::string, std::size_t>{{roms[0].member, roms[0].size},
                                                      {roms[1].member, roms[1].size}}));
  for (const std::size_t i : {1U, 0U, 1U}) {
    const Rom rom = release.load(roms[i]);
    EXPECT_EQ(rom.content, image(roms[i].name.name.starts_with("seabios") ? 1 : 2));
    EXPECT_TRUE(rom.padded);
  }
  EXPECT_EQ(read_all(release).size(), 2U);
}

TEST(Release, SpooledRomsAreLoadedInAnyOrderAndReadOnce) { expect_roms_laid_aside(0); }
TEST(Release, RomsThatWaitInMemoryAreLoadedAlike) {
  expect_roms_laid_aside(1);
  expect_roms_laid_aside(2);
}

TEST(Release, WhatWasNotSpooledIsNotLoaded) {
  const test::TemporaryFolder folder;
  const fs::path tarball = folder.path() / "r_x230_12mb.tar";
  test::write_file(tarball, test::make_tarball(members()));
  const Release release =
      Release::open_spooled(tarball, {folder.path(), [](const RomEntry&) { return false; }});
  EXPECT_EQ(error_of([&] { (void)release.load(release.roms().front()); }),
            tarball.string() + ": " + release.roms().front().member +
                " is gone (the file was changed while it was read)");
}

TEST(Release, AListingIsTheReleaseAgain) {
  const test::TemporaryFolder folder;
  const fs::path tarball = folder.path() / "r_x230_12mb.tar";
  test::write_file(tarball, test::make_tarball(members()));
  const Release release = Release::open(tarball, {}, keep_nothing);
  Release again = Release::of_listing(tarball, release.listing());
  EXPECT_EQ(again.kind(), ReleaseKind::tarball);
  EXPECT_EQ(again.roms(), release.roms());
  const RomFolder& beside = again.folder(again.roms().front());
  EXPECT_EQ(beside.version, "Libreboot 20240612");
  EXPECT_EQ(beside.hash_file, "vendorhashes");
  EXPECT_EQ(read_all(again).size(), 2U);
}

}  // namespace
}  // namespace romwright::images
