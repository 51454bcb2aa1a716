// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/release_output.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::pipeline {

namespace {

void refuse_several(const std::filesystem::path& path, const std::vector<images::RomEntry>& roms) {
  UsageError error(fmt::format("{}: {} ROMs do not fit one file", path.string(), roms.size()),
                   "choose one with --rom, or name a folder or a .tar.xz");
  for (const images::RomEntry& rom : roms) error.also(rom.name.name);
  throw error;
}

Buffer to_buffer(const std::string& text) {
  const ConstBytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::string folder_of(const std::string& member) {
  const std::size_t slash = member.rfind('/');
  return slash == std::string::npos ? std::string() : member.substr(0, slash);
}

std::string complete_member(const images::RomEntry& rom, const manifests::Board& board) {
  const std::string folder = folder_of(rom.member);
  return (folder.empty() ? "bin/" + board.name : folder) + "/" + rom.name.name;
}

VersionFiles version_files(const images::Release& release, const manifests::Board& board,
                           const std::vector<images::RomEntry>& roms) {
  VersionFiles found;
  for (const images::RomEntry& rom : roms) {
    const images::RomFolder& folder = release.folder(rom);
    const std::string beside = folder_of(complete_member(rom, board)) + "/";
    if (!folder.version.empty()) found.files[beside + ".version"] = folder.version + "\n";
    if (!folder.date) continue;
    found.files[beside + ".versiondate"] = fmt::format("{}\n", *folder.date);
    found.date = std::max(found.date, *folder.date);
  }
  return found;
}

std::unique_ptr<images::ReleaseWriter> begin_output(const std::filesystem::path& path,
                                                    const images::Release& release,
                                                    const manifests::Board& board,
                                                    const std::vector<images::RomEntry>& roms,
                                                    std::vector<std::string> members,
                                                    const std::stop_token& stop) {
  const images::ReleaseOutput output = images::output_of(path, roms.size() == 1);
  if (output == images::ReleaseOutput::rom) {
    if (roms.size() != 1) refuse_several(path, roms);
    return images::ReleaseWriter::create(path, output, {{members.front()}, 0}, stop);
  }
  const VersionFiles versions = version_files(release, board, roms);
  images::ReleaseContents contents{std::move(members), versions.date};
  for (const auto& [member, text] : versions.files) contents.members.push_back(member);
  auto writer = images::ReleaseWriter::create(path, output, std::move(contents), stop);
  for (const auto& [member, text] : versions.files) writer->put(member, to_buffer(text));
  return writer;
}

}  // namespace romwright::pipeline
