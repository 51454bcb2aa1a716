// SPDX-License-Identifier: GPL-2.0-or-later
// romwright write: a file onto the chip, whatever is in it; `flash` is the command that also
// checks.
#include <fmt/format.h>

#include "toolkit/cli/board_check.h"
#include "toolkit/cli/staged_write.h"
#include "toolkit/cli/write_report.h"

namespace romwright::cli {
namespace {

struct Options {
  DeviceOptions device;
  RegionOptions regions;
  WriteModeOptions mode;
  std::string file;
  std::string board;
  ManifestOptions manifests;
  void declare(Arguments& command) {
    device.declare(command);
    command.optional("--board", board,
                     "the board that the image is for: compared with this machine", "BOARD");
    manifests.declare(command);
    regions.declare(command);
    mode.declare(command);
    command.required("FILE", file, "the image");
  }
};

void write(const Options& options, Session& session) {
  Buffer image = read_image_file(options.file, session);
  const BoardCheck check(options.board, options.manifests, options.device.programmers, image,
                         session);
  pipeline::Device device = options.device.open(session);
  check.require_chip(device);
  for (const pipeline::FoundChip& chip : device.chips()) session.terminal.note(describe(chip));
  within(options.file, [&] { require_size(image, device); });
  flash::WriteOptions write;
  write.allowed = options.regions.ranges(device, session, image);
  write.verify = options.mode.verify;
  write.unprotect = options.mode.unprotect || session.yes;
  WriteJob job{options.file, check.board(), std::move(image), write, options.mode.dry_run};
  if (check.manifest())
    return write_in_stages(device, *check.manifest(), std::move(job), session, Json::object());
  write_device(device, std::move(job), session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, write); }

}  // namespace

extern const CommandEntry command_write{"write", "writes a file to the chip and verifies it",
                                        declare};

}  // namespace romwright::cli
