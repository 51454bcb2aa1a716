// SPDX-License-Identifier: GPL-2.0-or-later
// romwright batch: all images of a plan, from many releases, and none that is there already.
#include "toolkit/pipeline/batch/batch.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/cli/command.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/exit_status.h"
#include "toolkit/cli/options.h"
#include "toolkit/cli/vendor_options.h"

namespace romwright::cli {
namespace {

constexpr unsigned most_jobs = 256;

struct Options {
  std::string plan;
  std::string output;
  unsigned jobs = std::clamp(std::thread::hardware_concurrency(), 1U, most_jobs);
  std::string shard = "1/1";
  ManifestOptions manifests;
  VendorOptions vendor;
  bool rebuild = false;
  bool dry_run = false;
  void declare(Arguments& command) {
    command.required("PLAN", plan, "the plan, a YAML file");
    command.optional("-o,--output", output, "a folder, instead of the plan's", "DIR");
    command.number("-j,--jobs", jobs, 1, most_jobs, "images at once; otherwise as many as cores");
    command.with_default("--shard", shard, "the I-th of N parts of the plan", "I/N");
    manifests.declare(command);
    vendor.declare(command);
    command.flag("--rebuild", rebuild, "build also what is current");
    command.flag("--dry-run", dry_run, "tell what would be built and write nothing");
  }
};

/// A row: state, seconds, hash, MAC, image, what went in.
std::string row(const pipeline::ImageResult& result) {
  constexpr std::size_t digits = 16;
  const pipeline::ImageRecord& record = result.record;
  const bool built = result.state == pipeline::ImageState::built;
  std::string text =
      fmt::format("{:<7}  {:>6}  {:<16}  {:<17}  {}", pipeline::to_string(result.state),
                  built ? fmt::format("{:.2f} s", record.seconds) : "",
                  record.sha512.substr(0, digits), record.mac, record.image);
  std::vector<std::string> parts = record.inserted;
  for (const std::string& file : record.added) parts.push_back("CBFS " + file);
  if (!parts.empty()) text += fmt::format("  ({})", fmt::join(parts, ", "));
  return text;
}

/// One image that failed stands for all that failed alike.
class Failures {
 public:
  void add(const pipeline::ImageResult& result) {
    try {
      std::rethrow_exception(result.error);
    } catch (const Error& error) {
      const auto [place, is_new] = alike_.try_emplace(error.line());
      if (is_new) order_.push_back(error.line());
      place->second.push_back(result.record.image);
      for (const std::string& other : error.others())
        if (std::ranges::find(others_, other) == others_.end()) others_.push_back(other);
      statuses_.insert(exit_status(error));
    }
  }
  void tell(Terminal& terminal) const {
    for (const std::string& line : order_) {
      const std::vector<std::string>& images = alike_.at(line);
      const std::string more =
          images.size() > 1 ? fmt::format(" and {} more", images.size() - 1) : "";
      Error error(line);
      error.within(images.front() + more);
      if (&line == &order_.back())
        for (const std::string& other : others_) error.also(other);
      terminal.error(error);
    }
  }
  /// That of all failures, or the general one where they differ.
  [[nodiscard]] int status() const {
    return statuses_.size() == 1 ? *statuses_.begin() : exit_failed;
  }

 private:
  std::map<std::string, std::vector<std::string>> alike_;
  std::vector<std::string> order_;
  std::vector<std::string> others_;
  std::set<int> statuses_;
};

void batch(const Options& options, Session& session) {
  manifests::BatchPlan plan = manifests::load_batch(options.plan, session.stop.get_token());
  if (!options.output.empty()) plan.output = options.output;
  std::vector<std::string> places;
  for (const auto& folder : plan.manifests) places.push_back(folder.string());
  std::ranges::copy(options.manifests.directories, std::back_inserter(places));
  const manifests::Catalogue catalogue(manifest_directories(places));
  VendorOptions vendor = options.vendor;
  for (const auto& folder : plan.vendor_directories) vendor.places.push_back(folder.string());
  const pipeline::BatchOptions how{options.jobs, pipeline::parse_shard(options.shard),
                                   options.rebuild, options.dry_run};
  const pipeline::BatchSetup setup = pipeline::set_up_batch(plan, catalogue);
  const vendor::VendorStore store = vendor.store();
  Run run = session.run();
  const pipeline::BatchResults results = pipeline::run_batch(setup, how, store, run);
  Failures failures;
  for (const pipeline::ImageResult& result : results.images) {
    session.terminal.print(row(result));
    if (result.error) failures.add(result);
  }
  using pipeline::ImageState;
  session.terminal.print(
      options.dry_run
          ? fmt::format("{} to build, {} current, {} cannot be built",
                        results.count(ImageState::planned), results.count(ImageState::reused),
                        results.count(ImageState::failed))
          : fmt::format("{} built, {} reused, {} failed", results.count(ImageState::built),
                        results.count(ImageState::reused), results.count(ImageState::failed)));
  session.terminal.print_json(pipeline::to_json(results));
  failures.tell(session.terminal);
  if (results.count(ImageState::failed) != 0) session.status = failures.status();
}

void declare(Arguments& command, Session& session) { on_command(command, session, batch); }

}  // namespace

extern const CommandEntry command_batch{
    "batch", "builds all images of a plan, and none that is there already", declare};

}  // namespace romwright::cli
