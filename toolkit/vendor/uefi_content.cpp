// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/uefi_content.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "toolkit/vendor/file_pattern.h"

namespace romwright::vendor {

std::vector<images::UefiStep> uefi_steps(const nlohmann::json& path) {
  std::vector<images::UefiStep> steps;
  for (const nlohmann::json& step : path) {
    images::UefiStep& read = steps.emplace_back();
    if (step.contains("guid")) read.guid = images::UefiGuid::parse(step["guid"].get<std::string>());
    if (step.contains("section"))
      read.section = images::parse_uefi_section_kind(step["section"].get<std::string>());
    if (step.contains("index")) read.index = step["index"].get<std::uint32_t>();
  }
  return steps;
}

ExtractedFiles extract_uefi(const ExtractedFiles& files, std::span<const images::UefiStep> path,
                            std::string_view extractor) {
  std::vector<std::string> way;
  for (const images::UefiStep& step : path) way.push_back(to_string(step));
  ExtractedFiles found;
  bool any_volume = false;
  std::string damage;  // may be why nothing is found
  for (const ExtractedFile& file : files) {
    const UefiContent image(file.content);
    any_volume = any_volume || !image.tree().root().children.empty();
    if (damage.empty() && !image.tree().problems().empty()) {
      const Problem& problem = image.tree().problems().front();
      damage = fmt::format("{}: {}: {}", file.path, problem.where, problem.message);
    }
    if (const images::UefiNode* node = images::find_uefi_node(image.tree(), path))
      found.push_back({fmt::format("{}/{}", file.path, fmt::join(way, "/")), image.payload(*node)});
  }
  if (found.empty() && !any_volume)
    throw VendorError(
        fmt::format("{}: no UEFI firmware volume in {}", extractor, list_paths(files)));
  if (found.empty())
    throw VendorError(fmt::format("{}: no UEFI image has {}", extractor, fmt::join(way, "/")),
                      damage);
  return found;
}

}  // namespace romwright::vendor
