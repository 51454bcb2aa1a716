// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/batch_setup.h"

#include <algorithm>
#include <glob.h>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/read_file.h"
#include "flash/base/version.h"
#include "toolkit/images/formats/cbfs/cbfs_types.h"
#include "toolkit/images/rom_name.h"

namespace romwright::pipeline {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_manifest = std::uint64_t{1} << 20;
constexpr std::uint64_t largest_file = std::uint64_t{64} << 20;

/// The files that a shell would take `pattern` for, sorted.
std::vector<fs::path> matches(const std::string& pattern) {
  std::error_code error;
  if (fs::exists(pattern, error)) return {pattern};
  glob_t found = {};
  std::vector<fs::path> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  return paths;
}

/// "libreboot-20240612_x230_12mb" of libreboot-20240612_x230_12mb.tar.xz.
std::string name_of_release(const fs::path& path) {
  std::error_code error;
  const fs::path full = fs::canonical(path, error);
  std::string name = full.filename().string();
  if (fs::is_directory(full, error)) return name;
  if (const auto rom = images::parse_rom_name(name)) name = rom->name;
  const std::size_t tar = name.rfind(".tar");
  return tar != std::string::npos && tar > 0 ? name.substr(0, tar) : fs::path(name).stem().string();
}

images::CbfsAddOptions options_of(const manifests::BatchFile& file) {
  images::CbfsAddOptions options;
  options.type = images::parse_cbfs_type(file.type).value();
  options.alignment = file.alignment;
  if (file.address) options.position = images::CbfsPosition::address(*file.address);
  if (file.offset) options.position = images::CbfsPosition::offset(*file.offset);
  if (file.compression == "lzma") options.compression = images::CbfsCompression::lzma;
  if (file.compression == "lz4") options.compression = images::CbfsCompression::lz4;
  return options;
}

std::string hash_of_file(const fs::path& path, std::uint64_t limit) {
  return hex_digest(Hash::sha512, read_file(path, limit));
}

/// Looks things up, and keeps the problems.
class SetUp {
 public:
  SetUp(const manifests::BatchPlan& plan, const manifests::Catalogue& catalogue)
      : plan_(plan), catalogue_(catalogue) {}

  BatchSetup operator()() {
    BatchSetup setup{plan_.name, plan_.output, plan_.format, plan_.seed, {}, {}};
    for (const manifests::BatchBuild& build : plan_.builds) {
      const std::size_t index = setup.builds.size();
      setup.builds.emplace_back();
      BatchBuild& made = setup.builds.back();
      std::string made_of = fmt::format("romwright {} batch 1\n", version);
      try_to([&] { made_of += look_up(build, made); });
      for (const manifests::BatchFile& file : build.files)
        try_to([&] { made_of += add_file(file, made); });
      made.key = hex_digest(Hash::sha512, as_bytes(made_of));
      for (const std::string& pattern : build.releases) {
        const std::vector<fs::path> paths = matches(pattern);
        if (paths.empty())
          errors_.push_back(std::make_unique<ManifestError>(
              build.mark, build.line, fmt::format("releases: no file is '{}'", pattern),
              "it is looked for from the plan's folder"));
        for (const fs::path& path : paths) add_release(setup, path, index, build);
      }
    }
    rethrow();
    return setup;
  }

 private:
  template <typename Body>
  void try_to(Body&& body) {
    try {
      body();
    } catch (const ManifestError& error) {
      errors_.push_back(std::make_unique<ManifestError>(error));
    } catch (const UsageError& error) {
      errors_.push_back(std::make_unique<UsageError>(error));
    } catch (const ImageError& error) {
      errors_.push_back(std::make_unique<ImageError>(error));
    }
  }

