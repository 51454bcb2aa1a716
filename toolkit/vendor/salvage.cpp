// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/salvage.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/me.h"
#include "toolkit/vendor/container_kind.h"
#include "toolkit/vendor/file_pattern.h"
#include "toolkit/vendor/image_parts.h"

namespace romwright::vendor {

namespace {

using manifests::ExtractStep;
using manifests::Recipe;

/// Steps that open a package.
constexpr std::array<std::string_view, 3> opening = {"unpack", "dell_pfs", "chromeos_recovery"};
/// Steps that make something of any bytes: what comes out of another file than theirs tells
/// nothing.
constexpr std::array<std::string_view, 4> blind = {"pad", "patch", "carve", "external"};

bool is_any_of(const auto& names, const ExtractStep& step) {
  return std::ranges::find(names, step.extractor) != names.end();
}

bool finds(const ExtractStep& step, const char* what) {
  return step.extractor == "find" && step.parameters.contains(what);
}

/// Whether a step of `recipe` chooses files by a name that `path` has.
bool is_named(const Recipe& recipe, const std::string& path) {
  return std::ranges::any_of(recipe.extract, [&](const ExtractStep& step) {
    return finds(step, "name") &&
           std::ranges::any_of(step.parameters["name"], [&](const nlohmann::json& pattern) {
             return path_matches(pattern.get<std::string>(), path);
           });
  });
}

/// What is left of the recipe for a file that lies unpacked.
std::vector<ExtractStep> later_steps(const Recipe& recipe) {
  const auto& all = recipe.extract;
  const auto engine = std::ranges::find_if(all, [](auto& step) { return finds(step, "intel-me"); });
  std::vector<ExtractStep> steps;
  if (engine != all.end()) {
    steps.push_back(*engine);
    steps.front().parameters["intel-me"] = "any";
    std::copy(engine + 1, all.end(), std::back_inserter(steps));
    return steps;
  }
  for (const ExtractStep& step : all) {
    if (is_any_of(opening, step) || finds(step, "name"))
      steps.clear();
    else
      steps.push_back(step);
  }
  return steps;
}

/// "ME 8.1.40.1456 (5 MiB)", or nothing where it is no region.
std::string engine_text(const Content& content) {
  try {
    const images::MeView me(content.bytes());
    const std::string version =
        me.version() ? fmt::format(" {}", fmt::join(*me.version(), ".")) : "";
    return fmt::format("{}{} ({})", me.variant(), version, human_size(content.size()));
  } catch (const ImageError&) {
    return {};
  }
}

/// Collects pinned contents.
class Pinned {
 public:
  explicit Pinned(const Recipe& recipe) : recipe_(recipe) {}

  void add(const ExtractedFiles& files) {
    for (const ExtractedFile& file : files) {
      const std::string hash = file.content.sha512();
      for (const manifests::RecipeResult& result : recipe_.results)
        if (result.sha512 == hash && !has(result)) results_.push_back({result, file.content});
    }
  }
  [[nodiscard]] bool complete() const {
    return std::ranges::all_of(recipe_.results, [&](const auto& result) { return has(result); });
  }
  std::vector<ExtractedResult> take() { return std::move(results_); }

 private:
  [[nodiscard]] bool has(const manifests::RecipeResult& result) const {
    return std::ranges::any_of(
        results_, [&](const ExtractedResult& found) { return found.result.name == result.name; });
  }

  const Recipe& recipe_;
  std::vector<ExtractedResult> results_;
};

/// "another me.bin comes out of it: 4 KiB, SHA-512 ..."
std::string other_text(const Recipe& recipe, const ExtractedFile& file) {
  return fmt::format("gives another {}: {}, SHA-512 {}...", recipe.results.front().name,
                     human_size(file.content.size()), file.content.sha512().substr(0, 16));
}

/// Runs `steps` until all that is pinned has come out, and tells of what came out instead.
void run_steps(const Recipe& recipe, const std::vector<ExtractStep>& steps,
               const ExtractedFile& file, Pinned& pinned, std::vector<std::string>& notes,
               Workshop& workshop) {
  std::string engine;
  ExtractedFiles files = {file};
  try {
    for (const ExtractStep& step : steps) {
      if (pinned.complete()) break;
      // What is a region already needs not be made one.
      if (step.extractor == "me7_update" && !engine.empty()) continue;
      files = run_step(step, files, workshop);
      pinned.add(files);
      if (engine.empty() && !files.empty()) engine = engine_text(files.front().content);
    }
    if (!pinned.complete() && !steps.empty() && !files.empty())
      notes.push_back(fmt::format("{}: {}{}", file.path,
                                  engine.empty() ? "" : fmt::format("holds {}, ", engine),
                                  other_text(recipe, files.front())));
  } catch (const InterruptedError&) {
    throw;
  } catch (const VendorError& error) {
    // Without an engine it was no dump: nothing of the kind is in there.
    if (!engine.empty())
      notes.push_back(fmt::format("{}: holds {}, but {}", file.path, engine, error.line()));
  } catch (const ImageError& error) {
    if (!engine.empty())
      notes.push_back(fmt::format("{}: holds {}, but {}", file.path, engine, error.line()));
  }
}

}  // namespace

bool may_hold(const Recipe& recipe, const std::string& path, std::uint64_t size) {
  return size <= 64U << 20 && (has_image_size(size) || is_named(recipe, path));
}

Salvage salvage(const Recipe& recipe, const ExtractedFile& file, Workshop& workshop) {
  Salvage salvage;
  Pinned pinned(recipe);
  pinned.add({file});
  pinned.add(image_parts(file));
  std::vector<ExtractStep> steps = later_steps(recipe);
  if (!steps.empty() && is_any_of(blind, steps.front()) && !is_named(recipe, file.path))
    steps.clear();
  run_steps(recipe, steps, file, pinned, salvage.notes, workshop);
  salvage.results = pinned.take();
  return salvage;
}

bool may_be_package(const ExtractedFile& file) {
  constexpr std::uint64_t largest = 256U << 20;
  return file.content.size() <= largest &&
         container_kind(file.content.bytes()) != ContainerKind::none;
}

Salvage salvage_package(const Recipe& recipe, const ExtractedFile& file, Workshop& workshop) {
  Salvage salvage;
  Pinned pinned(recipe);
  run_steps(recipe, recipe.extract, file, pinned, salvage.notes, workshop);
  salvage.results = pinned.take();
  return salvage;
}

std::vector<ExtractedResult> extract_from(const manifests::Recipe& recipe,
                                          const ExtractedFile& file, Workshop& workshop) {
  const auto salvaged = [&](auto error) {
    Salvage found = salvage(recipe, file, workshop);
    if (found.results.size() == recipe.results.size()) return std::move(found.results);
    for (std::string& note : found.notes) error.also(std::move(note));
    throw error;
  };
  try {
    return extract_results(recipe, file, workshop);
  } catch (const VendorError& error) {
    return salvaged(error);
  } catch (const ImageError& error) {
    return salvaged(error);
  }
}

}  // namespace romwright::vendor
