// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/store.h"

#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/vendor/private_folder.h"
#include "toolkit/vendor/recipe_run.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace fs = std::filesystem;

namespace {

/// How many things that are not the file are told of.
constexpr std::size_t most_notes = 20;

bool is_wanted(ConstBytes content, const WantedFile& file) {
  return hex_digest(Hash::sha512, content) == file.sha512;
}

Buffer copy_of(const Content& content) { return {content.bytes().begin(), content.bytes().end()}; }

/// Why a file of the right name is not the one.
std::string describe(const UserFile& candidate, const WantedFile& file) {
  const std::string& hash = candidate.hash();
  if (hash.empty()) return fmt::format("{}: cannot be read", candidate.shown());
  std::string size = human_size(candidate.size());
  if (file.size && *file.size != candidate.size())
    size += fmt::format(" instead of {}", human_size(*file.size));
  return fmt::format("{}: not the pinned file: {}, SHA-512 {}", candidate.shown(), size, hash);
}

}  // namespace

class VendorStore::Search {
 public:
  explicit Search(StoreOptions options)
      : files_(std::move(options.places)),
        cache_(std::move(options.cache)),
        fetch_(std::move(options.fetch)) {}

  Buffer load(const WantedFile& file, Run& run) {
    if (const auto found = find(file)) {
      // It may have changed since it was hashed.
      if (const auto content = found->content(); content && is_wanted(content->bytes(), file))
        return copy_of(*content);
    }
    if (const auto content = cached(file.sha512, run)) return copy_of(*content);
    if (file.source)
      if (const auto content = from_recipe(file, run)) return copy_of(*content);
    fail(file);
  }

  std::optional<FilePlace> locate(const WantedFile& file) {
    using Kind = FilePlace::Kind;
    if (const UserFile* found = find(file)) return FilePlace{Kind::file, found->shown()};
    if (const auto path = in_cache(file.sha512)) return FilePlace{Kind::cached, path->string()};
    if (!file.source || !file.source->download) return std::nullopt;
    if (const UserFile* package = find_package(*file.source, files_))
      return FilePlace{Kind::package, package->shown()};
    if (const auto path = in_cache(file.source->download->sha512))
      return FilePlace{Kind::cached_package, path->string()};
    return std::nullopt;
  }

  void keep(const WantedFile& file, ConstBytes content) const {
    if (cache_) cache_->add(content, file.sha512);
  }

 private:
  const UserFile* find(const WantedFile& file) {
    // Those of the right name first: most likely nothing else must be hashed.
    for (const bool named : {true, false})
      for (const UserFile& candidate : files_.all()) {
        if ((candidate.name() == file.name) != named) continue;
        if (candidate.size() > largest_vendor_file) continue;
        if (file.size && candidate.size() != *file.size) continue;
        if (candidate.hash() == file.sha512) return &candidate;
      }
    return nullptr;
  }

  [[nodiscard]] std::optional<fs::path> in_cache(const std::string& sha512) const {
    return cache_ ? cache_->find(sha512) : std::nullopt;
  }
  [[nodiscard]] std::optional<Content> cached(const std::string& sha512, Run& run) const {
    return cache_ ? cache_->load(sha512, run.events) : std::nullopt;
  }

  RecipeRun& run_of(const WantedFile& file) {
    const std::scoped_lock lock(mutex_);
    return recipes_.try_emplace(file.recipe, file.source, files_).first->second;
  }

  std::optional<Content> from_recipe(const WantedFile& file, Run& run) {
    const auto at_hand = [&](const manifests::Download& download) {
      return cached(download.sha512, run);
    };
    const auto fetch = [&](const manifests::Download& download) -> std::optional<Content> {
      return fetch_ ? std::optional(map_file(fetch_(download, run))) : std::nullopt;
    };
    const auto add = [&](const ExtractedResult& result) {
      try {
        keep(wanted_file(*file.source, result.result), result.content.bytes());
      } catch (const Error& error) {
        run.events.warning(fmt::format("not kept in the cache: {}", error.line()));
      }
    };
    return within(fmt::format("{} ({})", file.name, file.recipe), [&] {
      const PrivateFolder folder(roomy_folder(cache_ ? cache_->folder() : fs::path()));
      Workshop workshop{run, folder.path()};
      return run_of(file).result(file.sha512, at_hand, fetch, add, workshop);
    });
  }

  /// "DIR, the cache CACHE, nor at its address".
  [[nodiscard]] std::string searched(const WantedFile& file) const {
    std::vector<std::string> places;
    for (const fs::path& place : files_.places()) places.push_back(place.string());
    if (cache_) places.push_back(fmt::format("the cache {}", cache_->folder().string()));
    std::string text =
        places.empty() ? "any directory" : fmt::format("{}", fmt::join(places, ", "));
    if (!file.source || !file.source->download) return text;
    const std::size_t addresses = file.source->download->urls.size();
    if (!fetch_) return text + ", and nothing is downloaded";
    return text + (addresses == 1 ? ", nor at its address"
                                  : fmt::format(", nor at its {} addresses", addresses));
  }

  [[noreturn]] void fail(const WantedFile& file) {
    VendorError error(fmt::format("{} ({}): no file with SHA-512 {}... in {}", file.name,
                                  file.recipe, file.sha512.substr(0, 16), searched(file)),
                      file.missing.empty()
                          ? "put it into a directory and name that with --vendor-dir"
                          : file.missing);
    std::vector<std::string> notes;
    for (const UserFile& candidate : files_.all())
      if (candidate.name() == file.name) notes.push_back(describe(candidate, file));
    if (file.source)
      for (std::string& note : run_of(file).notes()) notes.push_back(std::move(note));
    for (std::size_t i = 0; i < notes.size() && i < most_notes; ++i) error.also(notes[i]);
    if (notes.size() > most_notes)
      error.also(fmt::format("and {} more files that are not it", notes.size() - most_notes));
    for (const fs::path& directory : files_.incomplete())
      error.also(fmt::format("{}: not searched to its end: more than {} files, or not readable",
                             directory.string(), most_searched_files));
    throw error;
  }

  UserFiles files_;
  std::optional<FileCache> cache_;
  FetchPackage fetch_;
  std::mutex mutex_;
  std::map<std::string, RecipeRun> recipes_;  ///< by name; guarded by the lock
};

WantedFile wanted_file(const manifests::Recipe& recipe, const manifests::RecipeResult& result) {
  return {result.name, recipe.name,    result.sha512,
          result.size, recipe.missing, std::make_shared<const manifests::Recipe>(recipe)};
}

VendorStore::VendorStore(StoreOptions options)
    : search_(std::make_unique<Search>(std::move(options))) {}
VendorStore::VendorStore(VendorStore&&) noexcept = default;
VendorStore& VendorStore::operator=(VendorStore&&) noexcept = default;
VendorStore::~VendorStore() = default;

Buffer VendorStore::load(const WantedFile& file, Run& run) const {
  return search_->load(file, run);
}

std::optional<FilePlace> VendorStore::locate(const WantedFile& file) const {
  return search_->locate(file);
}

void VendorStore::keep(const WantedFile& file, ConstBytes content) const {
  search_->keep(file, content);
}

}  // namespace romwright::vendor
