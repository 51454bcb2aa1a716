// SPDX-License-Identifier: GPL-2.0-or-later
#include "packaging/pages/command_line.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/cli/flashprog/request.h"
#include "toolkit/cli/program.h"

namespace romwright::pages {

namespace {

Argument argument_of(const CLI::Option& option) {
  Argument argument;
  argument.help = option.get_description();
  argument.required = option.get_required();
  if (option.get_positional()) {
    argument.names = {option.get_name(true)};
    argument.value = argument.names.front();
    argument.repeated = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
    return argument;
  }
  for (const std::string& name : option.get_snames()) argument.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) argument.names.push_back("--" + name);
  if (option.get_type_size() != 0) argument.value = option.get_type_name();
  argument.preset = option.get_default_str();
  argument.repeated = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  for (const CLI::Option* other : option.get_excludes())
    argument.excludes.push_back(other->get_name());
  // The library keeps them by their addresses.
  std::ranges::sort(argument.excludes);
  return argument;
}

Command command_of(const CLI::App& app, const std::vector<std::string>& above) {
  Command command;
  command.path = above;
  command.path.push_back(app.get_name());
  command.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) {
    Argument argument = argument_of(*option);
    (option->get_positional() ? command.positionals : command.options)
        .push_back(std::move(argument));
  }
  if (app.get_prefix_command()) {
    command.verbatim = cli::flashprog::help_text();
    command.options = options_of_text(command.verbatim);
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; }))
    command.commands.push_back(command_of(*below, command.path));
  return command;
}

}  // namespace

std::string Command::page() const { return fmt::format("{}", fmt::join(path, "-")); }

Command command_line() {
  CLI::App app;
  cli::CommonOptions common;
  cli::Session session;
  cli::declare_program(app, common, session);
  return command_of(app, {});
}

std::vector<const Command*> all_commands(const Command& command) {
  std::vector<const Command*> all{&command};
  for (const Command& below : command.commands)
    for (const Command* each : all_commands(below)) all.push_back(each);
  return all;
}

std::vector<Argument> options_of_text(const std::string& text) {
  // "-r, --read FILE", with what stands behind two spaces or more as its help.
  const std::regex option(R"((?:(-\w), )?(--[a-z-]+)(?: ([A-Z]+)\S*)?(?:  +([^ -].*)$)?)");
  std::vector<Argument> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' ')) continue;
    for (std::sregex_iterator at(line.begin(), line.end(), option), end; at != end; ++at) {
      Argument argument;
      if ((*at)[1].matched) argument.names.push_back((*at)[1]);
      argument.names.push_back((*at)[2]);
      argument.value = (*at)[3];
      argument.help = (*at)[4];
      found.push_back(std::move(argument));
    }
  }
  return found;
}

}  // namespace romwright::pages
