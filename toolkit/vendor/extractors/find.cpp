// SPDX-License-Identifier: GPL-2.0-or-later
// find: chooses among the files there are, by name, GUID, hash or as a Management Engine.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/me_search.h"
#include "toolkit/vendor/dell/pfs_package.h"
#include "toolkit/vendor/file_pattern.h"
#include "toolkit/vendor/uefi_content.h"

namespace romwright::vendor {

namespace {

ExtractedFiles find_names(const ExtractedFiles& files, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    ExtractedFiles found;
    for (const ExtractedFile& file : files)
      if (path_matches(pattern, file.path)) found.push_back(file);
    if (!found.empty()) return found;
  }
  throw VendorError(fmt::format("find: no file is named {}", fmt::join(patterns, " or ")),
                    "there is " + list_paths(files));
}

ExtractedFiles find_hash(const ExtractedFiles& files, const std::string& hash) {
  for (const ExtractedFile& file : files)
    if (file.content.sha512() == hash) return {file};
  throw VendorError(fmt::format("find: no file has SHA-512 {}...", hash.substr(0, 16)),
                    "there is " + list_paths(files));
}

ExtractedFiles find_guid(const ExtractedFiles& files, const std::string& text) {
  const auto guid = images::UefiGuid::parse(text);
  ExtractedFiles found;
  for (const ExtractedFile& file : files) {
    const UefiContent image(file.content);
    if (const images::UefiNode* node = guid ? image.tree().file(*guid) : nullptr)
      found.push_back({fmt::format("{}/{}", file.path, to_string(*guid)), image.payload(*node)});
  }
  if (found.empty())
    throw VendorError(fmt::format("find: no UEFI file {}", text), "there is " + list_paths(files));
  return found;
}

/// Collects engines of one form, each content once.
class Engines {
 public:
  explicit Engines(images::MeForm form) : form_(form) {}

  /// Adds what `file` holds, or what the components hold where it is a Dell update package.
  void add(const ExtractedFile& file) {
    constexpr std::uint64_t largest = 128U << 20;  // of an image or a package; else it is a disk
    if (file.content.size() > largest) return;
    if (add_places(file)) return;
    try {
      const std::string stem = std::filesystem::path(file.path).stem().string();
      for (const PfsComponent& component : read_pfs_package(file.content, stem).components)
        add_places({fmt::format("{}/{}", file.path, component.path), component.content});
    } catch (const ImageError&) {
      // Another kind of file, or damaged: then it is passed over as any file without an engine.
    }
  }
  /// What is embedded in other files, such as Intel's tools, counts only where there is nothing
  /// else.
  ExtractedFiles take() { return std::move(found_.empty() ? embedded_ : found_); }

 private:
  bool add_places(const ExtractedFile& file) {
    bool any = false;
    for (const images::MePlace& place : images::find_me(file.content.bytes())) {
      if (place.form != form_) continue;
      any = true;
      const bool whole = place.range == Range{0, file.content.size()};
      add_once(place.embedded ? embedded_ : found_,
               {whole ? file.path : fmt::format("{}/me@{:#x}", file.path, place.range.offset),
                file.content.part(place.range, file.path)});
    }
    return any;
  }
  static void add_once(ExtractedFiles& files, ExtractedFile file) {
    const bool there = std::ranges::any_of(files, [&](const ExtractedFile& other) {
      return std::ranges::equal(other.content.bytes(), file.content.bytes());
    });
    if (!there) files.push_back(std::move(file));
  }

  images::MeForm form_;
  ExtractedFiles found_, embedded_;
};

ExtractedFiles of_form(const ExtractedFiles& files, images::MeForm form, const Workshop& workshop) {
  Engines engines(form);
  for (const ExtractedFile& file : files) {
    if (workshop.run.stop.stop_requested()) break;
    engines.add(file);
  }
  return engines.take();
}

ExtractedFiles find_me(const ExtractedFiles& files, const std::string& which,
                       const Workshop& workshop) {
  ExtractedFiles found;
  if (which != "update") found = of_form(files, images::MeForm::region, workshop);
  // An update is only half of what a board needs, so a region is better.
  if (which == "update" || (which == "any" && found.empty()))
    found = of_form(files, images::MeForm::update, workshop);
  if (found.empty())
    throw VendorError(fmt::format("find: no Management Engine {}",
                                  which == "any" ? "firmware" : which + " image"),
                      "there is " + list_paths(files));
  return found;
}

ExtractedFiles find(const ExtractedFiles& files, const nlohmann::json& parameters,
                    Workshop& workshop) {
  if (parameters.contains("name"))
    return find_names(files, parameters["name"].get<std::vector<std::string>>());
  if (parameters.contains("sha512"))
    return find_hash(files, parameters["sha512"].get<std::string>());
  if (parameters.contains("guid")) return find_guid(files, parameters["guid"].get<std::string>());
  return find_me(files, parameters.at("intel-me").get<std::string>(), workshop);
}

}  // namespace

extern const ExtractorEntry extractor_find{"find", find};

}  // namespace romwright::vendor
