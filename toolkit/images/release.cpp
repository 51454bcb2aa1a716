// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/release.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <fstream>
#include <set>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/read_file.h"
#include "toolkit/images/padding.h"

namespace romwright::images {

namespace {

namespace fs = std::filesystem;
using Kind = ReleaseMember::Kind;

constexpr std::uint64_t largest_small_file = std::uint64_t{1} << 20;
constexpr std::uint64_t most_files = 100'000;
constexpr std::size_t most_roms = 2000;
constexpr int deepest_folder = 4;

/// The first 512 bytes, or fewer where there are fewer; none of a device or pipe.
Buffer read_start(const fs::path& path) {
  constexpr std::size_t start_size = 512;
  if (!fs::is_regular_file(path)) return {};
  Buffer start(start_size);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(start.data()), start_size);
  start.resize(static_cast<std::size_t>(file.gcount()));
  return start;
}

bool looks_like_tarball(ConstBytes start) {
  using namespace std::string_view_literals;
  constexpr std::array magics = {
      "\xfd"
      "7zXZ\0"sv,
      "\x1f\x8b"sv, "\x28\xb5\x2f\xfd"sv, "BZh"sv, "\x04\x22\x4d\x18"sv};
  constexpr std::size_t ustar_offset = 257;
  const auto has = [&](std::size_t offset, std::string_view magic) {
    return start.size() >= offset + magic.size() &&
           std::ranges::equal(start.subspan(offset, magic.size()), as_bytes(magic));
  };
  return has(ustar_offset, "ustar"sv) ||
         std::any_of(magics.begin(), magics.end(), [&](auto magic) { return has(0, magic); });
}

bool is_named_like_tarball(const std::string& file) {
  return file.find(".tar.") != std::string::npos || file.ends_with(".tar") ||
         file.ends_with(".txz") || file.ends_with(".tgz");
}

std::string first_line(ConstBytes content) {
  std::string text = c_string(content);
  text.resize(std::min(text.size(), text.find('\n')));
  return text;
}

std::optional<std::int64_t> read_date(ConstBytes content) {
  const std::string text = first_line(content);
  std::int64_t date = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), date);
  const bool whole = error == std::errc() && end == text.data() + text.size() && date >= 0;
  return whole ? std::optional(date) : std::nullopt;
}

std::string parent_of(const std::string& folder) {
  return folder.substr(0, folder.find('/') == std::string::npos ? 0 : folder.rfind('/'));
}

ImageError serprog_error(const fs::path& path) {
  return ImageError(fmt::format("{}: firmware for a serprog programmer", path.string()),
                    "it needs no vendor files and is not written to a flash chip");
}

}  // namespace

void Release::list(const std::stop_token& stop, std::uint64_t keep, const Spooling* spooling) {
  const std::string file = path_.filename().string();
  std::error_code error;
  if (!fs::exists(path_, error))
    throw ImageError(fmt::format("{}: {}", path_.string(),
                                 error ? error.message() : "No such file or directory"));
  if (fs::is_directory(path_, error)) {
    kind_ = ReleaseKind::folder;
    list_folder();
  } else if (is_source_tarball(file)) {
    throw ImageError(fmt::format("{}: the source code of a release, no ROMs", path_.string()),
                     "take the archive that has the board's name");
  } else if (looks_like_tarball(read_start(path_)) || is_named_like_tarball(file)) {
    if (board_of_tarball(file).value_or("").starts_with("serprog_")) throw serprog_error(path_);
    kind_ = ReleaseKind::tarball;
    list_tarball(stop, keep, spooling);
  } else {
    list_rom();
  }
  finish_listing();
}

Release Release::open(const fs::path& path, const std::stop_token& stop, std::uint64_t keep) {
  Release release(path);
  release.stop_ = stop;
  release.list(stop, keep);
  return release;
}

Release Release::open(ConstBytes bytes, const std::string& name, std::uint64_t keep) {
  Release release{fs::path(name)};
  release.bytes_ = bytes;
  release.kind_ = ReleaseKind::tarball;
  release.list_tarball({}, keep, nullptr);
  release.finish_listing();
  return release;
}

Release Release::open_spooled(const fs::path& path, const Spooling& spooling,
                              const std::stop_token& stop) {
  Release release(path);
  release.stop_ = stop;
  release.spool_ = std::make_unique<Spool>(spooling.folder);
  release.list(stop, 0, &spooling);
  return release;
}

Release Release::of_listing(fs::path path, ReleaseListing listing) {
  Release release(std::move(path));
  release.kind_ = listing.kind;
  release.roms_ = std::move(listing.roms);
  for (RomFolder& folder : listing.folders) {
    std::string key = folder.path;
    release.folders_.emplace(std::move(key), std::move(folder));
  }
  return release;
}

