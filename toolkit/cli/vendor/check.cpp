// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor check: which addresses of the recipes are dead, and what the others give.
#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "toolkit/cli/vendor/selection.h"
#include "toolkit/cli/vendor/subcommands.h"
#include "toolkit/cli/vendor_options.h"
#include "toolkit/vendor/address_check.h"
#include "toolkit/vendor/full_check.h"
#include "toolkit/vendor/private_folder.h"

namespace romwright::cli {
namespace {

using RecipePointer = std::shared_ptr<const manifests::Recipe>;

struct Options {
  VendorSelection selection;
  bool full = false;
  void declare(Arguments& command) {
    selection.declare(command);
    command.flag("--full", full, "download from every address, compare, and run the recipe");
  }
};

/// What is known of one recipe.
struct Verdict {
  RecipePointer recipe;
  std::vector<vendor::UrlCheck> addresses;  ///< in the order of its URLs
  std::string problem;                      ///< of what came out; empty: none, or not tried
  std::vector<std::string> details;

  [[nodiscard]] bool alive() const {
    return std::ranges::any_of(addresses, &vendor::UrlCheck::alive);
  }
};

/// Each recipe of `files` once, those with a download, by name.
std::vector<Verdict> recipes_of(const std::vector<pipeline::NeededFile>& files) {
  std::vector<Verdict> verdicts;
  for (const pipeline::NeededFile& needed : files) {
    const vendor::WantedFile& file = needed.file;
    const bool known = std::ranges::any_of(
        verdicts, [&](const Verdict& verdict) { return verdict.recipe->name == file.recipe; });
    if (!known && file.source->download) verdicts.push_back({file.source, {}, {}, {}});
  }
  std::ranges::sort(verdicts, {}, [](const Verdict& verdict) { return verdict.recipe->name; });
  return verdicts;
}

/// Asks all addresses at once.
void ask(std::vector<Verdict>& verdicts, Run& run) {
  std::vector<vendor::AddressQuestion> questions;
  for (const Verdict& verdict : verdicts)
    for (const std::string& url : verdict.recipe->download->urls)
      questions.push_back({url, verdict.recipe->download->size});
  const std::vector<vendor::UrlCheck> answers = vendor::check_addresses(questions, {}, run);
  auto answer = answers.begin();
  for (Verdict& verdict : verdicts)
    for (std::size_t i = 0; i < verdict.recipe->download->urls.size(); ++i)
      verdict.addresses.push_back(*answer++);
}

/// Downloads from every address, and runs the recipe on what came.
void try_out(Verdict& verdict, Run& run) {
  const vendor::PrivateFolder folder(vendor::roomy_folder(vendor_cache().folder()));
  vendor::FullCheck full = vendor::check_in_full(*verdict.recipe, folder.path(), {}, run);
  verdict.addresses = std::move(full.addresses);
  verdict.problem = std::move(full.problem);
  verdict.details = std::move(full.details);
}

Json to_json(const Verdict& verdict) {
  Json urls = Json::array();
  for (std::size_t i = 0; i < verdict.addresses.size(); ++i) {
    const vendor::UrlCheck& address = verdict.addresses[i];
    urls.push_back({{"url", verdict.recipe->download->urls[i]},
                    {"alive", address.alive},
                    {"problem", address.alive ? Json(nullptr) : Json(address.problem)},
                    {"size", address.size ? Json(*address.size) : Json(nullptr)}});
  }
  return {{"recipe", verdict.recipe->name},
          {"alive", verdict.alive()},
          {"problem", verdict.problem.empty() ? Json(nullptr) : Json(verdict.problem)},
          {"urls", urls}};
}

/// Prints what there is to say, and appends what is wrong.
void tell(const Verdict& verdict, bool full, Session& session, std::vector<VendorError>& errors) {
  const std::string& name = verdict.recipe->name;
  for (std::size_t i = 0; i < verdict.addresses.size(); ++i) {
    const vendor::UrlCheck& address = verdict.addresses[i];
    session.terminal.print(fmt::format("{}: {} {}{}", name, address.alive ? "alive" : "dead ",
                                       verdict.recipe->download->urls[i],
                                       address.alive ? "" : ": " + address.problem));
  }
  if (!verdict.alive()) {
    errors.emplace_back(fmt::format("{}: no address is alive", name), verdict.recipe->missing);
  } else if (!verdict.problem.empty()) {
    errors.emplace_back(verdict.problem);
    for (const std::string& detail : verdict.details) errors.back().also(detail);
  } else if (full) {
    for (const manifests::RecipeResult& result : verdict.recipe->results)
      session.terminal.print(fmt::format("{}: {} comes out as pinned", name, result.name));
  }
}

void check(const Options& options, Session& session) {
  std::vector<Verdict> verdicts = recipes_of(options.selection.files());
  Run run = session.run();
  if (!options.full) ask(verdicts, run);
  Json all = Json::array();
  std::vector<VendorError> errors;
  std::size_t dead = 0, addresses = 0;
  for (Verdict& verdict : verdicts) {
    if (options.full) try_out(verdict, run);
    tell(verdict, options.full, session, errors);
    all.push_back(to_json(verdict));
    addresses += verdict.addresses.size();
    dead += static_cast<std::size_t>(
        std::ranges::count(verdict.addresses, false, &vendor::UrlCheck::alive));
  }
  session.terminal.note(fmt::format("dead addresses: {} of {}", dead, addresses));
  session.terminal.print_json({{"recipes", all}});
  throw_all(errors);
}

}  // namespace

void declare_vendor_check(Arguments& command, Session& session) {
  on_command(command, session, check);
}

}  // namespace romwright::cli
