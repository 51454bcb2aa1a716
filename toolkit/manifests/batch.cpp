// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/batch.h"

#include <algorithm>
#include <bit>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "toolkit/manifests/node_values.h"
#include "toolkit/manifests/scalars.h"
#include "toolkit/manifests/schema_check.h"

namespace romwright::manifests {

namespace {

namespace fs = std::filesystem;

/// Collects what the schema cannot say.
class Reader {
 public:
  explicit Reader(const YamlDocument& document)
      : document_(document), folder_(fs::path(document.file).parent_path()) {}

  BatchPlan plan() {
    const YamlNode& root = document_.root;
    BatchPlan plan;
    plan.name = text_at(root, "batch");
    plan.output = path(text_at(root, "output"));
    if (text_at(root, "format") == "tarballs") plan.format = BatchFormat::tarballs;
    plan.seed = text_at(root, "seed");
    for (const std::string& text : texts_at(root, "manifests"))
      plan.manifests.push_back(path(text));
    for (const std::string& text : texts_at(root, "vendor_directories"))
      plan.vendor_directories.push_back(path(text));
    for (const YamlNode* node : items_at(root, "builds"))
      plan.builds.push_back(build(*node, !plan.seed.empty()));
    plan.file = document_.file;
    throw_all(errors_);
    return plan;
  }

 private:
  void report(const YamlNode& node, std::string what, std::string hint = {}) {
    if (errors_.size() < most_problems)
      errors_.push_back(document_.error(node.place, std::move(what), std::move(hint)));
  }

  /// What the plan names is found from its own folder.
  [[nodiscard]] fs::path path(const std::string& text) const {
    return (folder_ / text).lexically_normal();
  }

  BatchBuild build(const YamlNode& node, bool seeded) {
    BatchBuild build;
    build.board = text_at(node, "board");
    if (build.board.find('/') != std::string::npos || build.board.ends_with(".yaml"))
      build.board = path(build.board).string();
    if (build.board.find('/') == std::string::npos && build.board.ends_with(".yaml"))
      build.board = "./" + build.board;
    for (const std::string& text : texts_at(node, "releases"))
      build.releases.push_back(path(text).string());
    build.roms = texts_at(node, "roms");
    build.copies = size_at(node, "copies").value_or(1);
    build.suffix = text_at(node, "suffix");
    build.macs = macs(node, seeded);
    build.files = files(node);
    build.mark = document_.mark(node.place);
    build.line = document_.line(node.place.line);
    const YamlNode* board = node.find("board");
    build.board_mark = document_.mark(board->place);
    build.board_line = document_.line(board->place.line);
    return build;
  }

  std::vector<BatchMac> macs(const YamlNode& node, bool seeded) {
    std::vector<BatchMac> macs;
    for (const YamlNode* item : items_at(node, "mac")) {
      BatchMac mac{item->text, false, document_.mark(item->place),
                   document_.line(item->place.line)};
      mac.random = mac.policy == "random" || mac.policy.find_first_of("xX?") != std::string::npos;
      if (mac.random && !seeded)
        report(*item,
               fmt::format("mac: '{}' has random digits, and the plan has no seed", mac.policy),
               "write seed: and any text; the same seed gives the same MACs");
      if (std::ranges::any_of(macs, [&](const BatchMac& m) { return m.policy == mac.policy; }))
        report(*item, fmt::format("mac: '{}' is there twice", mac.policy),
               mac.random ? "say how many with copies:" : "");
      macs.push_back(std::move(mac));
    }
    if (macs.empty()) macs.push_back({"keep", false, document_.mark(node.place), {}});
    const YamlNode* copies = node.find("copies");
    if (copies != nullptr && std::ranges::none_of(macs, &BatchMac::random))
      report(*copies, "copies: no mac has random digits: they would be the same",
             "write mac: random, or a pattern such as 00:1f:16:xx:xx:xx");
    return macs;
  }

  std::vector<BatchFile> files(const YamlNode& node) {
    std::vector<BatchFile> files;
    std::set<std::string> names;
    for (const YamlNode* item : items_at(node, "files")) {
      BatchFile file;
      file.file = path(text_at(*item, "file"));
      file.cbfs = text_at(*item, "cbfs");
      if (!names.insert(file.cbfs).second)
        report(*item->find("cbfs"), fmt::format("files: '{}' is added twice", file.cbfs));
      file.type = type(item->find("type"));
      file.compression =
          item->find("compression") != nullptr ? text_at(*item, "compression") : "none";
      if (const auto address = size_at(*item, "address"))
        file.address = static_cast<std::uint32_t>(*address);
      if (const YamlNode* offset = item->find("offset")) file.offset = parse_offset(offset->text);
      if (const YamlNode* alignment = item->find("alignment")) {
        const std::uint64_t value = parse_size(alignment->text).value_or(0);
        if (!std::has_single_bit(value))
          report(*alignment,
                 fmt::format("files.alignment: {} is no power of two", alignment->text));
        file.alignment = static_cast<std::uint32_t>(value);
      }
      file.replace = flag_at(*item, "replace");
      files.push_back(std::move(file));
    }
    return files;
  }

  static std::string type(const YamlNode* node) {
    if (node == nullptr) return "raw";
    const auto number = parse_size(node->text);
    return number && !node->quoted ? fmt::format("{}", *number) : node->text;
  }

  const YamlDocument& document_;
  fs::path folder_;
  std::vector<ManifestError> errors_;
};

}  // namespace

BatchPlan parse_batch(const YamlDocument& document) {
  throw_all(check_schema(document, batch_schema()));
  return Reader(document).plan();
}

BatchPlan load_batch(const fs::path& path, const std::stop_token& stop) {
  return parse_batch(read_yaml(path, stop));
}

}  // namespace romwright::manifests
