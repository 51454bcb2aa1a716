// SPDX-License-Identifier: GPL-2.0-or-later
#include "packaging/pages/shell_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "flash/programmers/table.h"
#include "packaging/pages/completion.h"

namespace romwright::pages {

std::string with_tables(std::string_view script, std::string_view tables) {
  constexpr std::string_view mark = "# TABLES\n";
  const std::size_t at = script.find(mark);
  if (at == std::string_view::npos) throw Error("a script of completions has no line '# TABLES'");
  return fmt::format("{}{}{}", script.substr(0, at), tables, script.substr(at + mark.size()));
}

std::string escaped(std::string_view text, std::string_view characters, std::string_view escape) {
  std::string out;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) out += escape;
    out += c;
  }
  return out;
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string typed(const Command& command) {
  return fmt::format("{}", fmt::join(command.path, " "));
}

std::vector<Argument> common_options(const Command& program) {
  std::vector<Argument> options = program.options;
  std::erase_if(options, [](const Argument& option) {
    return option.names.back() == "--help" || option.names.back() == "--version";
  });
  return options;
}

std::vector<ProgrammerWords> programmer_words() {
  std::vector<ProgrammerWords> all;
  for (const flash::ProgrammerEntry* entry : flash::programmers()) {
    ProgrammerWords words{std::string(entry->name), std::string(entry->title), {}};
    for (const flash::ParameterHelp& parameter : entry->parameters)
      words.parameters.push_back(fmt::format(
          "{}={}", parameter.name,
          parameter.name == "chip" ? std::string("chip") : value_kind(parameter.values)));
    all.push_back(std::move(words));
  }
  return all;
}

std::string value_kind(std::string_view value) {
  const auto is_any = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, value) != names.end();
  };
  if (is_any({"FILE", "INPUT", "IMAGE", "OUTPUT", "OTHER", "PLACE", "PLAN"}) ||
      value.starts_with("/dev/") || value.starts_with("PATH"))
    return "file";
  if (value == "DIR") return "dir";
  if (value == "BOARD") return "board";
  if (value == "PROGRAMMER") return "programmer";
  if (value == "CHIP") return "chip";
  if (value == "RECIPE") return "recipe";
  if (value == "MAC") return "words:keep|random|chip";
  const bool is_word = !value.empty() && value.front() >= 'a' && value.front() <= 'z';
  if (is_word || value.find('|') != std::string_view::npos) return fmt::format("words:{}", value);
  return "none";
}

}  // namespace romwright::pages
