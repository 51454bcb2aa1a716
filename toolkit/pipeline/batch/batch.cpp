// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/batch.h"

#include <algorithm>
#include <csignal>
#include <future>
#include <malloc.h>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>

#include "flash/base/clock.h"
#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "toolkit/images/release_writer.h"
#include "toolkit/pipeline/batch/disk_pace.h"
#include "toolkit/pipeline/batch/image_builder.h"
#include "toolkit/pipeline/batch/output_record.h"
#include "toolkit/pipeline/batch/parallel.h"
#include "toolkit/pipeline/batch/release_scan.h"
#include "toolkit/pipeline/release_output.h"

namespace romwright::pipeline {

namespace {

namespace fs = std::filesystem;
using manifests::BatchFormat;

/// Together with the program itself, and the vendor files that are kept, below 300 MiB.
constexpr std::uint64_t memory_size = std::uint64_t{160} << 20;
/// One ROM at work never waits for more than this.
constexpr std::uint64_t largest_share = std::uint64_t{64} << 20;
/// Larger blocks of memory go back to the system when they are freed.
constexpr int largest_small_block = 1 << 20;
constexpr std::string_view remembered_folder = ".batch";

/// What one slot has to become, and where that is noted.
struct Job {
  const BatchSlot* slot = nullptr;
  ImageResult* result = nullptr;
};

/// The slots that are made from one ROM in the same way.
struct Unit {
  const images::RomEntry* rom = nullptr;
  std::size_t build = 0;
  std::vector<Job> jobs;
};

/// Where images go: `begin` may write one before its hash is known, `end` does the rest.
template <typename Begin, typename End>
struct ImagePutter {
  Begin begin;
  End end;
};
template <typename Begin, typename End>
ImagePutter(Begin, End) -> ImagePutter<Begin, End>;

std::vector<Unit> units_of(const std::vector<Job>& jobs) {
  std::vector<Unit> units;
  std::map<std::pair<std::string, std::size_t>, std::size_t> places;
  for (const Job& job : jobs) {
    if (!job.slot->rom) continue;
    const auto [place, is_new] =
        places.try_emplace({job.slot->rom->member, job.slot->build}, units.size());
    if (is_new) units.push_back({&*job.slot->rom, job.slot->build, {}});
    units[place->second].jobs.push_back(job);
  }
  return units;
}

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

class BatchRun {
 public:
  BatchRun(const BatchSetup& setup, const BatchOptions& options, const vendor::VendorStore& store,
           Run& run)
      : setup_(setup),
        options_(options),
        run_(run),
        files_(store, run),
        remembered_(setup.output / remembered_folder),
        records_(setup.output, remembered_ / "outputs"),
        scan_(setup,
              {remembered_ / "releases", options.dry_run ? fs::temp_directory_path() : remembered_,
               !options.dry_run},
              memory_, run) {}

  BatchResults operator()() {
    if (!options_.dry_run) make_folders();
    results_.resize(setup_.releases.size());
    if (options_.shard.is_all() || is_tarballs())
      for_each_at_once(setup_.releases.size(), [&](std::size_t i) {
        // Tarballs divide as wholes.
        if (is_tarballs() && !options_.shard.has(i, setup_.releases.size())) return;
        if (run_.stop.stop_requested()) return;
        ScannedRelease scanned = scan_.scan(setup_.releases[i]);
        make(scanned, i, 0, scanned.slots.size());
        tell_progress();
      });
    else
      run_shard();
    if (run_.stop.stop_requested())
      throw InterruptedError(SIGINT, "interrupted",
                             "images that are finished stay; the same command goes on");
    BatchResults all{setup_.name, {}};
    for (std::vector<ImageResult>& results : results_)
      std::ranges::move(results, std::back_inserter(all.images));
    return all;
  }

