// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/recipe_run.h"

#include <algorithm>

#include <fmt/format.h>

namespace romwright::vendor {

std::string package_name(const manifests::Download& download, const std::string& name) {
  for (const std::string& url : download.urls) {
    const std::string path = url.substr(0, url.find_first_of("?#"));
    const std::string last = path.substr(path.rfind('/') + 1);
    if (!last.empty() && last != "." && last != "..") return last;
  }
  return name;
}

const UserFile* find_package(const manifests::Recipe& recipe, const UserFiles& files) {
  if (!recipe.download) return nullptr;
  const std::string name = package_name(*recipe.download, recipe.name);
  for (const bool named : {true, false})
    for (const UserFile& file : files.all()) {
      if ((file.name() == name) != named) continue;
      if (recipe.download->size && file.size() != *recipe.download->size) continue;
      if (file.hash() == recipe.download->sha512) return &file;
    }
  return nullptr;
}

std::optional<Content> RecipeRun::known(const std::string& sha512) const {
  const auto at = results_.find(sha512);
  return at == results_.end() ? std::nullopt : std::optional(at->second);
}

void RecipeRun::add(const ExtractedResult& result, const Keep& keep) {
  if (results_.emplace(result.result.sha512, result.content).second) keep(result);
}

void RecipeRun::try_package(const Content& content, const std::string& shown, const Keep& keep,
                            Workshop& workshop) {
  package_tried_ = true;
  workshop.run.events.detail(fmt::format("{}: unpacking {}", recipe_->name, shown));
  const std::string name = package_name(*recipe_->download, recipe_->name);
  const auto fail = [&](const Error& error) {
    failed_.emplace(fmt::format("{}: {}", shown, error.what()), error.hint());
    for (const std::string& other : error.others()) failed_->also(other);
  };
  try {
    for (const ExtractedResult& result : extract_results(*recipe_, {name, content}, workshop))
      add(result, keep);
  } catch (const VendorError& error) {
    fail(error);
  } catch (const ImageError& error) {
    fail(error);
  }
}

bool RecipeRun::take(Salvage found, const UserFile& file, const Keep& keep,
                     const Workshop& workshop) {
  for (const ExtractedResult& result : found.results) {
    workshop.run.events.note(
        fmt::format("{} ({}): taken out of {}", result.result.name, recipe_->name, file.shown()));
    add(result, keep);
  }
  if (results_.size() == recipe_->results.size()) return true;
  std::ranges::move(found.notes, std::back_inserter(notes_));
  return false;
}

void RecipeRun::try_files(const Keep& keep, Workshop& workshop) {
  if (const UserFile* package = find_package(*recipe_, files_))
    if (const auto content = package->content())
      try_package(*content, package->shown(), keep, workshop);
  if (!package_tried_ || failed_) try_dumps(keep, workshop);
}

void RecipeRun::try_dumps(const Keep& keep, Workshop& workshop) {
  for (const UserFile& file : files_.all()) {
    if (!may_hold(*recipe_, file.shown(), file.size())) continue;
    const auto content = file.content();
    if (content &&
        take(salvage(*recipe_, {file.shown(), *content}, workshop), file, keep, workshop))
      return;
  }
}

void RecipeRun::try_other_packages(const Keep& keep, Workshop& workshop) {
  constexpr int most = 64;
  int tried = 0;
  for (const UserFile& file : files_.all()) {
    const auto content = file.content();
    if (!content || !may_be_package({file.shown(), *content})) continue;
    if (++tried > most) {
      notes_.push_back(
          fmt::format("only {} archives were opened: {} and more were not", most, file.shown()));
      return;
    }
    if (take(salvage_package(*recipe_, {file.shown(), *content}, workshop), file, keep, workshop))
      return;
  }
}

void RecipeRun::try_had(const GetPackage& get, const Keep& keep, Workshop& workshop) {
  if (package_tried_ || !recipe_->download) return;
  try {
    if (const auto package = get(*recipe_->download))
      try_package(*package, package_name(*recipe_->download, recipe_->name), keep, workshop);
  } catch (const VendorError& error) {
    if (error.others().empty()) notes_.push_back(error.line());
    std::ranges::copy(error.others(), std::back_inserter(notes_));
  }
}

std::optional<Content> RecipeRun::result(const std::string& sha512, const GetPackage& cached,
                                         const GetPackage& download, const Keep& keep,
                                         Workshop& workshop) {
  const std::scoped_lock lock(mutex_);
  const auto unless_known = [&](bool& tried, const auto& body) {
    if (tried || known(sha512)) return;
    body();
    tried = true;
  };
  unless_known(files_tried_, [&] { try_files(keep, workshop); });
  unless_known(cache_tried_, [&] { try_had(cached, keep, workshop); });
  unless_known(network_tried_, [&] { try_had(download, keep, workshop); });
  if (!failed_) unless_known(others_tried_, [&] { try_other_packages(keep, workshop); });
  if (auto content = known(sha512)) return content;
  if (failed_) throw *failed_;
  return std::nullopt;
}

std::vector<std::string> RecipeRun::notes() const {
  const std::scoped_lock lock(mutex_);
  return notes_;
}

}  // namespace romwright::vendor
