// SPDX-License-Identifier: GPL-2.0-or-later
// romwright verify: is the chip's content that of a file.
#include <fmt/format.h>

#include "toolkit/cli/write_report.h"

namespace romwright::cli {
namespace {

struct Options {
  DeviceOptions device;
  RegionOptions regions;
  std::string file;
  void declare(Arguments& command) {
    device.declare(command);
    regions.declare(command);
    command.required("FILE", file, "the image");
  }
};

void verify(const Options& options, Session& session) {
  const Buffer image = read_image_file(options.file, session);
  pipeline::Device device = options.device.open(session);
  within(options.file, [&] { require_size(image, device); });
  const std::vector<Range> ranges = options.regions.ranges(device, session, image);
  Run run = session.run();
  const std::uint64_t compared =
      flash::FlashDevice(device.flash(), device.clock()).verify(image, ranges, run);
  const bool simulated = device.simulated();
  device.close();
  session.terminal.print(
      fmt::format("VERIFIED {}{}", human_size(compared), simulated ? " SIMULATED" : ""));
  session.terminal.print_json(
      {{"result", "identical"}, {"verified_bytes", compared}, {"simulated", simulated}});
}

void declare(Arguments& command, Session& session) { on_command(command, session, verify); }

}  // namespace

extern const CommandEntry command_verify{"verify", "compares the chip with a file", declare};

}  // namespace romwright::cli
