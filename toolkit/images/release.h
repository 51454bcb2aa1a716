// SPDX-License-Identifier: GPL-2.0-or-later
// A release: the ROMs of one or several boards in a tarball, a folder or a single file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/images/archive_reader.h"
#include "toolkit/images/hash_list.h"
#include "toolkit/images/release_member.h"
#include "toolkit/images/rom_name.h"
#include "toolkit/images/spool.h"

namespace romwright::images {

/// The largest ROM that is read: no chip of these boards is larger. One padding byte may follow.
inline constexpr std::uint64_t largest_image = std::uint64_t{64} << 20;

/// A ROM as the listing knows it.
struct RomEntry {
  std::string board;       ///< the folder below bin/; empty where the release does not tell
  RomName name;            ///< its file name
  std::string member;      ///< its path in the release, for messages and for writing it back
  std::uint64_t size = 0;  ///< as stored: with the padding byte
  friend bool operator==(const RomEntry&, const RomEntry&) = default;
};

/// A ROM with its content, without the padding byte.
struct Rom {
  RomEntry entry;
  bool padded = false;  ///< the padding byte was there
  Buffer content;
};

/// What lies beside the ROMs of one board.
struct RomFolder {
  std::string path;                  ///< in the release: "bin/x230_12mb"; empty at its top
  std::optional<HashList> hashes;    ///< vendorhashes, or blobhashes in older releases
  std::string hash_file;             ///< which of the two; empty where there is none
  std::string version;               ///< .version without line end: "Libreboot 20240612"
  std::optional<std::int64_t> date;  ///< .versiondate: seconds since 1970
};

enum class ReleaseKind { tarball, folder, rom };

/// What a release holds, without the ROMs' content.
struct ReleaseListing {
  ReleaseKind kind = ReleaseKind::rom;
  std::vector<RomEntry> roms;      ///< by board and name; at least one
  std::vector<RomFolder> folders;  ///< one for each folder that a ROM lies in
};

/// Says which ROMs are meant.
using WantsRom = std::function<bool(const RomEntry&)>;

/// What becomes of a tarball's ROMs that are needed later.
struct Spooling {
  std::filesystem::path folder;  ///< of the unnamed file that they wait in
  WantsRom wanted;               ///< which they are
  /// Whether a ROM of this size may wait in memory instead.
  std::function<bool(std::uint64_t)> may_keep = [](std::uint64_t) { return false; };
  /// Is shown each as it is stored.
  std::function<void(const RomEntry&, ConstBytes)> seen = [](const RomEntry&, ConstBytes) {};
};

class Release {
 public:
  /// Opens a .tar.xz, .tar.gz, .tar.zst or .tar by its content, a folder (a release unpacked, its
  /// bin/, or one board's folder) or one ROM, and lists it: a tarball is read once as a stream, and
  /// up to `keep` bytes of ROMs stay in memory, so that `read` need not read it again. Throws
  /// ImageError "PATH: ..." for what is not a release (source archive, serprog firmware, foreign
  /// files), a damaged or truncated archive, members that leave it, are too many or too large, and
  /// InterruptedError on a requested stop.
  static Release open(const std::filesystem::path& path, const std::stop_token& stop = {},
                      std::uint64_t keep = std::uint64_t{48} << 20);

  /// The same for a tarball in memory, called `name` in messages; `bytes` must outlive the release.
  static Release open(ConstBytes bytes, const std::string& name,
                      std::uint64_t keep = std::uint64_t{48} << 20);

  /// The same, but the ROMs of a tarball that are wanted are laid aside, so that the tarball is
  /// decoded once however large it is, and `load` finds them.
  static Release open_spooled(const std::filesystem::path& path, const Spooling& spooling,
                              const std::stop_token& stop = {});

  /// The release at `path` as it was listed before: nothing is read until `read` or `load` does.
  static Release of_listing(std::filesystem::path path, ReleaseListing listing);
  [[nodiscard]] ReleaseListing listing() const;

  [[nodiscard]] ReleaseKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Every ROM, by board and name; at least one.
  [[nodiscard]] const std::vector<RomEntry>& roms() const noexcept { return roms_; }
  /// The boards that have ROMs here, sorted; one empty name where the release does not tell.
  [[nodiscard]] std::vector<std::string> boards() const;
  /// What lies beside `rom`.
  [[nodiscard]] const RomFolder& folder(const RomEntry& rom) const;

  /// Hands every ROM that is `wanted` to `take`, each once, in any order. What `open` kept is given
  /// away: a second call reads the release again. Throws as `open` does, ImageError for a ROM of a
  /// size that no chip has, and what `take` throws.
  void read(const WantsRom& wanted, const std::function<void(Rom)>& take,
            const std::stop_token& stop = {});

  /// One ROM of a folder, of a file, or of a tarball that was opened with it spooled; callable from
  /// several threads. Throws as `read` does.
  [[nodiscard]] Rom load(const RomEntry& rom) const;
  /// The same as it is stored, with whatever size and padding it has.
  [[nodiscard]] Buffer stored(const RomEntry& rom) const;

 private:
  explicit Release(std::filesystem::path path) : path_(std::move(path)) {}
  [[nodiscard]] ArchiveReader reader(const std::stop_token& stop) const;
  void list(const std::stop_token& stop, std::uint64_t keep, const Spooling* spooling = nullptr);
  void list_tarball(const std::stop_token& stop, std::uint64_t keep, const Spooling* spooling);
  void lay_aside(Buffer stored, const Spooling& spooling);
  void list_folder();
  void list_rom();
  void add_rom(const ReleaseMember& member, std::uint64_t size);
  void add_small_file(const ReleaseMember& member, ConstBytes content);
  void finish_listing();
  [[nodiscard]] Rom make_rom(const RomEntry& entry, Buffer stored) const;
  void read_tarball(const WantsRom& wanted,
                    const std::function<void(const RomEntry&, Buffer)>& take,
                    const std::stop_token& stop) const;

  std::filesystem::path path_;
  std::stop_token stop_;             ///< of `open`: ends the wait for a pipe
  std::optional<ConstBytes> bytes_;  ///< a tarball in memory
  ReleaseKind kind_ = ReleaseKind::rom;
  std::vector<RomEntry> roms_;
  std::map<std::string, RomFolder, std::less<>> folders_;  ///< by their path in the release
  std::map<std::string, Buffer> kept_;                     ///< by member: as stored
  std::unique_ptr<Spool> spool_;                           ///< where ROMs lie that are not kept
  std::map<std::string, Range> spooled_;                   ///< by member: as stored
  bool serprog_ = false;                                   ///< firmware for a programmer was seen
};

}  // namespace romwright::images
