// SPDX-License-Identifier: GPL-2.0-or-later
// romwright-pages FOLDER: writes the manual pages and the completions of shells into FOLDER.
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "packaging/pages/completion.h"
#include "packaging/pages/man_page.h"

namespace romwright::pages {
namespace {

void write_all(const std::filesystem::path& folder) {
  const auto put = [&](const char* place, const std::string& name, const std::string& text) {
    std::filesystem::create_directories(folder / place);
    write_whole(folder / place / name, as_bytes(text));
  };
  const Command program = command_line();
  for (const Command* command : all_commands(program))
    put("man1", command->page() + ".1", man_page(*command, program));
  // Each under the name by which its shell finds it.
  put("bash", "romwright", bash_completion(program));
  put("zsh", "_romwright", zsh_completion(program));
  put("fish", "romwright.fish", fish_completion(program));
}

int run(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: romwright-pages FOLDER\n");
    return 2;
  }
  try {
    write_all(argv[1]);
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "romwright-pages: {}\n", error.line());
  } catch (const std::exception& error) {
    fmt::print(stderr, "romwright-pages: {}\n", error.what());
  }
  return 1;
}

}  // namespace
}  // namespace romwright::pages

int main(int argc, char** argv) { return romwright::pages::run(argc, argv); }
