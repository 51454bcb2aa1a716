// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/release_writer.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "toolkit/images/folder_writer.h"
#include "toolkit/images/tarball_writer.h"

namespace romwright::images {

namespace {

namespace fs = std::filesystem;

class RomWriter final : public ReleaseWriter {
 public:
  explicit RomWriter(const fs::path& path) : file_(path) {}

  void put(std::string_view /*member*/, Buffer content) override { file_.write(content); }
  void finish() override { file_.commit(); }

 private:
  OutputFile file_;
};

/// A member's path must stay below the output, and be there once.
void check_members(std::vector<std::string>& members) {
  std::sort(members.begin(), members.end());
  if (std::adjacent_find(members.begin(), members.end()) != members.end())
    throw Error("a release would have two files of the same name");
  for (const std::string& member : members) {
    const fs::path path(member);
    if (member.empty() || path.is_absolute() || path.lexically_normal().string() != member ||
        *path.begin() == ".." || path.filename().empty())
      throw Error(fmt::format("'{}' is no path in a release", member));
  }
}

}  // namespace

ReleaseOutput output_of(const fs::path& path, bool single) {
  const std::string file = path.filename().string();
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) return ReleaseOutput::folder;
  if (fs::exists(status) && !fs::is_regular_file(status) && !file.ends_with(".tar.xz"))
    return single ? ReleaseOutput::rom : ReleaseOutput::tar_xz;
  if (file.ends_with(".tar.xz")) return ReleaseOutput::tar_xz;
  if (file.ends_with(".rom")) return ReleaseOutput::rom;
  constexpr std::array<std::string_view, 8> others = {".zip", ".tar", ".gz", ".zst",
                                                      ".bz2", ".xz",  ".7z", ".tgz"};
  for (const std::string_view suffix : others)
    if (file.ends_with(suffix))
      throw UsageError(fmt::format("{}: {} is not written", path.string(), suffix),
                       "name a .tar.xz, a .rom or a folder");
  if (fs::is_regular_file(status))
    throw UsageError(fmt::format("{}: is a file, and not named .tar.xz or .rom", path.string()),
                     "name a .tar.xz, a .rom or a folder");
  return ReleaseOutput::folder;
}

std::unique_ptr<ReleaseWriter> ReleaseWriter::create(const fs::path& path, ReleaseOutput output,
                                                     ReleaseContents contents,
                                                     std::stop_token stop) {
  check_members(contents.members);
  switch (output) {
    case ReleaseOutput::tar_xz:
      return std::make_unique<TarballWriter>(path, std::move(contents), std::move(stop));
    case ReleaseOutput::folder:
      return std::make_unique<FolderWriter>(path, std::move(contents), std::move(stop));
    case ReleaseOutput::rom:
      break;
  }
  if (contents.members.size() != 1)
    throw UsageError(
        fmt::format("{}: {} files do not go into one ROM", path.string(), contents.members.size()));
  return std::make_unique<RomWriter>(path);
}

}  // namespace romwright::images
