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

/// Of a ROM as it is stored; a hash that most processors have instructions for.
std::string hash_of_rom(ConstBytes stored) { return hex_digest(Hash::sha256, stored); }

}  // namespace

OpenRelease ReleaseScan::open(const BatchRelease& release, images::WantsRom wanted,
                              Hashes* hashes) const {
  std::vector<MemoryBudget::Share> kept;
  images::Spooling spooling{places_.spool, std::move(wanted)};
  spooling.may_keep = [&](std::uint64_t size) {
    auto share = waiting_.try_take(size);
    if (share) kept.push_back(std::move(*share));
    return share.has_value();
  };
  if (hashes != nullptr)
    spooling.seen = [&](const images::RomEntry& rom, ConstBytes stored) {
      (*hashes)[rom.member] = hash_of_rom(stored);
    };
  const MemoryBudget::Share share = memory_.take(decoder_size);
  images::Release opened = images::Release::open_spooled(release.path, spooling, run_.stop);
  return {std::move(opened), std::move(kept)};
}

bool ReleaseScan::is_known(const BatchRelease& release, const ReleaseIndex& index) const {
  return std::ranges::all_of(index.listing.roms, [&](const images::RomEntry& rom) {
    return index.sha256.contains(rom.member) || !is_wanted(setup_, release, rom);
  });
}

void ReleaseScan::hash_roms(const BatchRelease& release, const images::Release& opened,
                            Hashes& hashes) const {
  std::vector<const images::RomEntry*> wanted;
  for (const images::RomEntry& rom : opened.roms())
    if (is_wanted(setup_, release, rom)) wanted.push_back(&rom);
  std::mutex mutex;
  for_each_at_once(wanted.size(), [&](std::size_t i) {
    if (run_.stop.stop_requested()) throw InterruptedError(SIGINT, "interrupted");
    const MemoryBudget::Share share = memory_.take(wanted[i]->size);
    std::string hash = hash_of_rom(opened.stored(*wanted[i]));
    const std::scoped_lock lock(mutex);
    hashes[wanted[i]->member] = std::move(hash);
  });
}

ScannedRelease ReleaseScan::scan(const BatchRelease& release) const {
  ScannedRelease scanned{&release, {}, {}, {}, {}};
  const ReleaseIndexes indexes(places_.indexes);
  const std::string stamp = release_stamp(release.path);
  std::optional<ReleaseIndex> index = indexes.find(release.path, stamp);
  if (!index || !is_known(release, *index)) {
    try {
      Hashes hashes;
      scanned.opened = open(
          release, [&](const images::RomEntry& rom) { return is_wanted(setup_, release, rom); },
          &hashes);
      const images::Release& opened = scanned.opened->release;
      if (opened.kind() != images::ReleaseKind::tarball) hash_roms(release, opened, hashes);
      index = ReleaseIndex{opened.listing(), std::move(hashes)};
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
        key_of(setup_, slot, slot.rom ? index->sha256.at(slot.rom->member) : "", hashes));
  }
  return scanned;
}

}  // namespace romwright::pipeline
