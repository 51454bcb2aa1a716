// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/prepare.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/images/padding.h"
#include "toolkit/pipeline/each_rom.h"
#include "toolkit/pipeline/release_output.h"
#include "toolkit/pipeline/steps/board_check.h"
#include "toolkit/pipeline/steps/insert.h"

namespace romwright::pipeline {

namespace {

/// Inserts what is absent, and tells it. What is there must be what is pinned.
std::vector<std::string> insert_files(Bytes image, const PreparePlan& plan,
                                      const VendorFiles& files) {
  std::vector<std::string> inserted;
  for (const Insertion& insertion : plan.insertions)
    within(describe(insertion), [&] {
      switch (presence_of(image, insertion)) {
        case Presence::absent:
          insert_file(image, insertion, *files.at(insertion.file));
          inserted.push_back(fmt::format("{} into {}", insertion.file.name, describe(insertion)));
          break;
        case Presence::other:
          throw VendorError(fmt::format("holds something else than {}", insertion.file.name),
                            "strip the image first, or prepare the release's own");
        case Presence::pinned:
        case Presence::present:
          break;
      }
    });
  return inserted;
}

/// Whether none of the ROMs says that something is missing in it.
bool are_complete(const PreparePlan& plan) {
  return std::ranges::none_of(plan.roms, [](const images::RomEntry& rom) {
    return rom.name.unready || rom.size % images::image_granularity != 0;
  });
}

/// What is inserted, each content once.
std::vector<vendor::WantedFile> files_of(const PreparePlan& plan) {
  std::vector<vendor::WantedFile> files;
  std::set<std::string> seen;
  for (const Insertion& insertion : plan.insertions)
    if (seen.insert(insertion.file.sha512).second) files.push_back(insertion.file);
  return files;
}

}  // namespace

std::vector<std::string> describe(const PreparePlan& plan) {
  std::vector<std::string> lines;
  for (const images::RomEntry& rom : plan.roms) {
    lines.push_back(fmt::format("{}:", rom.name.name));
    for (const Insertion& insertion : plan.insertions)
      lines.push_back(fmt::format("  insert {} into {}", insertion.file.name, describe(insertion)));
    lines.emplace_back("  compare with the release's hash");
    lines.push_back(fmt::format("  MAC: {}", describe(plan.mac)));
  }
  return lines;
}

std::vector<std::string> describe_files(const PreparePlan& plan, const vendor::VendorStore& local,
                                        bool may_download, Run& run) {
  std::vector<std::string> lines;
  std::vector<VendorError> errors;
  if (are_complete(plan)) return lines;
  for (const vendor::WantedFile& file : files_of(plan)) {
    const std::string title = fmt::format("{} ({})", file.name, file.recipe);
    try {
      (void)local.load(file, run);
      lines.push_back(fmt::format("{}: at hand", title));
    } catch (const VendorError& error) {
      if (may_download && file.source && file.source->download)
        lines.push_back(fmt::format("{}: to be downloaded", title));
      else
        errors.push_back(error);
    }
  }
  throw_all(errors);
  return lines;
}

void VendorFiles::require(const PreparePlan& plan) const {
  if (are_complete(plan)) return;
  std::vector<VendorError> errors;
  for (const vendor::WantedFile& file : files_of(plan)) {
    try {
      (void)at(file);
    } catch (const VendorError& error) {
      errors.push_back(error);
    }
  }
  throw_all(errors);
}

std::shared_ptr<const Buffer> VendorFiles::at(const vendor::WantedFile& file) const {
  const std::scoped_lock lock(mutex_);
  const auto there = std::ranges::find(kept_, file.sha512, &std::pair<std::string, Content>::first);
  if (there != kept_.end())
    kept_.splice(kept_.begin(), kept_, there);
  else
    kept_.emplace_front(file.sha512, load(file));
  std::uint64_t total = 0;
  std::erase_if(kept_, [&](const auto& kept) {
    total += kept.second->size();
    return total > kept_size && &kept != &kept_.front();
  });
  return kept_.front().second;
}

VendorFiles::Content VendorFiles::load(const vendor::WantedFile& file) const {
  if (const auto missing = missing_.find(file.sha512); missing != missing_.end())
    throw missing->second;
  try {
    return std::make_shared<const Buffer>(store_.load(file, run_));
  } catch (const VendorError& error) {
    missing_.emplace(file.sha512, error);
    throw;
  }
}

PreparedRom prepare_rom(const PreparePlan& plan, images::Rom rom, const images::HashList* hashes,
                        const VendorFiles& files, Run& run) {
  PreparedRom prepared;
  prepared.entry = rom.entry;
  prepared.name = rom.entry.name.name;
  prepared.member = complete_member(rom.entry, plan.board);
  prepared.content = std::move(rom.content);
  const Bytes image = prepared.content;
  // Whether it is this board's is known before anything is inserted, so that the message says so.
  Findings before = check_for_board(image, plan.board, {});
  before.require_sound();
  prepared.inserted = insert_files(image, plan, files);
  const std::optional<std::string> hash =
      hashes != nullptr ? hashes->verify(prepared.name, image) : std::nullopt;
  prepared.verified = hash.has_value();
  if (!prepared.verified)
    run.events.warning(
        fmt::format("{}: the release has no hash of it: not verified", prepared.name));
  check_for_board(image, plan.board, plan.insertions).require_sound();
  prepared.old_mac = mac_of(image);
  const bool changes_mac = plan.mac.kind == MacPolicy::Kind::pattern;
  prepared.new_mac =
      changes_mac ? std::optional(set_mac(image, plan.mac.pattern, run.events)) : prepared.old_mac;
  prepared.sha512 = hash && hashes->hash() == Hash::sha512 && !changes_mac
                        ? *hash
                        : hex_digest(Hash::sha512, image);
  return prepared;
}

void prepare_release(images::Release& release, const PreparePlan& plan, const VendorFiles& files,
                     const std::function<void(PreparedRom)>& take, Run& run) {
  each_rom<PreparedRom>(
      release, plan.roms, "preparing",
      [&](images::Rom rom) {
        const images::RomFolder& folder = release.folder(rom.entry);
        return prepare_rom(plan, std::move(rom), folder.hashes ? &*folder.hashes : nullptr, files,
                           run);
      },
      take, run);
}

}  // namespace romwright::pipeline