  /// Every image of the plan, where all are there.
  std::optional<BatchResults> whole() const {
    BatchResults all{setup_.name, {}};
    for (std::size_t i = 0; i < setup_.releases.size(); ++i) {
      const ScannedRelease scanned = scan_.scan(setup_.releases[i]);
      std::vector<OutputRecord> records;
      if (is_tarballs()) {
        const auto record = records_.current(tarball_of(scanned), key_of_tarball(scanned));
        if (!record) return std::nullopt;
        records.push_back(*record);
      } else {
        for (std::size_t slot = 0; slot < scanned.slots.size(); ++slot) {
          const auto record = current(scanned, slot);
          if (!record) return std::nullopt;
          records.push_back(*record);
        }
      }
      for (OutputRecord& record : records)
        for (ImageRecord& image : record.images)
          all.images.push_back({std::move(image), ImageState::reused, nullptr});
    }
    return all;
  }

 private:
  [[nodiscard]] bool is_tarballs() const { return setup_.format == BatchFormat::tarballs; }

  void make_folders() const {
    for (const fs::path& folder : {remembered_ / "outputs", remembered_ / "releases"})
      make_folder(folder);
  }
  static void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw Error(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
  }

  /// Every part lists all releases, each beginning elsewhere and finding what others listed; then
  /// the parts are runs of the same long list.
  void run_shard() {
    const std::size_t count = setup_.releases.size();
    std::vector<ScannedRelease> scanned(count);
    const std::size_t first = (options_.shard.index - 1) * count / options_.shard.count;
    for_each_at_once(count, [&](std::size_t i) {
      if (run_.stop.stop_requested()) return;
      const std::size_t release = (first + i) % count;
      scanned[release] = scan_.scan(setup_.releases[release]);
      scanned[release].opened.reset();
    });
    if (run_.stop.stop_requested()) return;
    std::vector<std::size_t> begins;
    std::size_t total = 0;
    for (const ScannedRelease& release : scanned) {
      begins.push_back(total);
      total += release.slots.size();
    }
    for_each_at_once(count, [&](std::size_t i) {
      std::size_t begin = 0, end = scanned[i].slots.size();
      while (begin < end && !options_.shard.has(begins[i] + begin, total)) ++begin;
      while (end > begin && !options_.shard.has(begins[i] + end - 1, total)) --end;
      if (begin == end || run_.stop.stop_requested()) return;
      make(scanned[i], i, begin, end);
      tell_progress();
    });
  }

  /// Makes the slots `begin` to `end` of the release, which is the `index`-th.
  void make(ScannedRelease& scanned, std::size_t index, std::size_t begin, std::size_t end) {
    std::vector<ImageResult>& results = results_[index];
    results.resize(end - begin);
    for (std::size_t i = begin; i < end; ++i) name(scanned, scanned.slots[i], results[i - begin]);
    if (is_tarballs())
      make_tarball(scanned, results);
    else
      make_folder_images(scanned, results, begin);
    scanned.opened.reset();
  }

  void name(const ScannedRelease& scanned, const BatchSlot& slot, ImageResult& result) const {
    ImageRecord& record = result.record;
    record.board = setup_.builds[slot.build].board.name;
    record.release = scanned.release->path.filename().string();
    if (slot.rom) record.rom = slot.rom->name.name;
    record.image = slot.path.empty() ? scanned.release->name
                   : is_tarballs()   ? slot.path
                                     : path_of(scanned, slot);
    result.error = slot.refused;
  }
  static std::string path_of(const ScannedRelease& scanned, const BatchSlot& slot) {
    return scanned.release->name + "/" + slot.path;
  }
  static std::string tarball_of(const ScannedRelease& scanned) {
    return scanned.release->name + ".tar.xz";
  }
  static std::string key_of_tarball(const ScannedRelease& scanned) {
    std::string made_of;
    for (std::size_t i = 0; i < scanned.slots.size(); ++i)
      made_of += scanned.keys[i] + " " + scanned.slots[i].path + "\n";
    return hex_digest(Hash::sha512, as_bytes(made_of));
  }
  std::optional<OutputRecord> current(const ScannedRelease& scanned, std::size_t slot) const {
    if (scanned.slots[slot].refused) return std::nullopt;
    return records_.current(path_of(scanned, scanned.slots[slot]), scanned.keys[slot]);
  }

