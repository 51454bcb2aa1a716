// SPDX-License-Identifier: GPL-2.0-or-later
// romwright write: a file onto the chip, whatever is in it; `flash` is the command that also
// checks.
#include <fmt/format.h>

#include "toolkit/cli/write_report.h"

namespace romwright::cli {
namespace {

struct Options {
  DeviceOptions device;
  RegionOptions regions;
  WriteModeOptions mode;
  std::string file;
  void declare(Arguments& command) {
    device.declare(command);
    regions.declare(command);
    mode.declare(command);
    command.required("FILE", file, "the image");
  }
};

void write(const Options& options, Session& session) {
  Buffer image = read_image_file(options.file);
  pipeline::Device device = options.device.open(session);
  for (const pipeline::FoundChip& chip : device.chips()) session.terminal.note(describe(chip));
  within(options.file, [&] { require_size(image, device); });
  flash::WriteOptions write;
  write.allowed = options.regions.ranges(device, session, image);
  write.verify = options.mode.verify;
  write.unprotect = options.mode.unprotect || session.yes;
  write_device(device, {options.file, {}, std::move(image), write, options.mode.dry_run}, session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, write); }

}  // namespace

extern const CommandEntry command_write{"write", "writes a file to the chip and verifies it",
                                        declare};

}  // namespace romwright::cli
