// SPDX-License-Identifier: GPL-2.0-or-later
// Whether an image is for the machine that a command writes: by the board that was named, or by
// what the image tells of itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "toolkit/cli/options.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/machine_identity.h"

namespace romwright::cli {

/// The boards of all manifests; what hinders reading them is a note, and there are none.
std::vector<manifests::Board> known_boards(const ManifestOptions& manifests, EventSink& events);

class BoardCheck {
 public:
  /// `board` may be empty: then `image`, where it is not empty, is asked. Throws RefusedError on a
  /// mismatch, UsageError for a board that does not exist. Programmers of another machine's chip
  /// are no matter.
  BoardCheck(const std::string& board, const ManifestOptions& manifests,
             const std::vector<std::string>& programmers, ConstBytes image, Session& session);
  /// The board's name; empty where none was named.
  [[nodiscard]] std::string board() const { return board_ ? board_->name : std::string(); }
  /// The board that was named.
  [[nodiscard]] const std::optional<manifests::Board>& manifest() const { return board_; }
  /// As pipeline::require_chip_of; says what a Chromebook's chip protects.
  void require_chip(pipeline::Device& device) const;

 private:
  std::vector<std::string> programmers_;
  Session& session_;
  std::optional<manifests::Board> board_;
  pipeline::MachineMatch machine_ = pipeline::MachineMatch::match;
};

}  // namespace romwright::cli
