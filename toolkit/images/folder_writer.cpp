// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/folder_writer.h"

#include <cerrno>
#include <csignal>
#include <random>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"

namespace romwright::images {

namespace {

namespace fs = std::filesystem;

constexpr int attempts = 100;

[[noreturn]] void fail(const fs::path& path, const std::error_code& error) {
  throw Error(fmt::format("{}: cannot write: {}", path.string(), error.message()));
}

/// A new folder in `parent`; its name starts with a dot.
fs::path make_temporary(const fs::path& parent, const fs::path& shown) {
  std::mt19937_64 random{std::random_device{}()};
  for (int i = 0; i < attempts; ++i) {
    fs::path folder = parent / fmt::format(".romwright.{:016x}", random());
    if (::mkdir(folder.c_str(), 0777) == 0) return folder;
    if (errno != EEXIST) break;
  }
  fail(shown, {errno, std::generic_category()});
}

/// Without the slash that a user may have put behind it, which would make its name empty.
fs::path without_slash(const fs::path& path) {
  return path.has_filename() || path == path.root_path() ? path : path.parent_path();
}

}  // namespace

FolderWriter::FolderWriter(const fs::path& path, ReleaseContents contents, std::stop_token stop)
    : path_(without_slash(path)),
      contents_(std::move(contents)),
      stop_(std::move(stop)),
      existed_(fs::exists(path_)) {
  const fs::path parent = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
  staged_ = make_temporary(existed_ ? path_ : parent, path_);
}

FolderWriter::~FolderWriter() {
  std::error_code ignored;
  if (!staged_.empty()) fs::remove_all(staged_, ignored);
}

void FolderWriter::put(std::string_view member, Buffer content) {
  if (stop_.stop_requested())
    throw InterruptedError(SIGINT, fmt::format("{}: stopped", path_.string()));
  const fs::path shown = path_ / member;
  std::error_code error;
  fs::create_directories((staged_ / member).parent_path(), error);
  if (error) fail(shown, error);
  OutputFile file(staged_ / member, shown);
  file.write(content);
  if (contents_.date != 0) file.set_time(contents_.date);
  file.commit();
}

void FolderWriter::move_files() {
  std::vector<fs::path> moved;
  std::error_code error;
  for (const std::string& member : contents_.members) {
    const fs::path target = path_ / member;
    fs::create_directories(target.parent_path(), error);
    const bool replaced = !error && fs::exists(fs::symlink_status(target));
    if (!error) fs::rename(staged_ / member, target, error);
    if (!error) {
      if (!replaced) moved.push_back(target);
      continue;
    }
    const std::error_code reason = error;
    for (const fs::path& path : moved) fs::remove(path, error);
    fail(target, reason);
  }
}

void FolderWriter::finish() {
  std::error_code error;
  if (existed_) {
    move_files();
    fs::remove_all(staged_, error);
  } else {
    fs::rename(staged_, path_, error);
    if (error) fail(path_, error);
  }
  staged_.clear();
}

}  // namespace romwright::images
