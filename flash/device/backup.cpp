// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/backup.h"

#include <algorithm>
#include <cctype>
#include <system_error>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/read_file.h"
#include "flash/device/durable_file.h"
#include "flash/device/record_tag.h"

namespace romwright::flash {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uintmax_t largest_json = 1U << 20;

/// Letters, digits and '.' of `text`, all else as '-'.
std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ? c : '-';
  return name;
}

Backup load(const fs::path& path) {
  const Buffer text = read_file(path, largest_json);
  const Json json = Json::parse(text.begin(), text.end());
  Backup backup;
  fs::path content = path;
  backup.content = content.replace_extension(".rom");
  backup.sha512 = json.at("sha512").get<std::string>();
  backup.size = json.at("size").get<std::uint64_t>();
  backup.facts = {json.at("chip").get<std::string>(), json.at("id").get<std::string>(),
                  json.at("programmer").get<std::string>(), json.at("board").get<std::string>(),
                  json.at("date").get<std::string>()};
  if (!fs::is_regular_file(backup.content))
    throw ImageError(fmt::format("{}: is missing", backup.content.string()));
  return backup;
}

}  // namespace

Backup BackupStore::keep(ConstBytes content, const BackupFacts& facts) const {
  Backup backup{{}, hex_digest(Hash::sha512, content), content.size(), facts};
  const std::string name = fmt::format("{}_{}_{}", file_name(facts.date), file_name(facts.chip),
                                       record_tag(backup.sha512, facts.programmer));
  backup.content = folder_ / (name + ".rom");
  const Json json = {{"sha512", backup.sha512},
                     {"size", backup.size},
                     {"chip", facts.chip},
                     {"id", facts.id},
                     {"programmer", facts.programmer},
                     {"board", facts.board},
                     {"date", facts.date}};
  // The content first: whoever finds the JSON file finds a whole backup.
  write_durable(backup.content, content);
  const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  write_durable(folder_ / (name + ".json"), as_bytes(text));
  return backup;
}

std::vector<Backup> BackupStore::list(std::vector<std::string>* problems) const {
  std::vector<Backup> found;
  std::error_code code;
  for (fs::directory_iterator at(folder_, code), end; !code && at != end; at.increment(code)) {
    const fs::path path = at->path();
    // A receipt, BACKUP.receipt.json, may lie beside the record.
    if (path.extension() != ".json" || path.stem().extension() == ".receipt") continue;
    std::string problem;
    try {
      found.push_back(load(path));
    } catch (const Json::exception&) {
      problem = fmt::format("{}: is no record of a backup", path.string());
    } catch (const Error& error) {
      problem = error.line();
    }
    if (!problem.empty() && problems != nullptr) problems->push_back(std::move(problem));
  }
  std::sort(found.begin(), found.end(), [](const Backup& a, const Backup& b) {
    return std::tie(b.facts.date, b.content) < std::tie(a.facts.date, a.content);
  });
  return found;
}

Buffer BackupStore::content(const Backup& backup) {
  return read_pinned(backup.content, backup.sha512);
}

}  // namespace romwright::flash
