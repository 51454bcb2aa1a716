// SPDX-License-Identifier: GPL-2.0-or-later
// romwright erase: the chip, or regions of it, blank.
#include "toolkit/cli/write_report.h"

namespace romwright::cli {
namespace {

struct Options {
  DeviceOptions device;
  RegionOptions regions;
  WriteModeOptions mode;
  void declare(Arguments& command) {
    device.declare(command);
    regions.declare(command);
    mode.declare(command);
  }
};

void erase(const Options& options, Session& session) {
  pipeline::Device device = options.device.open(session);
  flash::WriteOptions write;
  write.allowed = options.regions.ranges(device, session);
  write.verify = options.mode.verify;
  write.unprotect = options.mode.unprotect || session.yes;
  Buffer blank(device.size(), device.flash().geometry().erased_value);
  write_device(device, {"(blank)", {}, std::move(blank), write, options.mode.dry_run}, session);
}

void declare(Arguments& command, Session& session) { on_command(command, session, erase); }

}  // namespace

extern const CommandEntry command_erase{"erase", "erases the chip and verifies that it is blank",
                                        declare};

}  // namespace romwright::cli
