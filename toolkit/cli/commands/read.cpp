// SPDX-License-Identifier: GPL-2.0-or-later
// romwright read: the chip's content into a file, read once or compared over several readings.
#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/output_file.h"
#include "flash/device/write_checks.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/options.h"
#include "toolkit/pipeline/region_proposal.h"

namespace romwright::cli {
namespace {

struct Options {
  DeviceOptions device;
  RegionOptions regions;
  std::string file;
  unsigned times = 1;
  void declare(Arguments& command) {
    device.declare(command);
    regions.declare(command);
    command.required("FILE", file, "where the content goes");
    command.number("--times", times, 1, 100, "read so often and compare the hashes");
  }
};

/// Throws RefusedError where the machine does not let the whole chip be read.
void require_readable(pipeline::Device& device, Run& run) {
  const std::vector<Range> closed = flash::unreadable_ranges(device.flash());
  if (closed.empty()) return;
  RefusedError error(fmt::format("{}: cannot be read: {}", to_string(closed.front()),
                                 device.flash().access(closed.front()).reason));
  pipeline::refuse_with_proposal(error, device, pipeline::Wish::read, run);
}

void read(const Options& options, Session& session) {
  // The output is opened first: a long read into a folder that is not there is no use.
  OutputFile output(options.file);
  pipeline::Device device = options.device.open(session);
  const std::vector<Range> ranges = options.regions.ranges(device, session);
  flash::FlashDevice reader(device.flash(), device.clock());
  Run run = session.run();
  if (ranges.empty()) require_readable(device, run);
  Buffer content;
  Json readings = Json::array();
  bool repeatable = true;
  for (unsigned i = 0; i < options.times; ++i) {
    Buffer next = reader.read(false, run, ranges);
    const std::string sha1 = hex_digest(Hash::sha1, next);
    const std::string sha512 = hex_digest(Hash::sha512, next);
    session.terminal.print(fmt::format("reading {}: SHA-1 {}", i + 1, sha1));
    session.terminal.print(fmt::format("reading {}: SHA-512 {}", i + 1, sha512));
    readings.push_back({{"sha1", sha1}, {"sha512", sha512}});
    repeatable = repeatable && (i == 0 || next == content);
    if (i == 0) content = std::move(next);
  }
  const bool simulated = device.simulated();
  device.close();
  if (!repeatable)
    throw DeviceError("the readings differ: nothing was written to " + options.file,
                      "check the clip and the wiring, or lower the clock");
  output.write(content);
  output.commit();
  session.terminal.print(fmt::format("{}: {}{}", options.file, human_size(content.size()),
                                     simulated ? " SIMULATED" : ""));
  session.terminal.print_json({{"file", options.file},
                               {"size", content.size()},
                               {"sha512", readings.front()["sha512"]},
                               {"readings", readings},
                               {"simulated", simulated}});
}

void declare(Arguments& command, Session& session) { on_command(command, session, read); }

}  // namespace

extern const CommandEntry command_read{"read", "reads the chip into a file", declare};

}  // namespace romwright::cli
