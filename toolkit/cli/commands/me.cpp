// SPDX-License-Identifier: GPL-2.0-or-later
// romwright me: what a Management Engine region holds, and its cleaning.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/output_file.h"
#include "toolkit/cli/json.h"
#include "toolkit/cli/me_report.h"
#include "toolkit/cli/options.h"

namespace romwright::cli {
namespace {

struct Options {
  std::string input, output, descriptor, me;
  std::string whitelist, blacklist;
  bool relocate = false, truncate = false, keep_modules = false, drop_access = false;
  bool soft_disable = false, soft_disable_only = false, check = false;

  void declare(Arguments& command) {
    command.required("INPUT", input, "an ME, TXE or SPS region, or a full image");
    command.optional("-O,-o,--output", output, "write there; without it INPUT is changed", "FILE");
    command.flag("-r,--relocate", relocate, "move FTPR to the start of the region");
    command.flag("-t,--truncate", truncate, "cut what is empty at the end");
    command.flag("-k,--keep-modules", keep_modules, "leave the modules of FTPR as they are");
    command.optional("-w,--whitelist", whitelist, "partitions to keep besides FTPR", "A,B,...");
    command.optional("-b,--blacklist", blacklist, "partitions to remove, all others kept",
                     "A,B,...");
    command.flag("-S,--soft-disable", soft_disable, "also set HAP or AltMeDisable (full images)");
    command.flag("-s,--soft-disable-only", soft_disable_only, "set that bit and clean nothing");
    command.flag("-d,--descriptor", drop_access,
                 "take the ME's access to the other regions away (full images)");
    command.optional("-D,--extract-descriptor", descriptor,
                     "write the descriptor there; with -t, with the smaller ME region", "FILE");
    command.optional("-M,--extract-me", me, "write the ME region there; with -t, truncated",
                     "FILE");
    command.flag("-c,--check", check, "check table, manifest and signature; change nothing");
    command.exclusive({"--soft-disable", "--soft-disable-only"});
    command.exclusive({"--whitelist", "--blacklist"});
    command.exclusive({"--check", "--output"});
  }

  [[nodiscard]] images::MeCleanOptions cleaning() const;
  /// The firmware is to be cleaned, as any option but --check asks for.
  [[nodiscard]] bool changes() const {
    return !check && (!output.empty() || !descriptor.empty() || !me.empty() || relocate ||
                      truncate || keep_modules || drop_access || soft_disable ||
                      soft_disable_only || !whitelist.empty() || !blacklist.empty());
  }
  /// Nothing is asked for, so INPUT is only shown.
  [[nodiscard]] bool shows() const { return !check && !changes(); }
};

std::vector<std::string> names(const std::string& list) {
  std::vector<std::string> found;
  for (std::size_t from = 0; !list.empty() && from <= list.size();) {
    const std::size_t to = std::min(list.find(',', from), list.size());
    found.push_back(list.substr(from, to - from));
    from = to + 1;
  }
  return found;
}

images::MeCleanOptions Options::cleaning() const {
  images::MeCleanOptions options;
  options.relocate = relocate;
  options.truncate = truncate;
  options.keep_modules = keep_modules;
  options.whitelist = names(whitelist);
  options.blacklist = names(blacklist);
  if (soft_disable) options.soft_disable = images::MeSoftDisable::too;
  if (soft_disable_only) options.soft_disable = images::MeSoftDisable::only;
  options.drop_access = drop_access;
  options.extract_descriptor = !descriptor.empty();
  options.extract_me = !me.empty();
  options.check_only = !changes();
  return options;
}

/// Writes what there is, after a failure too, as far as it was done.
std::vector<std::string> write_outputs(const Options& options, const images::MeCleaning& cleaning) {
  std::vector<std::string> written;
  const auto put = [&](const std::string& path, ConstBytes bytes) {
    write_whole(path, bytes);
    written.push_back(path);
  };
  if (options.changes())
    put(options.output.empty() ? options.input : options.output, cleaning.image);
  if (cleaning.descriptor) put(options.descriptor, *cleaning.descriptor);
  if (cleaning.me) put(options.me, *cleaning.me);
  return written;
}

/// Firmware that cleaning cannot read is still shown, where only that was asked for.
bool show_newer(const Options& options, ConstBytes image, Session& session) {
  if (!options.shows()) return false;
  const auto region = newer_me_region(image);
  if (!region) return false;
  const images::MeView view(slice(image, *region, "ME region"));
  for (const std::string& line : report_lines(view)) session.terminal.print(line);
  session.terminal.note("this firmware can only be shown: the tools to clean it do not exist");
  session.terminal.print_json(report_json(view, *region));
  return true;
}

void me(const Options& options, Session& session) {
  options.cleaning().check();
  Buffer image = read_image_file(options.input, session);
  if (show_newer(options, image, session)) return;
  const images::MeCleaning cleaning =
      within(options.input, [&] { return images::clean_me(std::move(image), options.cleaning()); });
  const std::vector<std::string> written = write_outputs(options, cleaning);
  for (const std::string& line : report_lines(cleaning)) session.terminal.print(line);
  Json report = report_json(cleaning);
  report["outputs"] = written;
  session.terminal.print_json(report);
  if (!written.empty())
    session.terminal.note(fmt::format("written to {}", fmt::join(written, ", ")));
  if (!cleaning.failure) return;
  ImageError failure = *cleaning.failure;
  if (!written.empty()) failure.also("what was written is not to be used");
  failure.within(options.input);
  throw failure;
}

void declare(Arguments& command, Session& session) { on_command(command, session, me); }

}  // namespace

extern const CommandEntry command_me{
    "me", "shows the firmware of a Management Engine, and cleans it", declare};

}  // namespace romwright::cli
