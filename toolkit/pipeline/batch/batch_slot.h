// SPDX-License-Identifier: GPL-2.0-or-later
// The images that a release gives, before any of them is made.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/images/formats/gbe.h"
#include "toolkit/images/release.h"
#include "toolkit/pipeline/batch/batch_setup.h"

namespace romwright::pipeline {

/// One image to come, or another chip's firmware beside the images.
struct BatchSlot {
  std::size_t build = 0;
  std::string path;  ///< in its release: "bin/x230_12mb/seabios_x230_12mb_001f16123456.rom"
  std::optional<images::RomEntry> rom;         ///< what it is made from
  std::optional<images::Mac> mac;              ///< the one that it gets; none: it keeps its own
  const SeparateFirmware* firmware = nullptr;  ///< instead of `rom`
  std::exception_ptr refused;  ///< why it cannot be; then it stands for all of its build
};

/// The slots of `release` in a fixed order. What is wrong with a build (the release is for another
/// board, a pattern means no ROM, an image has the path of another one) is a slot that is refused.
std::vector<BatchSlot> slots_of(const BatchSetup& setup, const BatchRelease& release,
                                const images::Release& content);

/// Whether a slot of `release` may be made from `rom`.
bool is_wanted(const BatchSetup& setup, const BatchRelease& release, const images::RomEntry& rom);

/// The hash of all that makes the slot's image: `rom_sha256` is that of its ROM as stored
/// (empty for firmware), `hashes` the release's list, or nullptr.
std::string key_of(const BatchSetup& setup, const BatchSlot& slot, const std::string& rom_sha256,
                   const images::HashList* hashes);

}  // namespace romwright::pipeline
