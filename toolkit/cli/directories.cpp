// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/directories.h"

#include <cstdlib>

#include "flash/base/error.h"

namespace romwright::cli {

namespace fs = std::filesystem;

namespace {

fs::path xdg(const char* variable, const char* below_home) {
  // The specification has relative paths ignored.
  if (const char* set = std::getenv(variable); set != nullptr && fs::path(set).is_absolute())
    return fs::path(set) / "romwright";
  const fs::path home = home_directory();
  if (home.empty())
    throw Error("no place for the program's files: HOME is not set",
                std::string("set ") + variable);
  return home / below_home / "romwright";
}

}  // namespace

std::vector<fs::path> manifest_directories(const std::vector<std::string>& added) {
  std::vector<fs::path> found;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& place : {program / "../share/romwright", program / ".."}) {
    if (!fs::is_directory(place / "layouts", ignored)) continue;
    found.push_back(place.lexically_normal());
    break;
  }
  for (const std::string& place : added) {
    if (!fs::is_directory(place, ignored))
      throw UsageError("--manifests " + place + ": no such directory",
                       "it holds layouts/ and vendorfiles/");
    found.emplace_back(place);
  }
  return found;
}

fs::path home_directory() {
  const char* home = std::getenv("HOME");
  return home == nullptr || !fs::path(home).is_absolute() ? fs::path() : fs::path(home);
}

fs::path configuration_file() {
  const char* set = std::getenv("XDG_CONFIG_HOME");
  if (home_directory().empty() && (set == nullptr || !fs::path(set).is_absolute())) return {};
  return xdg("XDG_CONFIG_HOME", ".config") / "config.yaml";
}

fs::path backup_directory(const manifests::Configuration& configuration) {
  return configuration.backups.empty() ? state_directory() / "backups"
                                       : fs::path(configuration.backups);
}

fs::path state_directory() { return xdg("XDG_STATE_HOME", ".local/state"); }

fs::path cache_directory() { return xdg("XDG_CACHE_HOME", ".cache"); }

}  // namespace romwright::cli
