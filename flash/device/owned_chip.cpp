// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/owned_chip.h"

#include <vector>

namespace romwright::flash {
namespace {

struct Storage {
  std::string vendor;
  std::string name;
  std::vector<std::vector<EraseRun>> runs;
  std::vector<ChipErase> erases;
  Chip chip;
};

}  // namespace

OwnedChip::OwnedChip(const Chip& chip) {
  auto storage = std::make_shared<Storage>();
  storage->vendor = chip.vendor;
  storage->name = chip.name;
  storage->chip = chip;
  storage->erases.assign(chip.erases.begin(), chip.erases.end());
  storage->runs.reserve(chip.erases.size());
  for (ChipErase& erase : storage->erases) {
    storage->runs.emplace_back(erase.runs.begin(), erase.runs.end());
    erase.runs = storage->runs.back();
  }
  storage->chip.vendor = storage->vendor;
  storage->chip.name = storage->name;
  storage->chip.erases = storage->erases;
  chip_ = std::shared_ptr<const Chip>(storage, &storage->chip);
}

}  // namespace romwright::flash
