// SPDX-License-Identifier: GPL-2.0-or-later
// What the user sets once: the programmer at hand, and where things lie.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "toolkit/manifests/yaml_reader.h"

namespace romwright::manifests {

/// Empty where the file says nothing. Paths are absolute, or relative where `file` is.
struct Configuration {
  std::vector<std::string> programmers;
  std::vector<std::string> chips;
  std::vector<std::string> manifests;
  std::vector<std::string> vendor_directories;
  std::string backups;
  std::string log;
};

/// The configuration of a document. `~/` stands for `home`; other relative paths begin at the
/// file's directory. Throws ManifestError with every problem that the schema refuses, and for `~/`
/// where `home` is empty.
Configuration parse_configuration(const YamlDocument& document, const std::filesystem::path& home);

/// Reads a configuration file. Throws as read_yaml and parse_configuration.
Configuration load_configuration(const std::filesystem::path& path,
                                 const std::filesystem::path& home,
                                 const std::stop_token& stop = {});

}  // namespace romwright::manifests
