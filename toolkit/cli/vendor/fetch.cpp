// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor fetch: gets vendor files into the cache, and into a folder if one is named.
#include <filesystem>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "toolkit/cli/vendor/loading.h"
#include "toolkit/cli/vendor/subcommands.h"
#include "toolkit/cli/vendor_options.h"
#include "toolkit/vendor/bundle.h"

namespace romwright::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  VendorSelection selection;
  VendorOptions vendor;
  std::string output;
  void declare(Arguments& command) {
    selection.declare(command);
    vendor.declare(command);
    command.optional("-o,--output", output, "also write them to DIR/RECIPE/NAME", "DIR");
  }
};

/// Into the cache, where it matters less if the file is also written elsewhere.
void keep(const vendor::WantedFile& file, const Buffer& content, const Options& options,
          const vendor::VendorStore& store, Session& session) {
  try {
    store.keep(file, content);
  } catch (const Error& error) {
    if (options.output.empty()) throw;
    session.terminal.warning(fmt::format("not kept in the cache: {}", error.line()));
  }
}

void fetch(const Options& options, Session& session) {
  options.selection.require_any("fetch");
  const vendor::VendorStore store = options.vendor.store();
  const LoadedFiles loaded =
      load_each(options.selection.files(), store, session,
                [&](const vendor::WantedFile& file, Buffer content) {
                  keep(file, content, options, store, session);
                  if (options.output.empty()) return;
                  const fs::path path =
                      fs::path(options.output) / vendor::bundled_path(file.recipe, file.name);
                  fs::create_directories(path.parent_path());
                  write_whole(path, content);
                });
  if (!options.output.empty() && loaded.errors.size() < loaded.report.size())
    session.terminal.note(fmt::format("written to {}", options.output));
  session.terminal.print_json({{"files", loaded.report}});
  throw_all(loaded.errors);
}

}  // namespace

void declare_vendor_fetch(Arguments& command, Session& session) {
  on_command(command, session, fetch);
}

}  // namespace romwright::cli
