// SPDX-License-Identifier: GPL-2.0-or-later
// external: a program that this project does not contain, on each file.
#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "toolkit/vendor/extractor.h"
#include "toolkit/vendor/private_folder.h"
#include "toolkit/vendor/program.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_output = 64U << 20;

/// `argument` with its placeholders filled. One that names a file beside the program, such as the
/// data it ships with, becomes its whole path: the program runs in another folder.
std::string filled(const std::string& argument, const fs::path& program, const fs::path& input,
                   const fs::path& output) {
  if (argument == "{input}") return input.string();
  if (argument == "{output}") return output.string();
  std::error_code ignored;
  const fs::path beside = program.parent_path() / argument;
  const bool is_path = argument.find('/') != std::string::npos && fs::path(argument).is_relative();
  return is_path && fs::exists(beside, ignored) ? beside.string() : argument;
}

Content run_on(const ExtractedFile& file, const fs::path& program, const nlohmann::json& parameters,
               Workshop& workshop) {
  const std::string name = parameters.at("program");
  const PrivateFolder folder(workshop.folder);
  const fs::path input = folder.path() / "input";
  const fs::path output = folder.path() / "output";
  write_whole(input, file.content.bytes());
  ProgramCall call;
  call.program = program;
  for (const nlohmann::json& argument : parameters.at("arguments"))
    call.arguments.push_back(filled(argument.get<std::string>(), program, input, output));
  call.folder = folder.path();
  call.largest_file = largest_output;
  const ProgramResult result = run_program(call, workshop.run.stop);
  workshop.run.events.detail(fmt::format("{}: {}", name, result.output));
  if (result.timed_out) throw VendorError(fmt::format("{}: {} took too long", file.path, name));
  if (result.status != 0)
    throw VendorError(fmt::format("{}: {} failed with status {}", file.path, name, result.status),
                      result.output.substr(0, result.output.find('\n')));
  if (!fs::is_regular_file(fs::symlink_status(output)))
    throw VendorError(fmt::format("{}: {} wrote no output", file.path, name));
  return map_file(output);
}

ExtractedFiles external(const ExtractedFiles& files, const nlohmann::json& parameters,
                        Workshop& workshop) {
  const std::string name = parameters.at("program");
  const auto program = find_program(name);
  if (!program)
    throw VendorError(fmt::format("the program '{}' is not on PATH", name),
                      parameters.contains("homepage")
                          ? "it is had from " + parameters["homepage"].get<std::string>()
                          : "install it");
  ExtractedFiles results;
  for (const ExtractedFile& file : files)
    results.push_back({file.path, run_on(file, *program, parameters, workshop)});
  return results;
}

}  // namespace

extern const ExtractorEntry extractor_external{"external", external};

}  // namespace romwright::vendor
