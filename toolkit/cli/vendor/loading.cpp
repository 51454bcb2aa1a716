// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/vendor/loading.h"

#include <fmt/format.h>

namespace romwright::cli {

LoadedFiles load_each(const std::vector<pipeline::NeededFile>& files,
                      const vendor::VendorStore& store, Session& session,
                      const std::function<void(const vendor::WantedFile&, Buffer)>& take) {
  LoadedFiles loaded;
  Run run = session.run();
  for (const pipeline::NeededFile& needed : files) {
    Json entry = to_json(needed);
    entry["at_hand"] = false;
    try {
      Buffer content = store.load(needed.file, run);
      entry["at_hand"] = true;
      entry["size"] = content.size();
      entry["error"] = nullptr;
      session.terminal.print(
          fmt::format("{}: {}", title_of(needed.file), human_size(content.size())));
      take(needed.file, std::move(content));
    } catch (const VendorError& error) {
      session.terminal.print(fmt::format("{}: missing", title_of(needed.file)));
      entry["error"] = error.line();
      loaded.errors.push_back(error);
    }
    loaded.report.push_back(std::move(entry));
  }
  return loaded;
}

}  // namespace romwright::cli
