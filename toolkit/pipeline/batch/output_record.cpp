// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/output_record.h"

#include <array>
#include <fstream>

#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "flash/base/read_file.h"
#include "toolkit/pipeline/batch/file_stamp.h"

namespace romwright::pipeline {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ImageRecord, image, board, release, rom, size, sha512, mac,
                                   verified, inserted, added, seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OutputRecord, path, key, stamp, size, sha512, images)

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t largest_record = std::uint64_t{16} << 20;

std::string sha512_of_file(const fs::path& path) {
  Digest digest(Hash::sha512);
  std::ifstream file(path, std::ios::binary);
  std::array<char, 1 << 16> piece{};
  while (file) {
    file.read(piece.data(), piece.size());
    digest.update(
        as_bytes(std::string_view(piece.data(), static_cast<std::size_t>(file.gcount()))));
  }
  return to_hex(digest.finish());
}

}  // namespace

fs::path OutputRecords::file_of(const std::string& path) const {
  return folder_ / (hex_digest(Hash::sha256, as_bytes(path)).substr(0, 32) + ".json");
}

std::optional<OutputRecord> OutputRecords::current(const std::string& path,
                                                   const std::string& key) const {
  const std::string stamp = file_stamp(output_ / path);
  std::error_code error;
  if (stamp.empty() || !fs::exists(file_of(path), error)) return std::nullopt;
  OutputRecord record;
  // One that is damaged, or of another version, tells nothing.
  try {
    record = Json::parse(read_file(file_of(path), largest_record)).get<OutputRecord>();
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
  if (record.key != key || record.path != path) return std::nullopt;
  if (record.stamp == stamp) return record;
  if (fs::file_size(output_ / path, error) != record.size ||
      sha512_of_file(output_ / path) != record.sha512)
    return std::nullopt;
  keep(record);
  return record;
}

void OutputRecords::keep(OutputRecord record) const {
  record.stamp = file_stamp(output_ / record.path);
  write_whole(file_of(record.path), as_bytes(Json(record).dump(1) + "\n"));
}

void OutputRecords::keep_file(OutputRecord record) const {
  const fs::path path = output_ / record.path;
  record.size = fs::file_size(path);
  record.sha512 = sha512_of_file(path);
  keep(std::move(record));
}

}  // namespace romwright::pipeline