ReleaseListing Release::listing() const {
  ReleaseListing listing{kind_, roms_, {}};
  for (const RomEntry& rom : roms_)
    if (const RomFolder& of_rom = folder(rom);
        std::ranges::find(listing.folders, of_rom.path, &RomFolder::path) == listing.folders.end())
      listing.folders.push_back(of_rom);
  return listing;
}

ArchiveReader Release::reader(const std::stop_token& stop) const {
  return bytes_ ? ArchiveReader(*bytes_, path_.string()) : ArchiveReader(path_, stop);
}

void Release::add_rom(const ReleaseMember& member, std::uint64_t size) {
  if (size > largest_image + 1)
    throw ImageError(fmt::format("{}: {}: {} is more than the {} that can be", path_.string(),
                                 member.path, human_size(size), human_size(largest_image)));
  if (roms_.size() == most_roms)
    throw ImageError(fmt::format("{}: more than {} ROMs", path_.string(), most_roms),
                     "give one release");
  roms_.push_back({member.board, member.name, member.path, size});
}

void Release::add_small_file(const ReleaseMember& member, ConstBytes content) {
  RomFolder& folder = folders_[member.folder];
  const std::string& file = member.name.name;
  switch (member.kind) {
    case Kind::hashes:
      if (folder.hash_file == "vendorhashes") return;
      folder.hashes = within(path_.string(), [&] {
        return HashList::parse({reinterpret_cast<const char*>(content.data()), content.size()},
                               member.path);
      });
      folder.hash_file = file;
      return;
    case Kind::version:
      folder.version = first_line(content);
      return;
    case Kind::date:
      folder.date = read_date(content);
      return;
    default:
      return;
  }
}

/// Keeps the last ROM of the listing.
void Release::lay_aside(Buffer stored, const Spooling& spooling) {
  const RomEntry& rom = roms_.back();
  spooling.seen(rom, stored);
  if (spooling.may_keep(stored.size()))
    kept_[rom.member] = std::move(stored);
  else
    spooled_[rom.member] = spool_->put(stored);
}

void Release::list_tarball(const std::stop_token& stop, std::uint64_t keep,
                           const Spooling* spooling) {
  ArchiveReader tarball = reader(stop);
  for (ArchiveReader::Member found; tarball.next(found);) {
    const ReleaseMember member = tarball_member(found.path);
    serprog_ |= member.kind == Kind::serprog;
    if (member.kind == Kind::serprog || member.kind == Kind::other) continue;
    if (found.type == ArchiveReader::Type::folder) continue;
    if (found.type != ArchiveReader::Type::file)
      throw ImageError(fmt::format("{}: {}: is a {}, not a file", path_.string(), found.path,
                                   found.type == ArchiveReader::Type::link ? "link" : "device"),
                       "unpack the release, and give the folder instead");
    if (member.kind != Kind::rom) {
      add_small_file(member, tarball.content(largest_small_file));
      continue;
    }
    add_rom(member, found.size);
    if (spooling != nullptr && spooling->wanted(roms_.back()))
      lay_aside(tarball.content(largest_image + 1), *spooling);
    if (found.size > keep) continue;
    keep -= found.size;
    kept_[found.path] = tarball.content(largest_image + 1);
  }
}

void Release::list_folder() {
  std::error_code error;
  const std::string outer = fs::canonical(path_, error).generic_string();
  auto at = fs::recursive_directory_iterator(path_, error);
  std::uint64_t files = 0;
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (++files > most_files)
      throw ImageError(fmt::format("{}: more than {} files", path_.string(), most_files),
                       "give the folder of one release");
    const fs::directory_entry& entry = *at;
    if (at.depth() + 1 >= deepest_folder) at.disable_recursion_pending();
    if (!fs::is_regular_file(entry.symlink_status(error))) continue;
    const ReleaseMember member =
        folder_member(entry.path().lexically_relative(path_).generic_string(), outer);
    serprog_ |= member.kind == Kind::serprog;
    if (member.kind == Kind::rom)
      add_rom(member, entry.file_size(error));
    else if (member.kind != Kind::serprog && member.kind != Kind::other)
      add_small_file(member, read_file(entry.path(), largest_small_file));
  }
  if (error) throw ImageError(fmt::format("{}: {}", path_.string(), error.message()));
}

void Release::list_rom() {
  const std::string file = path_.filename().string();
  ReleaseMember rom{.kind = Kind::rom, .path = file};
  rom.name = parse_rom_name(file).value_or(RomName{file});
  const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
  std::error_code error;
  rom.board = folder_member(file, fs::canonical(folder, error).generic_string()).board;
  const std::uint64_t size = fs::is_regular_file(path_) ? fs::file_size(path_, error) : 0;
  add_rom(rom, size);
  for (const char* name : {"vendorhashes", "blobhashes", ".version", ".versiondate"})
    if (fs::is_regular_file(folder / name, error))
      add_small_file(folder_member(name, ""), read_file(folder / name, largest_small_file));
}

