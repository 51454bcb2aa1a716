// SPDX-License-Identifier: GPL-2.0-or-later
// Where vendor files are found: directories of the user, then the cache; always by their SHA-512.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/manifests/recipe.h"

namespace romwright::vendor {

/// A file that a board needs.
struct WantedFile {
  std::string name;    ///< "me.bin"
  std::string recipe;  ///< "me-ivybridge"
  std::string sha512;  ///< lower-case digits
  std::optional<std::uint64_t> size;
  std::string missing;  ///< what to tell the user; may be empty
  friend bool operator==(const WantedFile&, const WantedFile&) = default;
};

/// `result` of `recipe`.
WantedFile wanted_file(const manifests::Recipe& recipe, const manifests::RecipeResult& result);

/// No vendor file that is inserted is larger.
inline constexpr std::uint64_t largest_vendor_file = 64U << 20;
/// What a directory is searched for: this many files, this many folders deep.
inline constexpr std::size_t most_searched_files = 20000;
inline constexpr int deepest_searched_folder = 8;

/// Finds files by their content. Each file of the directories is hashed at most once, and only when
/// its size fits. Symbolic links are followed to files within the same directory, no further.
/// Callable from several threads.
class VendorStore {
 public:
  /// `cache` holds files under their own hash, and need not exist.
  VendorStore(std::vector<std::filesystem::path> directories, std::filesystem::path cache);
  VendorStore(VendorStore&&) noexcept;
  VendorStore& operator=(VendorStore&&) noexcept;
  ~VendorStore();

  /// The content of `file`, whose hash is the wanted one. Throws VendorError "NAME (RECIPE): ..."
  /// where no file has it, the recipe's text as the hint, and beside it each file that has the name
  /// but not the content, and each directory that was not searched to its end. Throws UsageError
  /// for a directory that cannot be read.
  [[nodiscard]] Buffer load(const WantedFile& file) const;

 private:
  class Index;
  std::unique_ptr<Index> index_;
};

}  // namespace romwright::vendor
