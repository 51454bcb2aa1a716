// SPDX-License-Identifier: GPL-2.0-or-later
#include "packaging/pages/man_page.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/version.h"
#include "toolkit/cli/exit_status.h"

namespace romwright::pages {

namespace {

struct Entry {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Entry, 5> files{{
    {"~/.config/romwright/config.yaml", "what is set once: programmer, directories, log"},
    {"~/.local/state/romwright/backups", "the backups and receipts of every write"},
    {"~/.local/state/romwright", "the journals of writes that were interrupted"},
    {"~/.cache/romwright/vendor", "vendor files, by their hash"},
    {"PREFIX/share/romwright",
     "the manifests of boards (layouts) and vendor files, where the program is in PREFIX/bin"},
}};

constexpr std::array<Entry, 4> environment{{
    {"XDG_CONFIG_HOME", "in place of ~/.config"},
    {"XDG_STATE_HOME", "in place of ~/.local/state"},
    {"XDG_CACHE_HOME", "in place of ~/.cache"},
    {"NO_COLOR", "set to anything: no colour, on terminals either"},
}};

std::string roff_word(std::string_view word) {
  const std::size_t start = word.find_first_not_of("(['\"");
  const bool exact = word.find('/') != std::string_view::npos ||
                     (start != std::string_view::npos && word[start] == '-');
  std::string out;
  for (const char c : word) switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += exact ? "\\-" : "-";
        break;
      case '~':
        out += "\\(ti";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '"':
        out += "\\(dq";
        break;
      default:
        out += c;
    }
  return out;
}

/// Every hyphen as it is typed.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : roff(text))
    if (c == '-' && (out.empty() || out.back() != '\\'))
      out += "\\-";
    else
      out += c;
  return out;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", literal(text)); }
std::string italic(std::string_view text) { return fmt::format("\\fI{}\\fR", literal(text)); }

std::string sentence(std::string text) {
  if (text.empty()) return text;
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (text.back() != '.') text += '.';
  return text;
}

/// full|written: the words as typed; FILE: a name for something.
std::string value_text(const std::string& value) {
  const bool words = std::ranges::any_of(value, [](unsigned char c) { return std::islower(c); });
  return words ? literal(value) : italic(value);
}

std::string tag(const Argument& argument) {
  std::vector<std::string> names;
  for (const std::string& name : argument.names)
    names.push_back(name.starts_with('-') ? bold(name) : italic(name));
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (argument.names.front().starts_with('-') && !argument.value.empty())
    text += ' ' + value_text(argument.value);
  return text;
}

std::string entry(const Argument& argument) {
  std::string text = fmt::format(".TP\n{}\n{}\n", tag(argument), roff(sentence(argument.help)));
  if (!argument.preset.empty()) text += fmt::format("Default: {}.\n", bold(argument.preset));
  if (argument.required && argument.names.front().starts_with('-'))
    text += "This option must be given.\n";
  if (!argument.excludes.empty()) {
    std::vector<std::string> others;
    for (const std::string& name : argument.excludes) others.push_back(bold(name));
    text += fmt::format("Not together with {}.\n", fmt::join(others, ", "));
  }
  return text;
}

std::string entries(std::string_view title, const std::vector<Argument>& arguments) {
  if (arguments.empty()) return {};
  std::string text = fmt::format(".SH {}\n", title);
  for (const Argument& argument : arguments) text += entry(argument);
  return text;
}

template <typename Entries>
std::string table(std::string_view title, const Entries& all) {
  std::string text = fmt::format(".SH {}\n", title);
  for (const auto& [name, meaning] : all)
    text += fmt::format(".TP\n{}\n{}\n", bold(name), roff(sentence(std::string(meaning))));
  return text;
}

std::string synopsis(const Command& command) {
  std::string text = ".SH SYNOPSIS\n" + bold(fmt::format("{}", fmt::join(command.path, " ")));
  for (const Argument& option : command.options)
    if (option.required)
      text += fmt::format(" {} {}", bold(option.names.back()), value_text(option.value));
  text += " [" + italic("OPTIONS") + "]";
  for (const Argument& positional : command.positionals) {
    const std::string name = italic(positional.value) + (positional.repeated ? " ..." : "");
    text += positional.required ? " " + name : " [" + name + "]";
  }
  if (!command.commands.empty()) text += ' ' + italic("COMMAND");
  return text + '\n';
}

std::string commands(const Command& command) {
  if (command.commands.empty()) return {};
  std::string text = ".SH COMMANDS\n";
  for (const Command& below : command.commands)
    text += fmt::format(".TP\n{}(1)\n{}\n", bold(below.page()), roff(sentence(below.help)));
  return text;
}

std::string verbatim(const Command& command) {
  if (command.verbatim.empty()) return {};
  std::string text = ".SH OPTIONS\n.nf\n";
  std::istringstream lines(command.verbatim);
  for (std::string line; std::getline(lines, line);) text += literal(line) + '\n';
  return text + ".fi\n";
}

std::string see_also(const Command& command, const Command& program) {
  std::vector<std::string> pages;
  if (command.path.size() > 2) pages.push_back(command.path[0] + "-" + command.path[1]);
  if (command.path.size() > 1) pages.push_back(program.page());
  for (const Command& below : command.commands) pages.push_back(below.page());
  std::ranges::sort(pages);
  std::string text = ".SH SEE ALSO\n";
  for (std::size_t i = 0; i < pages.size(); ++i)
    text += fmt::format("{}(1){}\n", bold(pages[i]), i + 1 < pages.size() ? "," : "");
  return text;
}

}  // namespace

std::string roff(std::string_view text) {
  std::string out;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    if (from > 0) out += ' ';
    out += roff_word(text.substr(from, to - from));
    from = to + 1;
  }
  if (out.starts_with('.')) out.insert(0, "\\&");
  return out;
}

std::string man_page(const Command& command, const Command& program) {
  std::string title = command.page();
  std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
  const bool whole = command.path.size() == 1;
  std::string text = fmt::format(".TH {} 1 \"\" \"romwright {}\" \"romwright\"\n", literal(title),
                                 romwright::version);
  text += fmt::format(".SH NAME\n{} \\- {}\n", literal(command.page()),
                      roff(whole ? "prepares ROM images and flashes them" : command.help));
  text += synopsis(command);
  text += fmt::format(".SH DESCRIPTION\n{}\n", roff(sentence(command.help)));
  if (!whole && command.verbatim.empty())
    text += fmt::format(
        ".PP\nThe options that every command takes, files and exit statuses are in\n"
        "{}(1).\n",
        bold(program.page()));
  text += commands(command);
  text += entries("ARGUMENTS", command.positionals);
  text += command.verbatim.empty() ? entries("OPTIONS", command.options) : verbatim(command);
  if (whole) {
    text += table("EXIT STATUS", cli::exit_status_meanings);
    text += table("FILES", files);
    text += table("ENVIRONMENT", environment);
  }
  return text + see_also(command, program);
}

}  // namespace romwright::pages
