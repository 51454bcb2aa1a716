// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor check: which addresses of the recipes are dead, and what the others give.
#include <algorithm>

#include <fmt/format.h>

#include "toolkit/cli/vendor/selection.h"
#include "toolkit/cli/vendor/subcommands.h"
#include "toolkit/vendor/address_check.h"

namespace romwright::cli {
namespace {

using Recipes = std::vector<std::shared_ptr<const manifests::Recipe>>;

struct Options {
  VendorSelection selection;
  void declare(Arguments& command) { selection.declare(command); }
};

/// Each recipe of `files` once, those with a download.
Recipes recipes_of(const std::vector<pipeline::NeededFile>& files) {
  Recipes recipes;
  for (const auto& [file, boards] : files) {
    const bool known = std::ranges::any_of(
        recipes, [&](const auto& recipe) { return recipe->name == file.recipe; });
    if (!known && file.source->download) recipes.push_back(file.source);
  }
  std::ranges::sort(recipes, {}, [](const auto& recipe) { return recipe->name; });
  return recipes;
}

/// What a size on the server tells against the pinned one; empty where it fits or is not known.
std::string problem_of(const vendor::AddressState& state, const manifests::Download& download) {
  if (!state.alive) return state.problem;
  if (state.size && download.size && *state.size != *download.size)
    return fmt::format("{} instead of {}", human_size(*state.size), human_size(*download.size));
  return {};
}

void check(const Options& options, Session& session) {
  const Recipes recipes = recipes_of(options.selection.files());
  std::vector<std::string> urls;
  for (const auto& recipe : recipes)
    urls.insert(urls.end(), recipe->download->urls.begin(), recipe->download->urls.end());
  Run run = session.run();
  const std::vector<vendor::AddressState> states = vendor::check_addresses(urls, {}, run);
  auto state = states.begin();
  Json all = Json::array();
  std::vector<VendorError> errors;
  std::size_t dead = 0;
  for (const auto& recipe : recipes) {
    Json addresses = Json::array();
    bool alive = false;
    for (std::size_t i = 0; i < recipe->download->urls.size(); ++i, ++state) {
      const std::string problem = problem_of(*state, *recipe->download);
      alive = alive || problem.empty();
      if (!problem.empty()) ++dead;
      session.terminal.print(fmt::format("{}: {} {}{}", recipe->name,
                                         problem.empty() ? "alive" : "dead ", state->url,
                                         problem.empty() ? "" : ": " + problem));
      addresses.push_back({{"url", state->url},
                           {"alive", problem.empty()},
                           {"problem", problem.empty() ? Json(nullptr) : Json(problem)},
                           {"size", state->size ? Json(*state->size) : Json(nullptr)}});
    }
    all.push_back({{"recipe", recipe->name}, {"alive", alive}, {"urls", addresses}});
    if (!alive)
      errors.emplace_back(fmt::format("{}: no address is alive", recipe->name), recipe->missing);
  }
  session.terminal.note(fmt::format("{} of {} addresses are dead", dead, urls.size()));
  session.terminal.print_json({{"recipes", all}});
  throw_all(errors);
}

}  // namespace

void declare_vendor_check(Arguments& command, Session& session) {
  on_command(command, session, check);
}

}  // namespace romwright::cli
