// SPDX-License-Identifier: GPL-2.0-or-later
// Shows a write: its plan before, its result afterwards.
#pragma once

#include <functional>

#include "toolkit/cli/command.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {

/// What a command wants written.
struct WriteJob {
  std::string image;  ///< what it is called, for messages and the journal
  std::string board;  ///< the manifest's name; may be empty
  Buffer target;      ///< the device's content afterwards
  flash::WriteOptions options;
  bool dry_run = false;
  std::string conclusion = {};  ///< as WriteGuard
  std::function<void()> conclude = {};
  bool more_follows = false;  ///< the device stays open, and another write tells the result
};

/// Throws RefusedError where `image` has not the size of the chips together.
void require_size(ConstBytes image, const pipeline::Device& device);

/// Shows `plan`, and unless it is a dry run carries it out with backup and journal, shows the
/// result, and leaves a receipt beside the backup. `extra` joins the JSON object and the receipt.
void carry_out(pipeline::Device& device, const flash::WritePlan& plan, const WriteJob& job,
               Session& session, const Json& extra);

/// Plans `job` and carries it out. Where the chip's own protection is in the way, and can be
/// lifted, somebody at the terminal is asked for leave.
void write_device(pipeline::Device& device, WriteJob job, Session& session,
                  Json extra = Json::object());

}  // namespace romwright::cli
