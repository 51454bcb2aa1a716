// SPDX-License-Identifier: GPL-2.0-or-later
// dell_pfs: the components of Dell update packages.
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/vendor/dell/pfs_package.h"
#include "toolkit/vendor/each_file.h"
#include "toolkit/vendor/file_pattern.h"

namespace romwright::vendor {

namespace {

struct Wanted {
  std::string section;    // "Firmware"
  std::string component;  // a pattern; empty: all
};

ExtractedFiles components_of(const ExtractedFile& file, const Wanted& wanted, Workshop& workshop) {
  const std::string stem = std::filesystem::path(file.path).stem().string();
  const PfsPackage package = read_pfs_package(file.content, stem, {.depth = workshop.limits.depth});
  for (const std::string& warning : package.warnings)
    workshop.run.events.warning(fmt::format("{}: {}", file.path, warning));
  ExtractedFiles found;
  std::set<std::string> names;
  for (const PfsComponent& component : package.components) {
    if (component.section != wanted.section) continue;
    names.insert(component.name);
    if (wanted.component.empty() || name_matches(wanted.component, component.name))
      found.push_back({fmt::format("{}/{}", file.path, component.path), component.content});
  }
  if (found.empty())
    throw ImageError(wanted.component.empty()
                         ? fmt::format("has no section {}", wanted.section)
                         : fmt::format("has no component {}", wanted.component),
                     names.empty() ? "" : fmt::format("there is {}", fmt::join(names, ", ")));
  return found;
}

ExtractedFiles dell_pfs(const ExtractedFiles& files, const nlohmann::json& parameters,
                        Workshop& workshop) {
  const Wanted wanted{
      parameters.value("section", "firmware") == "utilities" ? "Utilities" : "Firmware",
      parameters.value("component", "")};
  return from_each_file(files, workshop, "dell_pfs: there is no file",
                        [&](const ExtractedFile& file, ExtractedFiles& found) {
                          for (ExtractedFile& component : components_of(file, wanted, workshop))
                            found.push_back(std::move(component));
                        });
}

}  // namespace

extern const ExtractorEntry extractor_dell_pfs{"dell_pfs", dell_pfs};

}  // namespace romwright::vendor
