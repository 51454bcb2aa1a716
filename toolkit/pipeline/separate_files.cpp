// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/separate_files.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::pipeline {

std::vector<SeparateFile> separate_files(const manifests::Board& board,
                                         const manifests::Catalogue& catalogue,
                                         const vendor::VendorStore& store, Run& run) {
  std::vector<SeparateFile> files;
  for (const manifests::SeparateChip& chip : board.separate_chips) {
    const manifests::ResolvedFile file = catalogue.resolve(board, chip.file);
    try {
      files.push_back({chip.name + ".bin", file.result.sha512,
                       store.load(vendor::wanted_file(file.recipe, file.result), run)});
    } catch (const VendorError& error) {
      run.events.warning(
          fmt::format("the {} chip: {}: the ROM is complete without it", chip.name, error.line()));
    }
  }
  return files;
}

}  // namespace romwright::pipeline
