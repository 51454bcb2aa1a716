// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/library_versions.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace romwright::manifests {

std::vector<LibraryVersion> library_versions() {
  // yaml-cpp tells its version to CMake only.
  return {{"yaml-cpp", ROMWRIGHT_YAML_VERSION},
          {"nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                        NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)}};
}

}  // namespace romwright::manifests
