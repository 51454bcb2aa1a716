// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/batch_slot.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/pipeline/batch/seeded_mac.h"
#include "toolkit/pipeline/release_output.h"
#include "toolkit/pipeline/rom_choice.h"

namespace romwright::pipeline {

namespace {

/// NAME_suffix_001f16123456.rom
std::string image_path(const images::RomEntry& rom, const BatchBuild& build,
                       const std::optional<images::Mac>& mac) {
  std::string path = complete_member(rom, build.board);
  path.resize(path.size() - std::string_view(".rom").size());
  if (!build.suffix.empty()) path += "_" + build.suffix;
  if (mac) path += "_" + to_hex(*mac);
  return path + ".rom";
}

/// The MACs that the images of one ROM get.
std::vector<std::optional<images::Mac>> macs_of(const BatchSetup& setup,
                                                const BatchRelease& release,
                                                const BatchBuild& build,
                                                const images::RomEntry& rom) {
  std::vector<std::optional<images::Mac>> macs;
  for (const manifests::BatchMac& mac : build.macs) {
    if (mac.policy == "keep") {
      macs.emplace_back();
      continue;
    }
    unsigned tries = 0;
    for (std::uint64_t copy = 0; copy < (mac.random ? build.copies : 1); ++copy) {
      images::Mac made;
      do {
        made = seeded_mac(mac.policy, fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", setup.seed,
                                                  release.name, build.board.name, build.suffix,
                                                  rom.name.name, mac.policy, copy, tries));
      } while (std::ranges::find(macs, std::optional(made)) != macs.end() && mac.random &&
               ++tries < 1000);
      macs.emplace_back(made);
    }
  }
  return macs;
}

void add_slots(std::vector<BatchSlot>& slots, const BatchSetup& setup, const BatchRelease& release,
               std::size_t index, const images::Release& content) {
  const BatchBuild& build = setup.builds[index];
  std::set<std::string> folders;
  for (const images::RomEntry& rom : choose_roms(content, build.board, build.roms)) {
    folders.insert(folder_of(complete_member(rom, build.board)));
    for (const std::optional<images::Mac>& mac : macs_of(setup, release, build, rom))
      slots.push_back({index, image_path(rom, build, mac), rom, mac, nullptr, nullptr});
  }
  for (const std::string& folder : folders)
    for (const SeparateFirmware& firmware : build.separate)
      slots.push_back({index, folder + "/" + firmware.name, {}, {}, &firmware, nullptr});
}

std::exception_ptr path_twice(const std::string& path) {
  return std::make_exception_ptr(
      UsageError(fmt::format("{}: two images of the plan would be this file", path),
                 "give one of the builds a suffix:, or drop a MAC that is there twice"));
}

}  // namespace

std::vector<BatchSlot> slots_of(const BatchSetup& setup, const BatchRelease& release,
                                const images::Release& content) {
  std::vector<BatchSlot> slots;
  for (const std::size_t build : release.builds) {
    try {
      add_slots(slots, setup, release, build, content);
    } catch (const Error&) {
      slots.push_back({build, {}, {}, {}, nullptr, std::current_exception()});
    }
  }
  std::set<std::string> paths;
  std::erase_if(slots, [&](BatchSlot& slot) {
    if (slot.refused || paths.insert(slot.path).second) return false;
    // The same firmware serves several builds of a board.
    if (slot.firmware != nullptr) return true;
    slot.refused = path_twice(slot.path);
    return false;
  });
  return slots;
}

bool is_wanted(const BatchSetup& setup, const BatchRelease& release, const images::RomEntry& rom) {
  return std::ranges::any_of(release.builds, [&](std::size_t build) {
    return may_be_chosen(rom, setup.builds[build].board, setup.builds[build].roms);
  });
}

std::string key_of(const BatchSetup& setup, const BatchSlot& slot, const std::string& rom_sha256,
                   const images::HashList* hashes) {
  std::string made_of = setup.builds[slot.build].key + "\n";
  if (slot.firmware != nullptr) made_of += "firmware " + slot.firmware->file.sha512 + "\n";
  if (slot.rom) {
    made_of += fmt::format("rom {} {}\n", rom_sha256, slot.rom->name.name);
    if (hashes != nullptr)
      made_of += fmt::format("hash {}\n", hashes->find(slot.rom->name.name).value_or("none"));
  }
  if (slot.mac) made_of += fmt::format("mac {}\n", images::to_string(*slot.mac));
  return hex_digest(Hash::sha512, as_bytes(made_of));
}

}  // namespace romwright::pipeline