  void make_folder_images(ScannedRelease& scanned, std::vector<ImageResult>& results,
                          std::size_t begin) {
    std::vector<Job> jobs;
    std::map<const BatchSlot*, std::string> keys;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const BatchSlot& slot = scanned.slots[begin + i];
      if (slot.refused) continue;
      const auto record = options_.rebuild ? std::nullopt : current(scanned, begin + i);
      if (record && record->images.size() == 1) {
        results[i] = {record->images.front(), ImageState::reused, nullptr};
      } else if (options_.dry_run) {
        results[i].state = ImageState::planned;
      } else {
        jobs.push_back({&slot, &results[i]});
        keys[&slot] = scanned.keys[begin + i];
      }
    }
    if (jobs.empty()) return;
    guard(jobs, [&] {
      write_version_files(scanned, jobs);
      make_images(
          scanned, jobs,
          ImagePutter{
              [&](const Job& job, const ImagePieces& image) { return begin_file(job, image); },
              [&](const Job& job, const ImagePieces& image, std::optional<OutputFile> file) {
                if (!file) {
                  file.emplace(setup_.output / job.result->record.image);
                  for (const ConstBytes piece : image.pieces()) file->write(piece);
                }
                OutputRecord record{job.result->record.image, keys.at(job.slot), {}, 0, {}, {}};
                file->commit();
                record.size = job.result->record.size;
                record.sha512 = job.result->record.sha512;
                record.images = {job.result->record};
                records_.keep(std::move(record));
              }});
    });
  }

  /// The image's file, written but not there yet, where it goes past the cache: the processor is
  /// free meanwhile.
  std::optional<OutputFile> begin_file(const Job& job, const ImagePieces& image) {
    if (!pace_.begin()) return std::nullopt;
    const SystemClock clock;
    const auto begin = clock.now();
    try {
      OutputFile file(setup_.output / job.result->record.image);
      file.write_past_cache(image.pieces());
      pace_.tell(image.size(), clock.now() - begin);
      return file;
    } catch (...) {
      pace_.tell(0, {});
      throw;
    }
  }

  void make_tarball(ScannedRelease& scanned, std::vector<ImageResult>& results) {
    const std::scoped_lock one_at_a_time(tarball_);
    const bool refused = std::ranges::any_of(
        scanned.slots, [](const BatchSlot& slot) { return slot.refused != nullptr; });
    const std::string name = tarball_of(scanned), key = key_of_tarball(scanned);
    if (const auto record = options_.rebuild ? std::nullopt : records_.current(name, key);
        record && !refused && record->images.size() == results.size()) {
      for (std::size_t i = 0; i < results.size(); ++i)
        results[i] = {record->images[i], ImageState::reused, nullptr};
      return;
    }
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (scanned.slots[i].refused) continue;
      if (options_.dry_run) results[i].state = ImageState::planned;
      jobs.push_back({&scanned.slots[i], &results[i]});
    }
    if (!options_.dry_run && !refused)
      guard(jobs, [&] { write_tarball(scanned, jobs, OutputRecord{name, key, {}, 0, {}, {}}); });
    // A tarball is whole or not there.
    for (const Job& job : jobs)
      if (!job.result->error && job.result->state == ImageState::failed)
        job.result->error = std::make_exception_ptr(
            Error(fmt::format("{} was not written: another of its images failed", name)));
  }

  void write_tarball(ScannedRelease& scanned, const std::vector<Job>& jobs, OutputRecord record) {
    const VersionFiles versions = versions_of(scanned, jobs);
    images::ReleaseContents contents{{}, versions.date};
    for (const Job& job : jobs) contents.members.push_back(job.slot->path);
    for (const auto& [path, text] : versions.files) contents.members.push_back(path);
    for (const Job& job : jobs)
      if (job.slot->rom) contents.largest = std::max(contents.largest, job.slot->rom->size);
    const fs::path path = setup_.output / record.path;
    const auto writer = images::ReleaseWriter::create(path, images::ReleaseOutput::tar_xz,
                                                      std::move(contents), run_.stop);
    for (const auto& [member, text] : versions.files) {
      const ConstBytes bytes = as_bytes(text);
      writer->put(member, {bytes.begin(), bytes.end()});
    }
    make_images(
        scanned, jobs,
        ImagePutter{
            [](const Job&, const ImagePieces&) { return std::optional<OutputFile>(); },
            [&](const Job& job, const ImagePieces& image, const std::optional<OutputFile>&) {
              writer->put(job.slot->path, image.whole());
            }});
    const auto failed = [](const Job& job) { return job.result->error != nullptr; };
    if (run_.stop.stop_requested() || std::ranges::any_of(jobs, failed)) {
      for (const Job& job : jobs) job.result->state = ImageState::failed;
      return;
    }
    writer->finish();
    for (const Job& job : jobs) record.images.push_back(job.result->record);
    records_.keep_file(std::move(record));
  }

