// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/file_stamp.h"

#include <algorithm>
#include <sys/stat.h>
#include <vector>

#include <fmt/format.h>

#include "flash/base/digest.h"

namespace romwright::pipeline {

namespace {

namespace fs = std::filesystem;

/// Longer than the system's tick, which is at most 10 ms.
constexpr std::chrono::milliseconds settling{20};

}  // namespace

std::string file_stamp(const fs::path& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return fmt::format("{}:{}:{}.{:09}:{}.{:09}", status.st_size, status.st_ino,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                     status.st_ctim.tv_nsec);
}

std::string release_stamp(const fs::path& path) {
  std::error_code error;
  std::vector<std::string> lines;
  if (fs::is_directory(path, error)) {
    for (auto at = fs::recursive_directory_iterator(path, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error))
      lines.push_back(at->path().string() + " " + file_stamp(at->path()));
    if (error) return {};
    std::ranges::sort(lines);
  } else {
    lines.push_back(file_stamp(path));
    if (lines.front().empty()) return {};
    if (path.extension() == ".rom")
      for (const char* beside : {"vendorhashes", "blobhashes", ".version", ".versiondate"})
        lines.push_back(file_stamp(path.parent_path() / beside));
  }
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return hex_digest(Hash::sha256, as_bytes(all));
}

bool is_settled(const fs::path& path, std::chrono::system_clock::time_point now) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return false;
  const auto changed = std::chrono::seconds(status.st_ctim.tv_sec) +
                       std::chrono::nanoseconds(status.st_ctim.tv_nsec);
  return now.time_since_epoch() - changed > settling;
}

}  // namespace romwright::pipeline