  void rethrow() const {
    if (errors_.empty()) return;
    std::set<std::string> seen;
    const auto add = [&](auto error) {
      for (const auto& other : errors_)
        if (seen.insert(other->line()).second && other->line() != error.line())
          error.also(other->line());
      throw error;
    };
    seen.insert(errors_.front()->line());
    if (const auto* manifest = dynamic_cast<const ManifestError*>(errors_.front().get()))
      add(*manifest);
    if (const auto* usage = dynamic_cast<const UsageError*>(errors_.front().get())) add(*usage);
    add(dynamic_cast<const ImageError&>(*errors_.front()));
  }

  /// The board and what it needs; returns what makes its images.
  std::string look_up(const manifests::BatchBuild& from, BatchBuild& build) {
    build.board = board_of(from);
    build.roms = from.roms;
    build.macs = from.macs;
    build.copies = from.copies;
    build.suffix = from.suffix;
    build.insertions = plan_insertions(build.board, catalogue_);
    std::set<fs::path> manifests{build.board.file};
    for (const Insertion& insertion : build.insertions)
      if (insertion.file.source) manifests.insert(insertion.file.source->file);
    for (const manifests::SeparateChip& chip : build.board.separate_chips) {
      const manifests::ResolvedFile file = catalogue_.resolve(build.board, chip.file);
      build.separate.push_back({chip.name + ".bin", vendor::wanted_file(file.recipe, file.result)});
      manifests.insert(file.recipe.file);
    }
    // By their content alone: another machine keeps its manifests elsewhere.
    std::set<std::string> hashes;
    for (const fs::path& file : manifests) hashes.insert(hash_of_manifest(file));
    std::string made_of;
    for (const std::string& hash : hashes) made_of += "manifest " + hash + "\n";
    return made_of;
  }

  [[nodiscard]] manifests::Board board_of(const manifests::BatchBuild& from) const {
    try {
      return catalogue_.board(from.board);
    } catch (const UsageError& error) {
      // What is no such name on a command line is an error of the plan here.
      ManifestError in_plan(from.board_mark, from.board_line, error.what(), error.hint());
      for (const std::string& other : error.others()) in_plan.also(other);
      throw in_plan;
    } catch (Error& error) {
      error.within(fmt::format("{}:{}", from.board_mark.file, from.board_mark.line));
      throw;
    }
  }

  static std::string add_file(const manifests::BatchFile& file, BatchBuild& build) {
    const AddedFile added{file.file, hash_of_file(file.file, largest_file), file.cbfs,
                          options_of(file), file.replace};
    build.files.push_back(added);
    return fmt::format(
        "file {} {} {} {} {} {} {}\n", added.sha512, added.options.type,
        static_cast<int>(added.options.compression), added.options.alignment, added.replace,
        added.options.position ? to_string(*added.options.position) : "anywhere", added.cbfs);
  }

  std::string hash_of_manifest(const fs::path& file) {
    std::string& hash = manifest_hashes_[file];
    if (hash.empty()) hash = hash_of_file(file, largest_manifest);
    return hash;
  }

  void add_release(BatchSetup& setup, const fs::path& path, std::size_t build,
                   const manifests::BatchBuild& from) {
    std::error_code error;
    const std::string real = fs::canonical(path, error).string();
    const std::string name = name_of_release(path);
    for (BatchRelease& release : setup.releases) {
      if (fs::canonical(release.path, error).string() == real) {
        if (release.builds.back() != build) release.builds.push_back(build);
        return;
      }
      if (release.name == name)
        errors_.push_back(std::make_unique<ManifestError>(
            from.mark, from.line,
            fmt::format("releases: {} and {} would have their images in one folder, {}",
                        release.path.string(), path.string(), name),
            "rename one of them"));
    }
    setup.releases.push_back({path, name, {build}});
  }

  const manifests::BatchPlan& plan_;
  const manifests::Catalogue& catalogue_;
  std::vector<std::unique_ptr<Error>> errors_;
  std::map<fs::path, std::string> manifest_hashes_;
};

}  // namespace

BatchSetup set_up_batch(const manifests::BatchPlan& plan, const manifests::Catalogue& catalogue) {
  return SetUp(plan, catalogue)();
}

}  // namespace romwright::pipeline
