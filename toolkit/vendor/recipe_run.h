// SPDX-License-Identifier: GPL-2.0-or-later
// What one recipe gives, whatever it is had from: worked out once, when it is first needed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/error.h"
#include "toolkit/vendor/salvage.h"
#include "toolkit/vendor/user_files.h"

namespace romwright::vendor {

/// The last part of the first address of `download` that has one ("83rf46ww.exe"), else `name`.
[[nodiscard]] std::string package_name(const manifests::Download& download,
                                       const std::string& name);

/// The file of `files` that is the package of `recipe`, or nullptr. Those that are called as the
/// package is are hashed first.
[[nodiscard]] const UserFile* find_package(const manifests::Recipe& recipe, const UserFiles& files);

class RecipeRun {
 public:
  /// Returns the package as it lies in the cache or comes from the network: nothing where there is
  /// none. What it throws as VendorError becomes notes.
  using GetPackage = std::function<std::optional<Content>(const manifests::Download&)>;
  /// Is handed each result, once.
  using Keep = std::function<void(const ExtractedResult&)>;

  RecipeRun(std::shared_ptr<const manifests::Recipe> recipe, const UserFiles& files)
      : recipe_(std::move(recipe)), files_(files) {}

  /// The result with that hash, or nothing. The user's package and dumps are tried first, then the
  /// package of the cache, then the network, then whatever else the user has that can be opened.
  /// Throws VendorError where the package is at hand and does not give it.
  std::optional<Content> result(const std::string& sha512, const GetPackage& cached,
                                const GetPackage& download, const Keep& keep, Workshop& workshop);

  /// Why nothing came out: finished lines.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  void try_package(const Content& content, const std::string& shown, const Keep& keep,
                   Workshop& workshop);
  /// Its package, as `get` gives it.
  void try_had(const GetPackage& get, const Keep& keep, Workshop& workshop);
  void try_files(const Keep& keep, Workshop& workshop);
  void try_dumps(const Keep& keep, Workshop& workshop);
  void try_other_packages(const Keep& keep, Workshop& workshop);
  /// Whether all results are there now.
  bool take(Salvage found, const UserFile& file, const Keep& keep, const Workshop& workshop);
  void add(const ExtractedResult& result, const Keep& keep);
  [[nodiscard]] std::optional<Content> known(const std::string& sha512) const;

  std::shared_ptr<const manifests::Recipe> recipe_;
  const UserFiles& files_;
  mutable std::mutex mutex_;
  bool files_tried_ = false;
  bool cache_tried_ = false;
  bool network_tried_ = false;
  bool others_tried_ = false;
  bool package_tried_ = false;
  std::map<std::string, Content> results_;  ///< by hash
  std::optional<VendorError> failed_;       ///< of the package
  std::vector<std::string> notes_;
};

}  // namespace romwright::vendor
