// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/extraction.h"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

/// How many files of a wrong content are described.
constexpr std::size_t most_described = 20;

}  // namespace

ExtractedFiles run_step(const manifests::ExtractStep& step, const ExtractedFiles& files,
                        Workshop& workshop) {
  const std::string place =
      fmt::format("{}:{}: {}", step.mark.file, step.mark.line, step.extractor);
  if (workshop.run.stop.stop_requested())
    throw InterruptedError(SIGINT, fmt::format("{}: stopped", place));
  return within(place, [&] {
    const ExtractorEntry* entry = find_entry(extractors(), step.extractor);
    if (entry == nullptr) throw VendorError("this program has no such extractor");
    return entry->extract(files, step.parameters, workshop);
  });
}

std::vector<ExtractedResult> extract_results(const manifests::Recipe& recipe,
                                             const ExtractedFile& package, Workshop& workshop) {
  ExtractedFiles files = {package};
  for (const manifests::ExtractStep& step : recipe.extract) files = run_step(step, files, workshop);
  std::vector<std::string> hashes;
  for (const ExtractedFile& file : files) hashes.push_back(file.content.sha512());
  std::vector<ExtractedResult> results;
  std::vector<VendorError> errors;
  for (const manifests::RecipeResult& result : recipe.results) {
    const auto at = std::ranges::find(hashes, result.sha512);
    if (at == hashes.end()) {
      errors.emplace_back(
          fmt::format("{}: {}: did not come out of {} as it is pinned, with SHA-512 {}...",
                      recipe.name, result.name, package.path, result.sha512.substr(0, 16)),
          "it is another version of the package, or of the firmware in it");
      continue;
    }
    const Content& content = files[static_cast<std::size_t>(at - hashes.begin())].content;
    if (result.size && content.size() != *result.size)
      errors.emplace_back(fmt::format("{}: {}: the pinned file has {}, and its recipe says {}",
                                      recipe.name, result.name, human_size(content.size()),
                                      human_size(*result.size)));
    else
      results.push_back({result, content});
  }
  if (!errors.empty())
    for (std::size_t i = 0; i < std::min(files.size(), most_described); ++i)
      errors.front().also(fmt::format("{}: what came out: {}, SHA-512 {}", files[i].path,
                                      human_size(files[i].content.size()), hashes[i]));
  throw_all(errors);
  return results;
}

}  // namespace romwright::vendor
