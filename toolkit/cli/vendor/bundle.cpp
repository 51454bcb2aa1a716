// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor bundle: vendor files in one archive, for machines without a network.
#include "toolkit/vendor/bundle.h"

#include <fmt/format.h>

#include "toolkit/cli/vendor/loading.h"
#include "toolkit/cli/vendor/subcommands.h"
#include "toolkit/cli/vendor_options.h"

namespace romwright::cli {
namespace {

struct Options {
  VendorSelection selection;
  VendorOptions vendor;
  std::string output;
  bool partial = false;
  void declare(Arguments& command) {
    selection.declare(command);
    vendor.declare(command);
    command.required("-o,--output", output, "the bundle: .tar or .tar.xz", "FILE");
    command.flag("--partial", partial, "write it even where files are missing");
  }
};

void bundle(const Options& options, Session& session) {
  options.selection.require_any("bundle");
  vendor::require_bundle_name(options.output);
  const vendor::VendorStore store = options.vendor.store();
  std::vector<vendor::BundledFile> files;
  const LoadedFiles loaded =
      load_each(options.selection.files(), store, session,
                [&](const vendor::WantedFile& file, Buffer content) {
                  files.push_back({file.recipe, file.name, std::move(content)});
                });
  if (!options.partial) throw_all(loaded.errors);
  for (const VendorError& error : loaded.errors) session.terminal.warning(error.line());
  Run run = session.run();
  vendor::write_bundle(options.output, files, run);
  session.terminal.note(fmt::format("written to {}: {} of {} files; name it with --vendor-dir",
                                    options.output, files.size(), loaded.report.size()));
  session.terminal.print_json({{"output", options.output}, {"files", loaded.report}});
}

}  // namespace

void declare_vendor_bundle(Arguments& command, Session& session) {
  on_command(command, session, bundle);
}

}  // namespace romwright::cli
