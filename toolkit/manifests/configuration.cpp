// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/configuration.h"

#include "toolkit/manifests/node_values.h"
#include "toolkit/manifests/schema_check.h"

namespace romwright::manifests {

namespace fs = std::filesystem;

namespace {

class Paths {
 public:
  Paths(const YamlDocument& document, fs::path home)
      : document_(document),
        folder_(fs::path(document.file).parent_path()),
        home_(std::move(home)) {}

  std::vector<std::string> all(std::string_view key) {
    std::vector<std::string> paths;
    for (const YamlNode* node : items_at(document_.root, key)) paths.push_back(path(*node));
    return paths;
  }
  std::string one(std::string_view key) {
    const YamlNode* node = document_.root.find(key);
    return node == nullptr ? std::string() : path(*node);
  }
  [[nodiscard]] const std::vector<ManifestError>& errors() const { return errors_; }

 private:
  std::string path(const YamlNode& node) {
    if (!node.text.starts_with("~/")) return (folder_ / node.text).lexically_normal().string();
    if (home_.empty())
      errors_.push_back(document_.error(node.place, "~/ stands for nothing: HOME is not set"));
    return (home_ / node.text.substr(2)).lexically_normal().string();
  }

  const YamlDocument& document_;
  fs::path folder_;
  fs::path home_;
  std::vector<ManifestError> errors_;
};

}  // namespace

Configuration parse_configuration(const YamlDocument& document, const fs::path& home) {
  // A file of comments only says nothing, which is allowed.
  if (document.root.kind == YamlNode::Kind::null) return {};
  throw_all(check_schema(document, configuration_schema()));
  Configuration configuration;
  Paths paths(document, home);
  configuration.programmers = texts_at(document.root, "programmer");
  configuration.chips = texts_at(document.root, "chip");
  configuration.manifests = paths.all("manifests");
  configuration.vendor_directories = paths.all("vendor_dirs");
  configuration.backups = paths.one("backups");
  configuration.log = paths.one("log");
  throw_all(paths.errors());
  return configuration;
}

Configuration load_configuration(const fs::path& path, const fs::path& home,
                                 const std::stop_token& stop) {
  return parse_configuration(read_yaml(path, stop), home);
}

}  // namespace romwright::manifests
