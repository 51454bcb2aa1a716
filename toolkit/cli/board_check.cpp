// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/board_check.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/cli/directories.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/pipeline/chip_identity.h"
#include "toolkit/pipeline/chromebook.h"

namespace romwright::cli {

std::vector<manifests::Board> known_boards(const ManifestOptions& manifests, EventSink& events) {
  try {
    return manifests::Catalogue(manifest_directories(manifests.directories)).boards();
  } catch (const Error& error) {
    events.note(fmt::format("no manifest is compared: {}", error.line()));
    return {};
  }
}

BoardCheck::BoardCheck(const std::string& board, const ManifestOptions& manifests,
                       const std::vector<std::string>& programmers, ConstBytes image,
                       Session& session)
    : programmers_(programmers), session_(session) {
  const bool own = pipeline::own_machine(programmers).own;
  if (!own && board.empty()) return;
  const flash::SystemFiles files = flash::SystemFiles::of_machine();
  if (!board.empty()) {
    board_ = manifests::Catalogue(manifest_directories(manifests.directories)).board(board);
    machine_ = pipeline::require_machine(*board_, programmers, files, session.terminal);
    return;
  }
  if (image.empty()) return;
  pipeline::require_machine_of(image, known_boards(manifests, session.terminal), programmers, files,
                               session.terminal);
}

void BoardCheck::require_chip(pipeline::Device& device) const {
  Run run = session_.run();
  pipeline::warn_of_verified_boot(device.flash(), programmers_, session_.terminal, run);
  if (!board_) return;
  pipeline::require_chip_of(*board_, machine_, programmers_, device, session_.terminal, run);
}

}  // namespace romwright::cli