  /// What concerns all `jobs` is the error of each.
  template <typename Body>
  void guard(const std::vector<Job>& jobs, Body&& body) {
    try {
      body();
    } catch (const InterruptedError&) {
      // Told once, when everything has ended.
    } catch (const Error&) {
      for (const Job& job : jobs) {
        job.result->state = ImageState::failed;
        job.result->record.sha512.clear();
        if (!job.result->error) job.result->error = std::current_exception();
      }
    }
  }

  VersionFiles versions_of(const ScannedRelease& scanned, const std::vector<Job>& jobs) const {
    VersionFiles versions;
    for (const Job& job : jobs) {
      if (!job.slot->rom) continue;
      VersionFiles more =
          version_files(*scanned.content, setup_.builds[job.slot->build].board, {*job.slot->rom});
      versions.files.merge(more.files);
      versions.date = std::max(versions.date, more.date);
    }
    return versions;
  }

  void write_version_files(const ScannedRelease& scanned, const std::vector<Job>& jobs) const {
    for (const Job& job : jobs)
      make_folder((setup_.output / path_of(scanned, *job.slot)).parent_path());
    for (const auto& [path, text] : versions_of(scanned, jobs).files)
      write_whole(setup_.output / scanned.release->name / path, as_bytes(text));
  }

  /// Makes the image of each job and hands it to `put`; an error is that job's own.
  template <typename Put>
  void make_images(ScannedRelease& scanned, const std::vector<Job>& jobs, const Put& put) {
    const std::vector<Unit> units = units_of(jobs);
    if (!units.empty() && !scanned.opened)
      scanned.opened = scan_.open(*scanned.release, [&](const images::RomEntry& rom) {
        return std::ranges::any_of(units, [&](const Unit& unit) { return *unit.rom == rom; });
      });
    for_each_at_once(units.size(), [&](std::size_t i) {
      guard(units[i].jobs, [&] { make_unit(scanned, units[i], put); });
    });
    for (const Job& job : jobs)
      if (job.slot->firmware != nullptr) guard({job}, [&] { put_firmware(job, put); });
  }

  template <typename Put>
  void make_unit(const ScannedRelease& scanned, const Unit& unit, const Put& put) {
    if (run_.stop.stop_requested()) return;
    const SystemClock clock;
    const auto begin = clock.now();
    const MemoryBudget::Share share = memory_.take(std::min(3 * unit.rom->size, largest_share));
    const std::optional<images::HashList>& hashes = scanned.content->folder(*unit.rom).hashes;
    const BaseImage base =
        make_base(setup_.builds[unit.build], scanned.opened->release.load(*unit.rom),
                  hashes ? &*hashes : nullptr, files_, run_);
    const double base_seconds = seconds(clock.now() - begin);
    const std::vector<Job>& jobs = unit.jobs;
    for_each_at_once((jobs.size() + images_at_once - 1) / images_at_once, [&](std::size_t i) {
      const std::size_t first = i * images_at_once;
      const auto some =
          std::span(jobs).subspan(first, std::min(images_at_once, jobs.size() - first));
      if (i == 0) some.front().result->record.seconds = base_seconds;
      make_some(base, some, put);
    });
  }

