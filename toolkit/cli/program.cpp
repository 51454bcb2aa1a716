// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/program.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "flash/base/version.h"
#include "flash/host/library_versions.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/exit_status.h"
#include "toolkit/images/library_versions.h"
#include "toolkit/manifests/library_versions.h"
#include "toolkit/pipeline/library_versions.h"
#include "toolkit/vendor/library_versions.h"

namespace romwright::cli {

const std::string_view program_about =
    "Prepares Libreboot and coreboot images and flashes them: vendor files inserted and checked "
    "against the release's hashes, layout and size checked against the chip, backup, write, "
    "verify.";

namespace {

/// --config must be there; the user's own file may be.
void read_configuration(const CommonOptions& common, Session& session) {
  if (common.no_configuration) return;
  std::filesystem::path file = common.configuration;
  if (file.empty()) {
    file = configuration_file();
    std::error_code ignored;
    if (file.empty() || !std::filesystem::exists(file, ignored)) return;
  }
  session.configuration =
      manifests::load_configuration(file, home_directory(), session.stop.get_token());
  session.terminal.log("start", fmt::format("configuration: {}", file.string()));
}

void start_log(const std::string& file, Session& session) {
  if (file.empty() || session.terminal.logs()) return;
  session.terminal.log_to(file);
  session.terminal.log("start",
                       fmt::format("{} {}: {}", program_name, version, session.command_line));
}

void declare_common(CLI::App& app, CommonOptions& common, Session& session) {
  app.add_flag_callback(
      "--json", [&] { session.terminal.use_json(); }, "print one JSON object on standard output");
  app.add_flag_callback(
      "--quiet", [&] { session.terminal.use_quiet(); },
      "no notes and no progress, only results and errors");
  app.add_flag_callback(
      "-v,--verbose", [&] { session.terminal.use_verbose(); }, "say more");
  app.add_flag("--yes", session.yes, "ask nothing");
  app.add_option("--log", common.log, "write everything that happens to this file as well")
      ->type_name("FILE");
  CLI::Option* file =
      app.add_option("--config", common.configuration,
                     "the configuration, in place of the one in ~/.config/romwright")
          ->type_name("FILE");
  app.add_flag("--no-config", common.no_configuration, "read no configuration")->excludes(file);
}

}  // namespace

void open_log(const CommonOptions& common, Session& session) { start_log(common.log, session); }

void declare_program(CLI::App& app, CommonOptions& common, Session& session) {
  app.name(program_name);
  app.description(std::string(program_about));
  app.set_version_flag("--version", version_text);
  app.require_subcommand(1);
  declare_common(app, common, session);
  app.parse_complete_callback([&common, &session] {
    open_log(common, session);
    read_configuration(common, session);
    start_log(session.configuration.log, session);
  });
  for (const CommandEntry* entry : commands()) {
    CLI::App* command = app.add_subcommand(std::string(entry->name), std::string(entry->help));
    command->fallthrough();
    Arguments arguments(*command, session.configuration);
    entry->declare(arguments, session);
  }
  // Last, or every command would inherit it.
  std::string statuses = "Exit status:";
  for (const auto& [status, meaning] : exit_status_meanings)
    statuses += fmt::format("\n  {:<27} {}", status, meaning);
  app.footer(statuses);
}

std::string version_text() {
  std::vector<LibraryVersion> all;
  for (auto* list :
       {romwright::library_versions, flash::library_versions, images::library_versions,
        manifests::library_versions, vendor::library_versions, pipeline::library_versions})
    for (LibraryVersion& library : list()) all.push_back(std::move(library));
  all.push_back({"CLI11", CLI11_VERSION});
  std::ranges::sort(all, {}, [](const LibraryVersion& library) {
    std::string name = library.name;
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
  });
  std::string text = fmt::format("{} {}", program_name, version);
  for (const LibraryVersion& library : all)
    text += fmt::format("\n  {:<14} {}", library.name, library.version);
  return text;
}

}  // namespace romwright::cli
