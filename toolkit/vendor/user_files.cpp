// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/user_files.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/read_file.h"
#include "toolkit/images/archive_reader.h"
#include "toolkit/vendor/container_kind.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace fs = std::filesystem;

namespace {

struct Candidate {
  fs::path path;   ///< without links
  fs::path shown;  ///< as the user gave it
  std::uint64_t size = 0;
};

struct Listing {
  std::vector<Candidate> files;
  bool complete = true;
};

bool is_within(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

/// The regular files below `directory`, in the order of their paths.
Listing list_directory(const fs::path& directory) {
  std::error_code error;
  const fs::path root = fs::canonical(directory, error);
  fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, error);
  if (error)
    throw UsageError(fmt::format("{}: {}", directory.string(), error.message()),
                     "it should be a directory with vendor files, or a bundle of them");
  Listing listing;
  for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (error || listing.files.size() == most_searched_files) break;
    if (at.depth() >= deepest_searched_folder) at.disable_recursion_pending();
    std::error_code ignored;
    const fs::path real = fs::canonical(at->path(), ignored);
    if (at->is_symlink(ignored) && !is_within(real, root)) continue;
    if (!at->is_regular_file(ignored)) continue;
    const std::uint64_t size = at->file_size(ignored);
    if (ignored || size == 0 || size > largest_package) continue;
    // Messages show the path as the user gave it.
    listing.files.push_back({real, directory / at->path().lexically_relative(root), size});
  }
  listing.complete = at == fs::recursive_directory_iterator() && !error;
  std::ranges::sort(listing.files, {}, &Candidate::shown);
  return listing;
}

/// What could be inserted is read, so that it stays as it is; a package is mapped.
Content open_file(const fs::path& path, std::uint64_t size) {
  return size <= largest_vendor_file ? Content(read_file(path, largest_vendor_file))
                                     : map_file(path);
}

void add_file(const Candidate& file, std::deque<UserFile>& files) {
  files.emplace_back(file.shown.string(), file.size,
                     [path = file.path, size = file.size] { return open_file(path, size); });
}

/// Adds the members of a tar archive. What is only compressed is none, unless it is called one.
void add_members(const Candidate& file, std::deque<UserFile>& files) {
  const Content content = map_file(file.path);
  const ContainerKind kind = container_kind(content.bytes());
  if (kind != ContainerKind::tar && kind != ContainerKind::compressed) return;
  const std::size_t before = files.size();
  try {
    images::ArchiveReader reader(content.bytes(), file.shown.string());
    images::ArchiveReader::Member member;
    while (reader.next(member) && files.size() - before < most_searched_files) {
      if (member.type != images::ArchiveReader::Type::file || member.size == 0 ||
          member.size > largest_vendor_file)
        continue;
      ContentWriter writer(fs::temp_directory_path(), 1U << 20);
      writer.write(reader.content(largest_vendor_file));
      files.emplace_back((file.shown / member.path).string(), writer.size(),
                         [bytes = writer.finish()] { return bytes; });
    }
  } catch (const ImageError&) {
    if (file.shown.filename().string().find(".tar") != std::string::npos) throw;
    while (files.size() > before) files.pop_back();
  }
}

}  // namespace

std::string UserFile::name() const { return fs::path(shown_).filename().string(); }

const std::string& UserFile::hash() const {
  std::call_once(hashed_, [&] {
    if (const auto bytes = content()) hash_ = bytes->sha512();
  });
  return hash_;
}

std::optional<Content> UserFile::content() const {
  try {
    return open_();
  } catch (const ImageError&) {
    return std::nullopt;
  }
}

void UserFiles::search() const {
  std::deque<UserFile> files;
  std::vector<fs::path> incomplete;
  for (const fs::path& place : places_) {
    std::error_code ignored;
    if (fs::is_regular_file(place, ignored)) {
      const Candidate file{fs::canonical(place, ignored), place, fs::file_size(place, ignored)};
      add_members(file, files);
      add_file(file, files);
      continue;
    }
    const Listing listing = list_directory(place);
    for (const Candidate& file : listing.files) add_file(file, files);
    if (!listing.complete) incomplete.push_back(place);
  }
  files_ = std::move(files);
  incomplete_ = std::move(incomplete);
}

const std::deque<UserFile>& UserFiles::all() const {
  std::call_once(searched_, [&] { search(); });
  return files_;
}

const std::vector<fs::path>& UserFiles::incomplete() const {
  (void)all();
  return incomplete_;
}

}  // namespace romwright::vendor
