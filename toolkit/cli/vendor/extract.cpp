// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor extract: one recipe on one file.
#include <filesystem>

#include <fmt/format.h>

#include "flash/base/output_file.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"
#include "toolkit/cli/vendor/subcommands.h"
#include "toolkit/cli/vendor_options.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/vendor/private_folder.h"
#include "toolkit/vendor/salvage.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string recipe;
  std::string file;
  std::string output;
  ManifestOptions manifests;
  void declare(Arguments& command) {
    command.required("RECIPE", recipe, "a vendor file's recipe");
    command.required("FILE", file, "its package, another one, or a dump of the chip");
    command.required("-o,--output", output, "where the files go", "DIR");
    manifests.declare(command);
  }
};

void extract(const Options& options, Session& session) {
  const manifests::Catalogue catalogue(manifest_directories(options.manifests.directories));
  const manifests::Recipe recipe = catalogue.recipe(options.recipe);
  std::error_code error;
  const fs::path path = fs::canonical(options.file, error);
  if (error) throw ImageError(fmt::format("{}: {}", options.file, error.message()));
  const vendor::Content content = vendor::map_file(path);
  Run run = session.run();
  const vendor::PrivateFolder folder(vendor::roomy_folder(vendor_cache().folder()));
  vendor::Workshop workshop{run, folder.path()};
  const std::vector<vendor::ExtractedResult> results =
      vendor::extract_from(recipe, {path.filename().string(), content}, workshop);
  fs::create_directories(options.output);
  Json all = Json::array();
  for (const vendor::ExtractedResult& result : results) {
    const fs::path target = fs::path(options.output) / result.result.name;
    write_whole(target, result.content.bytes());
    session.terminal.print(
        fmt::format("{}: {}, as pinned", target.string(), human_size(result.content.size())));
    all.push_back({{"name", result.result.name},
                   {"size", result.content.size()},
                   {"sha512", result.result.sha512},
                   {"path", target.string()}});
  }
  session.terminal.print_json({{"recipe", recipe.name}, {"file", options.file}, {"results", all}});
}

}  // namespace

void declare_vendor_extract(Arguments& command, Session& session) {
  on_command(command, session, extract);
}

}  // namespace romwright::cli
