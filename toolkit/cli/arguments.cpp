// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/arguments.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace romwright::cli {

void Arguments::optional(const std::string& names, std::string& into, const std::string& help,
                         const std::string& type) {
  app_.add_option(names, into, help)->type_name(type);
}

void Arguments::with_default(const std::string& names, std::string& into, const std::string& help,
                             const std::string& type) {
  app_.add_option(names, into, help)->type_name(type)->capture_default_str();
}

void Arguments::required(const std::string& names, std::string& into, const std::string& help,
                         const std::string& type) {
  app_.add_option(names, into, help)->type_name(type)->required();
}

void Arguments::required(const std::string& name, std::vector<std::string>& into,
                         const std::string& help) {
  app_.add_option(name, into, help)->type_name("")->required();
}

void Arguments::optional(const std::string& name, std::vector<std::string>& into,
                         const std::string& help) {
  app_.add_option(name, into, help)->type_name("");
}

void Arguments::repeated(const std::string& names, std::vector<std::string>& into,
                         const std::string& help, const std::string& type) {
  app_.add_option(names, into, help)
      ->type_name(type)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Arguments::configured_pair(
    std::vector<std::string>& first,
    std::vector<std::string> manifests::Configuration::*first_setting,
    std::vector<std::string>& second,
    std::vector<std::string> manifests::Configuration::*second_setting) {
  before_->push_back([&first, &second, &from = configuration_, first_setting, second_setting] {
    if (!first.empty()) return;
    first = from.*first_setting;
    if (second.empty()) second = from.*second_setting;
  });
}

void Arguments::configured_first(std::vector<std::string>& into,
                                 std::vector<std::string> manifests::Configuration::*setting) {
  before_->push_back([&into, &from = configuration_.*setting] {
    into.insert(into.begin(), from.begin(), from.end());
  });
}

void Arguments::flag(const std::string& names, bool& into, const std::string& help) {
  app_.add_flag(names, into, help);
}

void Arguments::number(const std::string& names, unsigned& into, unsigned least, unsigned most,
                       const std::string& help) {
  app_.add_option(names, into, help)
      ->check(CLI::Range(least, most).description(""))
      ->type_name(fmt::format("{}-{}", least, most));
}

void Arguments::one_of(const std::string& names, const std::vector<std::string>& words,
                       std::function<void(std::size_t)> chosen, const std::string& help) {
  app_.add_option_function<std::string>(
          names,
          [words, chosen = std::move(chosen)](const std::string& word) {
            const auto found = std::ranges::find(words, word);
            chosen(static_cast<std::size_t>(found - words.begin()));
          },
          help)
      ->check(CLI::IsMember(words).description(""))
      ->type_name(fmt::format("{}", fmt::join(words, "|")));
}

void Arguments::exclusive(std::initializer_list<std::string> names) {
  for (const auto* first = names.begin(); first != names.end(); ++first)
    for (const auto* second = first + 1; second != names.end(); ++second)
      app_.get_option(*first)->excludes(app_.get_option(*second));
}

void Arguments::everything(std::vector<std::string>& into) {
  app_.set_help_flag();
  app_.fallthrough(false);
  app_.prefix_command();
  app_.parse_complete_callback([this_app = &app_, &into] { into = this_app->remaining(); });
}

Arguments Arguments::subcommand(const std::string& name, const std::string& help) {
  app_.require_subcommand(1);
  CLI::App* below = app_.add_subcommand(name, help);
  below->fallthrough();
  Arguments arguments(*below, configuration_);
  arguments.before_ = before_;
  return arguments;
}

void Arguments::work(std::function<void()> work) {
  app_.callback([before = before_, work = std::move(work)] {
    for (const auto& step : *before) step();
    work();
  });
}

}  // namespace romwright::cli
