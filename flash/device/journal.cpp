// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/journal.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <future>
#include <iterator>
#include <system_error>
#include <tuple>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/read_file.h"
#include "flash/device/ranges.h"
#include "flash/device/record_tag.h"

namespace romwright::flash {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int version = 1;
constexpr std::chrono::seconds sync_interval{1};
constexpr std::string_view extension = ".journal";
constexpr std::uintmax_t largest = 64U << 20;

Json to_json(const std::vector<Range>& ranges) {
  Json all = Json::array();
  for (const Range& range : ranges) all.push_back({range.offset, range.size});
  return all;
}

Range to_range(const Json& json) {
  return {json.at(0).get<std::uint64_t>(), json.at(1).get<std::uint64_t>()};
}

std::vector<Range> to_ranges(const Json& json) {
  std::vector<Range> all;
  for (const Json& one : json) all.push_back(to_range(one));
  return all;
}

Json to_json(const JournalRecord& record) {
  return {{"romwright_journal", version},
          {"chip", record.chip},
          {"id", record.id},
          {"programmer", record.programmer},
          {"board", record.board},
          {"date", record.date},
          {"size", record.size},
          {"backup", {{"path", record.backup.path.string()}, {"sha512", record.backup.sha512}}},
          {"target", {{"path", record.target.path.string()}, {"sha512", record.target.sha512}}},
          {"image", record.image},
          {"allowed", to_json(record.allowed)},
          {"steps", to_json(record.steps)},
          {"erased_bytes", record.erased_bytes},
          {"programmed_bytes", record.programmed_bytes},
          {"conclusion", record.conclusion}};
}

JournalFile to_file(const Json& json) {
  return {json.at("path").get<std::string>(), json.at("sha512").get<std::string>()};
}

JournalRecord to_record(const Json& json) {
  if (json.at("romwright_journal").get<int>() != version)
    throw ImageError("is a journal of another version of romwright");
  JournalRecord record;
  record.chip = json.at("chip").get<std::string>();
  record.id = json.at("id").get<std::string>();
  record.programmer = json.at("programmer").get<std::string>();
  record.board = json.at("board").get<std::string>();
  record.date = json.at("date").get<std::string>();
  record.size = json.at("size").get<std::uint64_t>();
  record.backup = to_file(json.at("backup"));
  record.target = to_file(json.at("target"));
  record.image = json.at("image").get<std::string>();
  record.allowed = to_ranges(json.at("allowed"));
  record.steps = to_ranges(json.at("steps"));
  record.erased_bytes = json.at("erased_bytes").get<std::uint64_t>();
  record.programmed_bytes = json.at("programmed_bytes").get<std::uint64_t>();
  record.conclusion = json.value("conclusion", std::string());
  const Range whole{0, record.size};
  for (const Range& step : record.steps)
    if (!whole.contains(step)) throw ImageError(to_string(step) + " lies outside the chip");
  return record;
}

/// Without its extension.
std::string journal_name(const JournalRecord& record) {
  std::string name = record.date + "_" + record_tag(record.target.sha512, record.programmer);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == ':'; }, '-');
  return name;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Buffer load(const JournalFile& file) { return read_pinned(file.path, file.sha512); }

std::vector<Range> OpenJournal::suspect(ConstBytes current, ConstBytes before) const {
  std::vector<Range> found = again;
  for (std::size_t i = finished; i < record.steps.size(); ++i) {
    const Range step = record.steps[i];
    const ConstBytes now = slice(current, step, "content");
    const ConstBytes was = slice(before, step, "backup");
    if (i == finished || !std::equal(now.begin(), now.end(), was.begin())) found.push_back(step);
  }
  return join(found);
}

Journal Journal::begin(const fs::path& folder, JournalRecord record, ConstBytes target,
                       const std::function<JournalFile()>& backup, const fs::path& replaces) {
  for (const OpenJournal& open : list(folder))
    if (open.path != replaces && open.record.id == record.id &&
        open.record.programmer == record.programmer && open.record.size == record.size)
      throw RefusedError(fmt::format("{}: a write to this chip of {} was not finished",
                                     open.path.string(), open.record.date),
                         "finish it with `romwright resume`, or undo it with `romwright rollback`");
  // Two files of the chip's size are hashed and synced: both at once.
  std::future<void> copy = std::async(std::launch::async, [&] {
    record.target.sha512 = hex_digest(Hash::sha512, target);
    record.target.path = folder / (journal_name(record) + ".target");
    write_durable(record.target.path, target);
  });
  try {
    const JournalFile kept = backup();
    copy.get();
    record.backup = kept;
    const fs::path path = folder / (journal_name(record) + std::string(extension));
    write_durable(path, as_bytes(dump(to_json(record))));
    Journal journal(path, record.target);
    if (!replaces.empty()) {
      const fs::path old_target = load(replaces).record.target.path;
      if (replaces != path) remove_durable(replaces);
      if (old_target != record.target.path) remove_durable(old_target);
    }
    return journal;
  } catch (const Error&) {
    if (copy.valid()) copy.wait();
    if (!record.target.path.empty()) remove_durable(record.target.path);
    throw;
  }
}

void Journal::append(const std::string& line, bool sync) {
  file_.append(line);
  if (!sync) return;
  file_.sync();
  synced_ = std::chrono::steady_clock::now();
}

void Journal::progress(std::size_t finished) {
  append(dump({{"finished", finished}}),
         std::chrono::steady_clock::now() - synced_ >= sync_interval);
}

void Journal::rewriting(Range range) {
  append(dump({{"again", {range.offset, range.size}}}), true);
}

void Journal::finish() {
  remove_durable(path());
  remove_durable(target_.path);
}

void Journal::discard(const fs::path& path) {
  const fs::path target = load(path).record.target.path;
  remove_durable(path);
  remove_durable(target);
}

OpenJournal Journal::load(const fs::path& path) {
  std::istringstream lines(c_string(read_file(path, largest)));
  return within(path.string(), [&] {
    OpenJournal journal;
    journal.path = path;
    try {
      std::string line;
      std::getline(lines, line);
      journal.record = to_record(Json::parse(line));
      while (std::getline(lines, line)) {
        const Json json = Json::parse(line, nullptr, false);
        // A crash may have torn the last line.
        if (json.is_discarded()) break;
        if (json.contains("finished")) journal.finished = json["finished"].get<std::size_t>();
        if (json.contains("again")) journal.again.push_back(to_range(json["again"]));
      }
    } catch (const Json::exception&) {
      throw ImageError("is no journal of romwright");
    }
    return journal;
  });
}

std::vector<OpenJournal> Journal::list(const fs::path& folder, std::vector<std::string>* problems) {
  std::vector<OpenJournal> found;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code))
    if (at->path().extension() == extension) {
      try {
        found.push_back(load(at->path()));
      } catch (const Error& error) {
        if (problems != nullptr) problems->push_back(error.line());
      }
    }
  std::sort(found.begin(), found.end(), [](const OpenJournal& a, const OpenJournal& b) {
    return std::tie(b.record.date, b.path) < std::tie(a.record.date, a.path);
  });
  return found;
}

}  // namespace romwright::flash
