// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/release_scan.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/pipeline/batch/file_stamp.h"
#include "toolkit/pipeline/batch/parallel.h"

namespace romwright::pipeline {

namespace {

/// What decoding a tarball takes: the dictionary of xz -9.
constexpr std::uint64_t decoder_size = std::uint64_t{64} << 20;

}  // namespace

images::Release ReleaseScan::open(const BatchRelease& release, images::WantsRom wanted) const {
  const MemoryBudget::Share share = memory_.take(decoder_size);
  return images::Release::open_spooled(release.path, places_.spool, std::move(wanted), run_.stop);
}

bool ReleaseScan::is_known(const BatchRelease& release, const ReleaseIndex& index) const {
  return std::ranges::all_of(index.listing.roms, [&](const images::RomEntry& rom) {
    return index.sha512.contains(rom.member) || !is_wanted(setup_, release, rom);
  });
}

ReleaseIndex ReleaseScan::make_index(const BatchRelease& release,
                                     const images::Release& opened) const {
  ReleaseIndex index{opened.listing(), {}};
  std::vector<const images::RomEntry*> wanted;
  for (const images::RomEntry& rom : index.listing.roms)
    if (is_wanted(setup_, release, rom)) wanted.push_back(&rom);
  std::mutex mutex;
  for_each_at_once(wanted.size(), [&](std::size_t i) {
    if (run_.stop.stop_requested()) throw InterruptedError(SIGINT, "interrupted");
    const MemoryBudget::Share share = memory_.take(wanted[i]->size);
    const images::Rom rom = opened.load(*wanted[i]);
    std::string hash = hex_digest(Hash::sha512, rom.content);
    const std::scoped_lock lock(mutex);
    index.sha512[wanted[i]->member] = std::move(hash);
  });
  return index;
}

ScannedRelease ReleaseScan::scan(const BatchRelease& release) const {
  ScannedRelease scanned{&release, {}, {}, {}, {}};
  const ReleaseIndexes indexes(places_.indexes);
  const std::string stamp = release_stamp(release.path);
  std::optional<ReleaseIndex> index = indexes.find(release.path, stamp);
  if (!index || !is_known(release, *index)) {
    try {
      scanned.opened = open(
          release, [&](const images::RomEntry& rom) { return is_wanted(setup_, release, rom); });
      index = make_index(release, *scanned.opened);
    } catch (const InterruptedError&) {
      throw;
    } catch (const Error&) {
      scanned.slots.push_back(
          {release.builds.front(), {}, {}, {}, nullptr, std::current_exception()});
      scanned.keys.emplace_back();
      return scanned;
    }
    const bool settled = is_settled(release.path, std::chrono::system_clock::now());
    if (places_.keep && settled && release_stamp(release.path) == stamp)
      indexes.keep(release.path, stamp, *index);
  }
  scanned.content = images::Release::of_listing(release.path, index->listing);
  scanned.slots = slots_of(setup_, release, *scanned.content);
  for (const BatchSlot& slot : scanned.slots) {
    if (slot.refused) {
      scanned.keys.emplace_back();
      continue;
    }
    const images::HashList* hashes = nullptr;
    if (slot.rom && scanned.content->folder(*slot.rom).hashes)
      hashes = &*scanned.content->folder(*slot.rom).hashes;
    scanned.keys.push_back(
        key_of(setup_, slot, slot.rom ? index->sha512.at(slot.rom->member) : "", hashes));
  }
  return scanned;
}

}  // namespace romwright::pipeline