void Release::finish_listing() {
  if (roms_.empty() && serprog_) throw serprog_error(path_);
  if (roms_.empty())
    throw ImageError(fmt::format("{}: no ROMs in it", path_.string()),
                     "the ROMs of a release are bin/BOARD/NAME.rom");
  std::sort(roms_.begin(), roms_.end(), [](const RomEntry& a, const RomEntry& b) {
    return std::tie(a.board, a.name.name, a.member) < std::tie(b.board, b.name.name, b.member);
  });
  const auto twice =
      std::adjacent_find(roms_.begin(), roms_.end(), [](const RomEntry& a, const RomEntry& b) {
        return a.board == b.board && a.name.name == b.name.name;
      });
  if (twice != roms_.end())
    throw ImageError(fmt::format("{}: {} and {} are the same ROM", path_.string(), twice->member,
                                 std::next(twice)->member),
                     "keep one of them");
  for (const RomEntry& rom : roms_) {
    std::string path = tarball_member(rom.member).folder;
    RomFolder& folder = folders_[path];
    folder.path = path;
    // Version and date may lie further up, once for all boards.
    while (!path.empty() && (folder.version.empty() || !folder.date)) {
      path = parent_of(path);
      const auto above = folders_.find(path);
      if (above == folders_.end()) continue;
      if (folder.version.empty()) folder.version = above->second.version;
      if (!folder.date) folder.date = above->second.date;
    }
  }
}

std::vector<std::string> Release::boards() const {
  std::set<std::string> boards;
  for (const RomEntry& rom : roms_) boards.insert(rom.board);
  return {boards.begin(), boards.end()};
}

const RomFolder& Release::folder(const RomEntry& rom) const {
  return folders_.at(tarball_member(rom.member).folder);
}

Rom Release::make_rom(const RomEntry& entry, Buffer stored) const {
  Rom rom{.entry = entry, .content = std::move(stored)};
  const std::string what = kind_ == ReleaseKind::rom
                               ? path_.string()
                               : fmt::format("{}: {}", path_.string(), entry.member);
  rom.padded = remove_padding(rom.content, what);
  return rom;
}

Buffer Release::stored(const RomEntry& rom) const {
  if (kind_ != ReleaseKind::tarball)
    return read_file(kind_ == ReleaseKind::rom ? path_ : path_ / rom.member, largest_image + 1,
                     stop_);
  if (const auto kept = kept_.find(rom.member); kept != kept_.end()) return kept->second;
  const auto there = spooled_.find(rom.member);
  if (there == spooled_.end())
    throw ImageError(fmt::format("{}: {} is gone", path_.string(), rom.member),
                     "the file was changed while it was read");
  return spool_->get(there->second);
}

Rom Release::load(const RomEntry& rom) const { return make_rom(rom, stored(rom)); }

void Release::read_tarball(const WantsRom& wanted,
                           const std::function<void(const RomEntry&, Buffer)>& take,
                           const std::stop_token& stop) const {
  ArchiveReader tarball = reader(stop);
  for (ArchiveReader::Member found; tarball.next(found);) {
    const auto rom = std::find_if(roms_.begin(), roms_.end(), [&](const RomEntry& entry) {
      return entry.member == found.path;
    });
    if (rom == roms_.end() || !wanted(*rom)) continue;
    take(*rom, tarball.content(largest_image + 1));
  }
}

void Release::read(const WantsRom& wanted, const std::function<void(Rom)>& take,
                   const std::stop_token& stop) {
  const auto give = [&](const RomEntry& entry, Buffer content) {
    if (stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("{}: stopped", path_.string()));
    take(make_rom(entry, std::move(content)));
  };
  std::set<std::string> left;
  for (const RomEntry& entry : roms_) {
    if (!wanted(entry)) continue;
    if (auto kept = kept_.extract(entry.member))
      give(entry, std::move(kept.mapped()));
    else if (kind_ != ReleaseKind::tarball)
      give(entry, stored(entry));
    else if (spooled_.contains(entry.member))
      give(entry, stored(entry));
    else
      left.insert(entry.member);
  }
  kept_.clear();
  if (left.empty()) return;
  read_tarball([&](const RomEntry& entry) { return left.erase(entry.member) != 0; }, give, stop);
  if (!left.empty())
    throw ImageError(fmt::format("{}: {} is gone", path_.string(), *left.begin()),
                     "the file was changed while it was read");
}

}  // namespace romwright::images
