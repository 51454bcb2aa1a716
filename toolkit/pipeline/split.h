// SPDX-License-Identifier: GPL-2.0-or-later
// An image as the files of a board's chips, and back.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/manifests/board.h"

namespace romwright::pipeline {

struct ChipPart {
  std::string chip;  ///< its name in the manifest
  std::string file;  ///< "bottom_8mb.rom"
  Range range;       ///< in the image
};

/// Where the chips of `board` lie in its image, ascending. Throws RefusedError where the manifest
/// names no chips.
std::vector<ChipPart> chip_parts(const manifests::Board& board);

/// The parts, after a check that `image` has the size of all chips together (RefusedError).
std::vector<ChipPart> split_image(ConstBytes image, const manifests::Board& board);

/// The files to join: those that split makes where `inputs` is one folder, otherwise `inputs`.
/// Throws UsageError for another number of files than the board has chips.
std::vector<std::string> part_files(const std::vector<std::string>& inputs,
                                    const manifests::Board& board);

/// The image. Throws RefusedError naming every part of a wrong size.
Buffer join_image(const std::vector<Buffer>& parts, const manifests::Board& board);

/// Makes the folder where it is not there. Throws Error "PATH: REASON".
void make_folder(const std::filesystem::path& folder);

}  // namespace romwright::pipeline
