// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/release_index.h"

#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "flash/base/read_file.h"

namespace romwright::pipeline {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using images::ReleaseKind;

constexpr std::uint64_t largest_index = std::uint64_t{16} << 20;
constexpr std::pair<ReleaseKind, const char*> kinds[] = {
    {ReleaseKind::tarball, "tarball"}, {ReleaseKind::folder, "folder"}, {ReleaseKind::rom, "rom"}};

Json to_json(const ReleaseIndex& index) {
  Json json{{"roms", Json::array()}, {"folders", Json::array()}};
  for (const auto& [kind, word] : kinds)
    if (kind == index.listing.kind) json["kind"] = word;
  for (const images::RomEntry& rom : index.listing.roms) {
    Json entry{{"board", rom.board},
               {"name", rom.name.name},
               {"unready", rom.name.unready},
               {"member", rom.member},
               {"size", rom.size}};
    if (const auto hash = index.sha256.find(rom.member); hash != index.sha256.end())
      entry["sha256"] = hash->second;
    json["roms"].push_back(std::move(entry));
  }
  for (const images::RomFolder& folder : index.listing.folders) {
    Json entry{{"path", folder.path}, {"version", folder.version}};
    if (folder.hashes)
      entry.update({{"hash_file", folder.hash_file}, {"hashes", folder.hashes->text()}});
    if (folder.date) entry["date"] = *folder.date;
    json["folders"].push_back(std::move(entry));
  }
  return json;
}

ReleaseIndex from_json(const Json& json) {
  ReleaseIndex index;
  for (const auto& [kind, word] : kinds)
    if (json.at("kind") == word) index.listing.kind = kind;
  for (const Json& rom : json.at("roms")) {
    index.listing.roms.push_back(
        {rom.at("board"), {rom.at("name"), rom.at("unready")}, rom.at("member"), rom.at("size")});
    if (rom.contains("sha256")) index.sha256[rom.at("member")] = rom.at("sha256");
  }
  for (const Json& entry : json.at("folders")) {
    images::RomFolder folder{.path = entry.at("path")};
    folder.version = entry.at("version");
    if (entry.contains("hashes")) {
      folder.hash_file = entry.at("hash_file");
      folder.hashes =
          images::HashList::parse(entry.at("hashes").get<std::string>(), folder.hash_file);
    }
    if (entry.contains("date")) folder.date = entry.at("date").get<std::int64_t>();
    index.listing.folders.push_back(std::move(folder));
  }
  return index;
}

}  // namespace

fs::path ReleaseIndexes::file_of(const fs::path& path) const {
  std::error_code error;
  const std::string name = fs::weakly_canonical(path, error).string();
  return folder_ / (hex_digest(Hash::sha256, as_bytes(name)).substr(0, 32) + ".json");
}

std::optional<ReleaseIndex> ReleaseIndexes::find(const fs::path& path,
                                                 const std::string& stamp) const {
  const fs::path file = file_of(path);
  std::error_code error;
  if (stamp.empty() || !fs::exists(file, error)) return std::nullopt;
  // One that is damaged is made again.
  try {
    const Json json = Json::parse(read_file(file, largest_index));
    if (json.at("stamp") != stamp) return std::nullopt;
    return from_json(json);
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void ReleaseIndexes::keep(const fs::path& path, const std::string& stamp,
                          const ReleaseIndex& index) const {
  Json json = to_json(index);
  json["release"] = path.filename().string();
  json["stamp"] = stamp;
  write_whole(file_of(path), as_bytes(json.dump(1) + "\n"));
}

}  // namespace romwright::pipeline
