// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/inno_setup.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "toolkit/vendor/folder_files.h"
#include "toolkit/vendor/private_folder.h"
#include "toolkit/vendor/program.h"

namespace romwright::vendor {

namespace {

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

ExtractedFiles read_inno_setup(const ExtractedFile& installer, UnpackBudget& budget,
                               Workshop& workshop) {
  const auto program = find_program("innoextract");
  if (!program)
    throw VendorError(
        fmt::format("{}: an Inno Setup installer, and innoextract is not on PATH", installer.path),
        "install the package innoextract");
  const PrivateFolder folder(workshop.folder);
  const std::filesystem::path input = folder.path() / "setup.exe";
  const std::filesystem::path output = folder.path() / "files";
  write_whole(input, installer.content.bytes());
  std::filesystem::create_directory(output);
  ProgramCall call;
  call.program = *program;
  call.arguments = {
      "--extract",    "--silent",      "--color=0",   "--progress=0", "--collisions=rename-all",
      "--output-dir", output.string(), input.string()};
  call.folder = folder.path();
  call.largest_file = budget.limits().file_size;
  const ProgramResult result = run_program(call, workshop.run.stop);
  if (result.timed_out)
    throw VendorError(fmt::format("{}: innoextract took too long", installer.path));
  if (result.status != 0)
    throw VendorError(fmt::format("{}: innoextract: {}", installer.path, last_line(result.output)),
                      "the installer is damaged, or newer than innoextract knows");
  return files_in_folder(output, installer.path, installer.content.size(), budget);
}

}  // namespace romwright::vendor
