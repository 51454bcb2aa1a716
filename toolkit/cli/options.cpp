// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/options.h"

#include <fmt/format.h>

#include "flash/base/read_file.h"
#include "toolkit/images/layout.h"
#include "toolkit/images/release.h"

namespace romwright::cli {

void DeviceOptions::declare(Arguments& command, Programmer programmer) {
  command.repeated("-p,--programmer", programmers,
                   "NAME[:KEY=VALUE,...]; once a chip, in ascending order", "PROGRAMMER");
  command.repeated("--chip", chips, "which of several chips that match", "CHIP");
  if (programmer == Programmer::typed) return;
  // Which chip it is belongs to the programmer that is configured, not to another.
  command.configured_pair(programmers, &manifests::Configuration::programmers, chips,
                          &manifests::Configuration::chips);
}

pipeline::Device DeviceOptions::open(Session& session, std::vector<std::uint64_t> sizes,
                                     bool only_probe) const {
  pipeline::Device device =
      pipeline::Device::open({programmers, chips, std::move(sizes), only_probe}, session.terminal);
  for (const std::string& line : device.descriptions()) session.terminal.detail(line);
  return device;
}

void RegionOptions::declare(Arguments& command) {
  command.repeated("--region", selection.names, "only this region; may be repeated", "REGION");
  command.optional("--layout", selection.layout_file, "regions from a layout file", "FILE");
  command.flag("--ifd", selection.ifd, "regions of the chip's flash descriptor");
  command.flag("--fmap", selection.fmap, "regions of the chip's FMAP");
  command.exclusive({"--layout", "--ifd", "--fmap"});
}

std::vector<Range> RegionOptions::ranges(pipeline::Device& device, Session& session,
                                         ConstBytes content) const {
  if (selection.everything()) {
    if (!selection.layout_file.empty() || selection.ifd || selection.fmap)
      throw UsageError("a layout without a region", "name regions with --region");
    return {};
  }
  std::vector<images::Region> known;
  if (!selection.layout_file.empty()) {
    const Buffer text = read_file(selection.layout_file, 1U << 20, session.stop.get_token());
    known = pipeline::parse_layout_file({reinterpret_cast<const char*>(text.data()), text.size()},
                                        selection.layout_file);
  } else {
    const bool from_chip = selection.ifd || selection.fmap || content.empty();
    Run run = session.run();
    Buffer read;
    if (from_chip) {
      read = flash::FlashDevice(device.flash(), device.clock()).read_open(run);
      content = read;
    }
    for (const images::Region& region : images::image_layout(content).regions)
      if ((!selection.ifd || region.source == "ifd") &&
          (!selection.fmap || region.source == "fmap"))
        known.push_back(region);
  }
  return pipeline::select_regions(selection, known, device.size());
}

void WriteModeOptions::declare(Arguments& command) {
  command.choice<flash::Verify>(
      "--verify", verify, {{"full", flash::Verify::full}, {"written", flash::Verify::written}},
      "read back the whole chip, or only what was written");
  command.flag("--dry-run", dry_run, "print the plan and change nothing");
  command.flag("--unprotect", unprotect,
               "lift the chip's write protection for the time of the write");
}

void ManifestOptions::declare(Arguments& command) {
  command.repeated("--manifests", directories, "a further directory with layouts/ and vendorfiles/",
                   "DIR");
  command.configured_first(directories, &manifests::Configuration::manifests);
}

Buffer read_image_file(const std::string& path, const Session& session) {
  return read_file(path, images::largest_image + 1, session.stop.get_token());
}

}  // namespace romwright::cli
