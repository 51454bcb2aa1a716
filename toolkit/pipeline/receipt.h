// SPDX-License-Identifier: GPL-2.0-or-later
// A receipt: what was written, to which chips, when and how, as JSON beside the backup.
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "flash/device/backup.h"

namespace romwright::pipeline {

struct ReceiptFacts {
  std::string command;        ///< the command line
  std::string image;          ///< what was written
  std::string target_sha512;  ///< of the chip's whole content afterwards
};

/// Writes BACKUP.receipt.json, synced, and returns its path. `result` is what the command reports.
std::filesystem::path write_receipt(const flash::Backup& backup, const ReceiptFacts& facts,
                                    const nlohmann::ordered_json& result);

}  // namespace romwright::pipeline
