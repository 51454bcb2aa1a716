// SPDX-License-Identifier: GPL-2.0-or-later
// Where prepared or stripped ROMs go: a writer that knows the release's small files already.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "toolkit/images/release.h"
#include "toolkit/images/release_writer.h"
#include "toolkit/manifests/board.h"

namespace romwright::pipeline {

/// The path that the ROM, without its prefix, has in a release: its folder, or bin/BOARD where it
/// has none.
std::string complete_member(const images::RomEntry& rom, const manifests::Board& board);
/// The folder of a member's path.
std::string folder_of(const std::string& member);

/// .version and .versiondate of the folders that `roms` go to: content by path, and the latest
/// date.
struct VersionFiles {
  std::map<std::string, std::string> files;
  std::int64_t date = 0;
};
VersionFiles version_files(const images::Release& release, const manifests::Board& board,
                           const std::vector<images::RomEntry>& roms);

/// Begins the output at `path` for `roms` of `release`. `members` are the paths that the ROMs and
/// further files will have; .version and .versiondate of their folders are written already. One ROM
/// may go to a single file, to which only `members.front()` is put. Throws UsageError where several
/// ROMs shall go to one file, naming them.
std::unique_ptr<images::ReleaseWriter> begin_output(const std::filesystem::path& path,
                                                    const images::Release& release,
                                                    const manifests::Board& board,
                                                    const std::vector<images::RomEntry>& roms,
                                                    std::vector<std::string> members,
                                                    const std::stop_token& stop);

}  // namespace romwright::pipeline
