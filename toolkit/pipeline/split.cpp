// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/split.h"

#include <system_error>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::pipeline {

namespace {

std::uint64_t whole_size(const std::vector<ChipPart>& parts) { return parts.back().range.end(); }

}  // namespace

std::vector<ChipPart> chip_parts(const manifests::Board& board) {
  if (board.chips.empty())
    throw RefusedError(fmt::format("{}: the manifest names no chips", board.name));
  std::vector<ChipPart> parts;
  std::uint64_t offset = 0;
  for (const manifests::BoardChip& chip : board.chips) {
    const std::string size = chip.size % (1U << 20) == 0 ? fmt::format("{}mb", chip.size >> 20)
                                                         : fmt::format("{}kb", chip.size >> 10);
    parts.push_back({chip.name, fmt::format("{}_{}.rom", chip.name, size), {offset, chip.size}});
    offset += chip.size;
  }
  return parts;
}

std::vector<ChipPart> split_image(ConstBytes image, const manifests::Board& board) {
  std::vector<ChipPart> parts = chip_parts(board);
  if (image.size() != whole_size(parts))
    throw RefusedError(fmt::format("the image has {}, the chips of {} together {}",
                                   human_size(image.size()), board.name,
                                   human_size(whole_size(parts))));
  return parts;
}

std::vector<std::string> part_files(const std::vector<std::string>& inputs,
                                    const manifests::Board& board) {
  const std::vector<ChipPart> parts = chip_parts(board);
  if (inputs.size() == 1 && std::filesystem::is_directory(inputs.front())) {
    std::vector<std::string> files;
    for (const ChipPart& part : parts)
      files.push_back((std::filesystem::path(inputs.front()) / part.file).string());
    return files;
  }
  if (inputs.size() != parts.size())
    throw UsageError(
        fmt::format("{} files for the {} chips of {}", inputs.size(), parts.size(), board.name),
        "one file a chip, in ascending order");
  return inputs;
}

Buffer join_image(const std::vector<Buffer>& parts, const manifests::Board& board) {
  const std::vector<ChipPart> chips = chip_parts(board);
  Buffer image;
  std::vector<RefusedError> errors;
  for (std::size_t i = 0; i < chips.size(); ++i) {
    if (parts.at(i).size() != chips[i].range.size)
      errors.emplace_back(fmt::format("chip {}: {}, should be {}", chips[i].chip,
                                      human_size(parts[i].size()),
                                      human_size(chips[i].range.size)));
    image.insert(image.end(), parts[i].begin(), parts[i].end());
  }
  throw_all(errors);
  return image;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(fmt::format("{}: {}", folder.string(), error.message()));
}

}  // namespace romwright::pipeline
