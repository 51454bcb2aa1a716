// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/private_folder.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

std::filesystem::path roomy_folder(const std::filesystem::path& preferred) {
  std::error_code ignored;
  if (!preferred.empty()) std::filesystem::create_directories(preferred, ignored);
  return !preferred.empty() && ::access(preferred.c_str(), W_OK | X_OK) == 0
             ? preferred
             : std::filesystem::temp_directory_path();
}

PrivateFolder::PrivateFolder(const std::filesystem::path& parent) {
  std::string name = (parent / ".romwright-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error(fmt::format("{}: cannot make a folder: {}", parent.string(),
                            std::generic_category().message(errno)));
  path_ = name;
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace romwright::vendor