  /// Makes a few images of one base, which differ in their MACs.
  template <typename Put>
  void make_some(const BaseImage& base, std::span<const Job> jobs, const Put& put) {
    const SystemClock clock;
    const auto begin = clock.now();
    std::vector<const Job*> own_mac;
    std::vector<ImagePieces> images;
    for (const Job& job : jobs)
      guard({job}, [&] {
        if (!job.slot->mac) return;
        images.emplace_back(base.image.bytes(), job.slot->mac, run_.events);
        own_mac.push_back(&job);
      });
    // A disk writes while the processor hashes; with one job there is one thread.
    std::vector<Begun> begun;
    auto writing = std::async(options_.jobs > 1 ? std::launch::async : std::launch::deferred, [&] {
      for (std::size_t i = 0; i < images.size() && !run_.stop.stop_requested(); ++i)
        begun.push_back(begin_image(*own_mac[i], images[i], put));
    });
    const std::vector<std::string> hashes = sha512_of(images);
    writing.get();
    const double hash_seconds = seconds(clock.now() - begin) / static_cast<double>(jobs.size());
    const auto finish = [&](const Job& job, const ImagePieces& image, const std::string& hash,
                            Begun file) {
      if (run_.stop.stop_requested()) return;
      guard({job}, [&] {
        ImageRecord& record = job.result->record;
        record.size = image.size();
        record.sha512 = hash;
        if (const auto mac = job.slot->mac ? job.slot->mac : base.rom.old_mac)
          record.mac = images::to_string(*mac);
        record.verified = base.rom.verified;
        record.inserted = base.rom.inserted;
        record.added = base.added;
        record.seconds += hash_seconds;
        if (file.error) std::rethrow_exception(file.error);
        put.end(job, image, std::move(file.file));
        job.result->state = ImageState::built;
      });
    };
    for (const Job& job : jobs)
      if (!job.slot->mac)
        finish(job, ImagePieces(base.image.bytes(), {}, run_.events), base.rom.sha512, {});
    for (std::size_t i = 0; i < begun.size(); ++i)
      finish(*own_mac[i], images[i], hashes[i], std::move(begun[i]));
  }

  /// A file that `begin` of an ImagePutter made, or why it could not.
  struct Begun {
    std::optional<OutputFile> file;
    std::exception_ptr error;
  };
  template <typename Put>
  static Begun begin_image(const Job& job, const ImagePieces& image, const Put& put) {
    try {
      return {put.begin(job, image), nullptr};
    } catch (const Error&) {
      return {std::nullopt, std::current_exception()};
    }
  }

  template <typename Put>
  void put_firmware(const Job& job, const Put& put) {
    const vendor::WantedFile& file = job.slot->firmware->file;
    const std::shared_ptr<const Buffer> content = files_.at(file);
    job.result->record.size = content->size();
    job.result->record.sha512 = file.sha512;
    put.end(job, ImagePieces(*content, std::nullopt, run_.events), std::nullopt);
    job.result->state = ImageState::built;
  }

  void tell_progress() {
    const std::scoped_lock lock(progress_);
    run_.events.progress({.phase = "building",
                          .done = ++done_,
                          .total = setup_.releases.size(),
                          .items = "releases"});
  }

  const BatchSetup& setup_;
  const BatchOptions& options_;
  Run& run_;
  VendorFiles files_;
  fs::path remembered_;
  OutputRecords records_;
  MemoryBudget memory_{memory_size};
  ReleaseScan scan_;
  std::vector<std::vector<ImageResult>> results_;  ///< by release
  std::mutex tarball_;
  DiskPace pace_;
  std::mutex progress_;
  std::uint64_t done_ = 0;
};

void write_results(const BatchSetup& setup, const std::string& file, const BatchResults& results) {
  write_whole(setup.output / file, as_bytes(to_json(results).dump(2) + "\n"));
}

}  // namespace

BatchResults run_batch(const BatchSetup& setup, const BatchOptions& options,
                       const vendor::VendorStore& store, Run& run) {
  const oneapi::tbb::global_control threads(oneapi::tbb::global_control::max_allowed_parallelism,
                                            options.jobs);
  // Else the C library keeps freed images, for each thread some.
  ::mallopt(M_MMAP_THRESHOLD, largest_small_block);
  oneapi::tbb::task_arena arena(static_cast<int>(options.jobs));
  BatchResults results;
  arena.execute([&] {
    BatchRun batch(setup, options, store, run);
    results = batch();
    if (options.dry_run) return;
    if (options.shard.is_all()) return write_results(setup, "results.json", results);
    write_results(setup,
                  fmt::format("results-{}-of-{}.json", options.shard.index, options.shard.count),
                  results);
    if (const auto whole = batch.whole()) write_results(setup, "results.json", *whole);
  });
  return results;
}

}  // namespace romwright::pipeline
