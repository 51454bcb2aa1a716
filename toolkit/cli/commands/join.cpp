// SPDX-License-Identifier: GPL-2.0-or-later
// romwright join: the files of several chips become one image.
#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/output_file.h"
#include "toolkit/cli/board_options.h"
#include "toolkit/cli/json.h"
#include "toolkit/pipeline/split.h"

namespace romwright::cli {
namespace {

struct Options {
  BoardOptions board;
  std::vector<std::string> inputs;
  std::string output;
  void declare(Arguments& command) {
    board.declare(command);
    command.required("INPUT", inputs, "the folder that split made, or one file a chip, ascending");
    command.required("-o,--output", output, "the whole image", "FILE");
  }
};

void join(const Options& options, Session& session) {
  const manifests::Board board = options.board.catalogue().board(options.board.name);
  std::vector<Buffer> parts;
  for (const std::string& file : pipeline::part_files(options.inputs, board))
    parts.push_back(read_image_file(file, session));
  const Buffer image = pipeline::join_image(parts, board);
  write_whole(options.output, image);
  const std::string sha512 = hex_digest(Hash::sha512, image);
  session.terminal.print(fmt::format("{}: {}", options.output, human_size(image.size())));
  session.terminal.print_json({{"board", board.name},
                               {"file", options.output},
                               {"size", image.size()},
                               {"sha512", sha512}});
}

void declare(Arguments& command, Session& session) { on_command(command, session, join); }

}  // namespace

extern const CommandEntry command_join{"join", "puts the files of several chips together", declare};

}  // namespace romwright::cli
