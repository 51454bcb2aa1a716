// SPDX-License-Identifier: GPL-2.0-or-later
// Where vendor files are found, always by their SHA-512: what the user has, the cache, what comes
// out of a package or a dump, the network.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/event.h"
#include "toolkit/manifests/recipe.h"
#include "toolkit/vendor/file_cache.h"
#include "toolkit/vendor/user_files.h"

namespace romwright::vendor {

/// A file that a board needs.
struct WantedFile {
  std::string name;    ///< "me.bin"
  std::string recipe;  ///< "me-ivybridge"
  std::string sha512;  ///< lower-case digits
  std::optional<std::uint64_t> size;
  std::string missing;  ///< what to tell the user; may be empty
  /// How it is had; nullptr: only by its hash.
  std::shared_ptr<const manifests::Recipe> source;
};

/// `result` of `recipe`.
WantedFile wanted_file(const manifests::Recipe& recipe, const manifests::RecipeResult& result);

/// Gets a package and returns where it lies, its hash verified. Throws VendorError.
using FetchPackage = std::function<std::filesystem::path(const manifests::Download&, Run&)>;

struct StoreOptions {
  std::vector<std::filesystem::path> places;  ///< of the user: see UserFiles
  std::optional<FileCache> cache;
  FetchPackage fetch;  ///< empty: nothing is downloaded
};

/// Where a file is at hand.
struct FilePlace {
  enum class Kind {
    file,            ///< among the user's files
    cached,          ///< in the cache
    package,         ///< its package is among the user's files
    cached_package,  ///< its package is in the cache
  };
  Kind kind = Kind::file;
  std::string path;
};

/// Finds files by their content; callable from several threads. In order: a file of the user that
/// has the hash; the cache; a file of the user that is the recipe's package; a dump or a ROM of the
/// user that it comes out of (see salvage.h); the package in the cache; the network; any other
/// package that the user has. What comes out of a package goes to the cache, and a package is
/// opened once for all its files.
class VendorStore {
 public:
  explicit VendorStore(StoreOptions options);
  VendorStore(VendorStore&&) noexcept;
  VendorStore& operator=(VendorStore&&) noexcept;
  ~VendorStore();

  /// The content of `file`, whose hash is the wanted one. Throws VendorError "NAME (RECIPE): ..."
  /// where it is nowhere, the recipe's text as the hint, and beside it each file that has the name
  /// but not the content, what came out of dumps in its place, each address that failed, and each
  /// directory that was not searched to its end. Throws UsageError for a place that cannot be read,
  /// and InterruptedError.
  [[nodiscard]] Buffer load(const WantedFile& file, Run& run) const;

  /// Where `file` is at hand; nothing is extracted or downloaded.
  [[nodiscard]] std::optional<FilePlace> locate(const WantedFile& file) const;

  /// Puts `content`, the file `file`, into the cache, if there is one. Throws Error where it cannot
  /// be written.
  void keep(const WantedFile& file, ConstBytes content) const;

 private:
  class Search;
  std::unique_ptr<Search> search_;
};

}  // namespace romwright::vendor
