// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/read_file.h"

namespace romwright::vendor {

namespace fs = std::filesystem;

namespace {

struct Candidate {
  fs::path path;
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
                     "it should be a directory with vendor files");
  Listing listing;
  for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (error || listing.files.size() == most_searched_files) break;
    if (at.depth() >= deepest_searched_folder) at.disable_recursion_pending();
    std::error_code ignored;
    if (at->is_symlink(ignored) && !is_within(fs::canonical(at->path(), ignored), root)) continue;
    if (!at->is_regular_file(ignored)) continue;
    const std::uint64_t size = at->file_size(ignored);
    if (ignored || size == 0 || size > largest_vendor_file) continue;
    // Messages show the path as the user gave it.
    listing.files.push_back({directory / at->path().lexically_relative(root), size});
  }
  listing.complete = at == fs::recursive_directory_iterator() && !error;
  std::sort(listing.files.begin(), listing.files.end(),
            [](const Candidate& a, const Candidate& b) { return a.path < b.path; });
  return listing;
}

/// The content of `path`, or nothing where it cannot be read.
std::optional<Buffer> try_read(const fs::path& path) {
  try {
    return read_file(path, largest_vendor_file);
  } catch (const ImageError&) {
    return std::nullopt;
  }
}

std::string short_hash(const std::string& hash) { return hash.substr(0, 16) + "..."; }

}  // namespace

/// What is known of the directories; guarded by one lock.
class VendorStore::Index {
 public:
  Index(std::vector<fs::path> directories, fs::path cache)
      : directories_(std::move(directories)), cache_(std::move(cache)) {}

  Buffer load(const WantedFile& file) {
    const std::scoped_lock lock(mutex_);
    list();
    // Those of the right name first: most likely nothing else must be hashed.
    for (const bool named : {true, false})
      for (const Candidate& candidate : candidates_) {
        if ((candidate.path.filename() == file.name) != named) continue;
        if (file.size && candidate.size != *file.size) continue;
        if (hash_of(candidate) != file.sha512) continue;
        // It may have changed since it was hashed.
        if (auto content = try_read(candidate.path); content && is_wanted(*content, file))
          return std::move(*content);
      }
    const fs::path cached = cache_ / file.sha512;
    std::optional<Buffer> content;
    if (!cache_.empty()) content = try_read(cached);
    if (content && is_wanted(*content, file)) return std::move(*content);
    fail(file, content ? cached : fs::path());
  }

 private:
  void list() {
    if (listed_) return;
    for (const fs::path& directory : directories_) {
      Listing listing = list_directory(directory);
      std::move(listing.files.begin(), listing.files.end(), std::back_inserter(candidates_));
      if (!listing.complete) incomplete_.push_back(directory);
    }
    listed_ = true;
  }

  /// Empty for a file that cannot be read.
  const std::string& hash_of(const Candidate& candidate) {
    const auto at = hashes_.find(candidate.path);
    if (at != hashes_.end()) return at->second;
    const auto content = try_read(candidate.path);
    return hashes_[candidate.path] = content ? hex_digest(Hash::sha512, *content) : std::string();
  }

  static bool is_wanted(ConstBytes content, const WantedFile& file) {
    return hex_digest(Hash::sha512, content) == file.sha512;
  }

  [[noreturn]] void fail(const WantedFile& file, const fs::path& damaged) {
    std::vector<std::string> places;
    for (const fs::path& directory : directories_) places.push_back(directory.string());
    if (!cache_.empty()) places.push_back(fmt::format("the cache {}", cache_.string()));
    VendorError error(
        fmt::format("{} ({}): no file with SHA-512 {} in {}", file.name, file.recipe,
                    short_hash(file.sha512),
                    places.empty() ? "any directory" : fmt::format("{}", fmt::join(places, ", "))),
        file.missing.empty() ? "put it into a directory and name that with --vendor-dir"
                             : file.missing);
    for (const Candidate& candidate : candidates_)
      if (candidate.path.filename() == file.name) error.also(describe(candidate, file));
    if (!damaged.empty())
      error.also(fmt::format("{}: damaged, its content has another hash", damaged.string()));
    for (const fs::path& directory : incomplete_)
      error.also(fmt::format("{}: not searched to its end: more than {} files, or not readable",
                             directory.string(), most_searched_files));
    throw error;
  }

  /// Why a file of the right name is not the one.
  std::string describe(const Candidate& candidate, const WantedFile& file) {
    const std::string& hash = hash_of(candidate);
    if (hash.empty()) return fmt::format("{}: cannot be read", candidate.path.string());
    std::string size = human_size(candidate.size);
    if (file.size && *file.size != candidate.size)
      size += fmt::format(" instead of {}", human_size(*file.size));
    return fmt::format("{}: not the pinned file: {}, SHA-512 {}", candidate.path.string(), size,
                       hash);
  }

  std::mutex mutex_;
  std::vector<fs::path> directories_;
  fs::path cache_;
  bool listed_ = false;
  std::vector<Candidate> candidates_;
  std::vector<fs::path> incomplete_;
  std::map<fs::path, std::string> hashes_;
};

WantedFile wanted_file(const manifests::Recipe& recipe, const manifests::RecipeResult& result) {
  return {result.name, recipe.name, result.sha512, result.size, recipe.missing};
}

VendorStore::VendorStore(std::vector<fs::path> directories, fs::path cache)
    : index_(std::make_unique<Index>(std::move(directories), std::move(cache))) {}
VendorStore::VendorStore(VendorStore&&) noexcept = default;
VendorStore& VendorStore::operator=(VendorStore&&) noexcept = default;
VendorStore::~VendorStore() = default;

Buffer VendorStore::load(const WantedFile& file) const { return index_->load(file); }

}  // namespace romwright::vendor
