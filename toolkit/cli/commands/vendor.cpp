// SPDX-License-Identifier: GPL-2.0-or-later
// romwright vendor: the vendor files, what needs them and where they come from.
#include "toolkit/cli/vendor/subcommands.h"

namespace romwright::cli {
namespace {

void declare(Arguments& command, Session& session) {
  const auto add = [&](const char* name, const char* help,
                       void (*declare_one)(Arguments&, Session&)) {
    Arguments below = command.subcommand(name, help);
    declare_one(below, session);
  };
  add("list", "what boards need, and where it is at hand", declare_vendor_list);
  add("fetch", "gets vendor files into the cache", declare_vendor_fetch);
  add("check", "tests every address, and with --full every hash", declare_vendor_check);
  add("extract", "runs one recipe on one file", declare_vendor_extract);
  add("bundle", "vendor files in one archive, for machines without a network",
      declare_vendor_bundle);
}

}  // namespace

extern const CommandEntry command_vendor{
    "vendor", "vendor files: what boards need, from where, and is it still there", declare};

}  // namespace romwright::cli
