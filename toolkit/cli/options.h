// SPDX-License-Identifier: GPL-2.0-or-later
// Options that several commands share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "flash/device/flash_device.h"
#include "toolkit/cli/command.h"
#include "toolkit/pipeline/device.h"
#include "toolkit/pipeline/region_selection.h"

namespace romwright::cli {

/// -p, --chip.
struct DeviceOptions {
  std::vector<std::string> programmers;
  std::vector<std::string> chips;
  /// `typed`: only the command line names the programmer, never the configuration.
  enum class Programmer : bool { configured, typed };
  void declare(Arguments& command, Programmer programmer = Programmer::configured);
  /// Opens what was named; `sizes` are the expected ones, ascending, or none. `only_probe`: see
  /// pipeline::DeviceRequest.
  [[nodiscard]] pipeline::Device open(Session& session, std::vector<std::uint64_t> sizes = {},
                                      bool only_probe = false) const;
};

/// --region, --layout, --ifd, --fmap.
struct RegionOptions {
  pipeline::RegionSelection selection;
  void declare(Arguments& command);
  /// The selected ranges, none for the whole chip. The layout comes from the file or from the chip
  /// where the user says so, otherwise from `content`, or from the chip where there is none.
  [[nodiscard]] std::vector<Range> ranges(pipeline::Device& device, Session& session,
                                          ConstBytes content = {}) const;
};

/// --verify, --dry-run, --unprotect.
struct WriteModeOptions {
  flash::Verify verify = flash::Verify::full;
  bool unprotect = false;
  bool dry_run = false;
  void declare(Arguments& command);
};

/// --manifests.
struct ManifestOptions {
  std::vector<std::string> directories;
  void declare(Arguments& command);
};

/// Reads a whole file of at most 64 MiB and 1 byte, as read_file does; a pipe no longer than until
/// the session is asked to stop.
Buffer read_image_file(const std::string& path, const Session& session);

/// Declares an Options (which has `declare(Arguments&)`) and lets the command do `work` with it.
template <typename Options>
void on_command(Arguments& command, Session& session, void (*work)(const Options&, Session&)) {
  auto options = std::make_shared<Options>();
  options->declare(command);
  command.work([options, &session, work] { work(*options, session); });
}

}  // namespace romwright::cli
