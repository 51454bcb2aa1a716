// SPDX-License-Identifier: GPL-2.0-or-later
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "packaging/pages/completion.h"
#include "packaging/pages/shell_text.h"

namespace romwright::pages {

namespace {

std::string fish_quoted(std::string_view text) { return fmt::format("'{}'", escaped(text, "'\\")); }

/// What `complete` is told about a value.
std::string value_options(const std::string& value) {
  const std::string kind = value_kind(value);
  if (kind == "file") return "-r -F";
  return fmt::format("-x -a {}",
                     fish_quoted(fmt::format("(__romwright_value {})", fish_quoted(kind))));
}

std::string option_line(const Argument& option, const std::string& condition) {
  std::string text = "complete -c romwright" + condition;
  for (const std::string& name : option.names)
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.value.empty()) text += ' ' + value_options(option.value);
  if (!option.help.empty()) text += " -d " + fish_quoted(option.help);
  return text + '\n';
}

std::string positional_line(const Argument& positional, const std::string& condition) {
  const std::string kind = value_kind(positional.value);
  const std::string start = "complete -c romwright" + condition;
  if (kind == "file") return start + " -F\n";
  return fmt::format("{} -a {}\n", start,
                     fish_quoted(fmt::format("(__romwright_value {})", fish_quoted(kind))));
}

std::string command_lines(const Command& command) {
  const std::string at = typed(command);
  const std::string here = fmt::format(" -n \"__romwright_at '{}'\"", at);
  std::string text;
  for (const Command& below : command.commands)
    text += fmt::format("complete -c romwright{} -a {} -d {}\n", here, below.path.back(),
                        fish_quoted(below.help));
  for (const Argument& option : command.options) text += option_line(option, here);
  for (std::size_t i = 0; i < command.positionals.size(); ++i)
    text += positional_line(command.positionals[i],
                            fmt::format(" -n \"__romwright_at '{}' {}{}\"", at, i,
                                        command.positionals[i].repeated ? " more" : ""));
  return text;
}

}  // namespace

std::string fish_completion(const Command& program) {
  std::string tables = "function __romwright_commands\n  switch $argv[1]\n";
  std::set<std::string> valued;
  for (const Command* command : all_commands(program)) {
    std::vector<std::string> names;
    for (const Command& below : command->commands) names.push_back(below.path.back());
    if (!names.empty())
      tables += fmt::format("    case {}\n      printf '%s\\n' {}\n", fish_quoted(typed(*command)),
                            fmt::join(names, " "));
    for (const Argument& option : command->options)
      if (!option.value.empty())
        for (const std::string& name : option.names)
          valued.insert(fish_quoted(typed(*command) + ' ' + name));
  }
  tables += fmt::format("  end\nend\n\nset -g __romwright_valued \\\n  {}\n\n",
                        fmt::join(valued, " \\\n  "));
  tables += "function __romwright_parameters\n  switch $argv[1]\n    case ''\n      printf '%s\\n'";
  std::string parameters;
  for (const ProgrammerWords& programmer : programmer_words()) {
    tables += ' ' + fish_quoted(programmer.name + '\t' + programmer.title);
    if (programmer.parameters.empty()) continue;
    parameters += fmt::format("    case {}\n      printf '%s\\n'", programmer.name);
    for (const std::string& parameter : programmer.parameters)
      parameters += ' ' + fish_quoted(parameter);
    parameters += '\n';
  }
  tables += '\n' + parameters + "  end\nend\n\ncomplete -c romwright -f\n";
  // A command that reads its options itself takes its own only.
  std::string elsewhere;
  for (const Command& command : program.commands)
    if (!command.verbatim.empty())
      elsewhere += fmt::format("; and not __romwright_at '{}'", typed(command));
  const std::string common = fmt::format(" -n \"true{}\"", elsewhere);
  for (const Argument& option : common_options(program)) tables += option_line(option, common);
  Command rest = program;
  std::erase_if(rest.options, [](const Argument& option) {
    return option.names.back() != "--help" && option.names.back() != "--version";
  });
  for (const Command* command : all_commands(program))
    tables += command_lines(command == &program ? rest : *command);
  return with_tables(script_fish(), tables);
}

}  // namespace romwright::pages
