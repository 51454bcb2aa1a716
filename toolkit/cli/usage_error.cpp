// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/usage_error.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/nearest.h"

namespace romwright::cli {

namespace {

using Words = std::vector<std::string>;

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

/// The program and the commands that were given, the innermost last.
std::vector<const CLI::App*> used_commands(const CLI::App& program) {
  std::vector<const CLI::App*> used{&program};
  while (!used.back()->get_subcommands().empty())
    used.push_back(used.back()->get_subcommands().front());
  return used;
}

std::string path_of(const std::vector<const CLI::App*>& used) {
  Words names;
  for (const CLI::App* command : used) names.push_back(command->get_name());
  return fmt::format("{}", fmt::join(names, " "));
}

std::string nearest_of(const std::string& word, const Words& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  return nearest(word, names);
}

std::string see_help(const std::vector<const CLI::App*>& used) {
  return fmt::format("see '{} --help'", path_of(used));
}

std::string hint(const std::string& close, const std::vector<const CLI::App*>& used) {
  return close.empty() ? see_help(used) : fmt::format("did you mean '{}'?", close);
}

UsageError unknown_option(const std::string& word, const std::vector<const CLI::App*>& used) {
  const std::string name = word.substr(0, word.find('='));
  if (used.back()->get_option_no_throw(name) != nullptr)
    return UsageError(fmt::format("option '{}' stands before its command", name),
                      fmt::format("it belongs behind '{}'", path_of(used)));
  Words known;
  for (const CLI::App* command : used)
    for (const CLI::Option* option : command->get_options())
      for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
  // Any letter would be near to any other.
  const std::string close = name.starts_with("--") ? nearest_of(name, known) : std::string();
  return UsageError(fmt::format("unknown option '{}'", name), hint(close, used));
}

UsageError unknown_command(const std::string& word, const std::vector<const CLI::App*>& used) {
  Words known;
  for (const CLI::App* command : used.back()->get_subcommands({}))
    known.push_back(command->get_name());
  return UsageError(fmt::format("unknown command '{}'", word), hint(nearest_of(word, known), used));
}

}  // namespace

UsageError usage_error(const CLI::App& program, const CLI::ParseError& error) {
  const std::vector<const CLI::App*> used = used_commands(program);
  Words left;
  for (const CLI::App* command : used) {
    // What it passes on is no error.
    if (command->get_prefix_command()) continue;
    const Words of_command = command->remaining();
    left.insert(left.end(), of_command.begin(), of_command.end());
  }
  const bool lacks_command = used.back()->get_require_subcommand_min() > 0;
  if (lacks_command && !left.empty() && !is_option(left.front()))
    return unknown_command(left.front(), used);
  Words options;
  std::ranges::copy_if(left, std::back_inserter(options), is_option);
  if (!options.empty()) {
    UsageError unknown = unknown_option(options.front(), used);
    for (std::size_t i = 1; i < options.size(); ++i)
      unknown.also(unknown_option(options[i], used).line());
    return unknown;
  }
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError))
    return UsageError(fmt::format("too many arguments: {}", fmt::join(left, " ")), see_help(used));
  return UsageError(error.what(), see_help(used));
}

}  // namespace romwright::cli
