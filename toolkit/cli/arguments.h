// SPDX-License-Identifier: GPL-2.0-or-later
// What a command takes, declared: the only way from the commands to the library that parses it.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/manifests/configuration.h"

namespace CLI {
class App;
}

namespace romwright::cli {

/// The arguments of one command. Names are "-o,--output" for an option, "INPUT" for a positional
/// argument; `type` is what help shows for the value of an option, and what shells complete. What
/// is declared on must outlive the parsing.
class Arguments {
 public:
  /// `configuration` is filled before any command's work begins, and outlives it.
  Arguments(CLI::App& app, const manifests::Configuration& configuration)
      : app_(app), configuration_(configuration) {}

  void optional(const std::string& names, std::string& into, const std::string& help,
                const std::string& type = {});
  /// Also shown with the value that it has when declared.
  void with_default(const std::string& names, std::string& into, const std::string& help,
                    const std::string& type);
  void required(const std::string& names, std::string& into, const std::string& help,
                const std::string& type = {});
  /// A positional argument that takes one word or more.
  void required(const std::string& name, std::vector<std::string>& into, const std::string& help);
  /// A positional argument that takes any number of words.
  void optional(const std::string& name, std::vector<std::string>& into, const std::string& help);
  /// An option that may be given several times, with one value each.
  void repeated(const std::string& names, std::vector<std::string>& into, const std::string& help,
                const std::string& type);
  /// Where the command line does not say `first`, both are what the configuration says.
  void configured_pair(std::vector<std::string>& first,
                       std::vector<std::string> manifests::Configuration::*first_setting,
                       std::vector<std::string>& second,
                       std::vector<std::string> manifests::Configuration::*second_setting);
  /// What the configuration says, in front of what the command line says.
  void configured_first(std::vector<std::string>& into,
                        std::vector<std::string> manifests::Configuration::*setting);
  void flag(const std::string& names, bool& into, const std::string& help);
  /// `least` to `most`, both included.
  void number(const std::string& names, unsigned& into, unsigned least, unsigned most,
              const std::string& help);
  /// One of a few words; `into` becomes the value beside it.
  template <typename Value>
  void choice(const std::string& names, Value& into,
              std::initializer_list<std::pair<std::string_view, Value>> values,
              const std::string& help) {
    std::vector<std::string> words;
    std::vector<Value> meanings;
    for (const auto& [word, meaning] : values) {
      words.emplace_back(word);
      meanings.push_back(meaning);
    }
    one_of(
        names, words, [&into, meanings](std::size_t index) { into = meanings[index]; }, help);
  }
  /// Of these options at most one may be given.
  void exclusive(std::initializer_list<std::string> names);

  /// All words behind the command's name, options included, are the command's own; `into` has them
  /// before its work begins.
  void everything(std::vector<std::string>& into);

  /// A command below this one; one of them must be named.
  Arguments subcommand(const std::string& name, const std::string& help);
  /// What is done when the command was named.
  void work(std::function<void()> work);

 private:
  void one_of(const std::string& names, const std::vector<std::string>& words,
              std::function<void(std::size_t)> chosen, const std::string& help);

  using Steps = std::vector<std::function<void()>>;

  CLI::App& app_;
  const manifests::Configuration& configuration_;
  std::shared_ptr<Steps> before_ = std::make_shared<Steps>();  ///< what is done before any work
};

}  // namespace romwright::cli
