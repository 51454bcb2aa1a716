// SPDX-License-Identifier: GPL-2.0-or-later
// romwright split: one file a chip.
#include "toolkit/pipeline/split.h"

#include <filesystem>

#include <fmt/format.h>

#include "flash/base/output_file.h"
#include "toolkit/cli/board_options.h"
#include "toolkit/cli/json.h"

namespace romwright::cli {
namespace {

struct Options {
  BoardOptions board;
  std::string image;
  std::string folder;
  void declare(Arguments& command) {
    board.declare(command);
    command.required("IMAGE", image, "the whole image");
    command.required("-o,--output", folder, "the folder for the files", "DIR");
  }
};

void split(const Options& options, Session& session) {
  const manifests::Board board = options.board.catalogue().board(options.board.name);
  const Buffer image = read_image_file(options.image, session);
  const auto parts = within(options.image, [&] { return pipeline::split_image(image, board); });
  pipeline::make_folder(options.folder);
  // Every file is complete before the first one gets its name.
  std::vector<OutputFile> files;
  files.reserve(parts.size());
  Json list = Json::array();
  for (const pipeline::ChipPart& part : parts) {
    const auto path = std::filesystem::path(options.folder) / part.file;
    files.emplace_back(path).write(slice(ConstBytes(image), part.range, part.chip));
    list.push_back({{"chip", part.chip},
                    {"file", path.string()},
                    {"offset", part.range.offset},
                    {"size", part.range.size}});
  }
  for (OutputFile& file : files) {
    file.commit();
    session.terminal.print(fmt::format("{}: {}", file.path().string(), human_size(file.size())));
  }
  session.terminal.print_json({{"board", board.name}, {"files", list}});
}

void declare(Arguments& command, Session& session) { on_command(command, session, split); }

}  // namespace

extern const CommandEntry command_split{"split", "divides an image into one file a chip", declare};

}  // namespace romwright::cli
