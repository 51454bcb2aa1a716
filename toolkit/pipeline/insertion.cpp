// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/insertion.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_types.h"

namespace romwright::pipeline {

namespace {

IntoCbfs into_cbfs(const manifests::CbfsTarget& target) {
  IntoCbfs into;
  into.name = target.name;
  into.type = images::parse_cbfs_type(target.type).value();
  if (target.address) into.position = images::CbfsPosition::address(*target.address);
  if (target.offset) into.position = images::CbfsPosition::offset(*target.offset);
  into.xip = target.xip;
  return into;
}

}  // namespace

std::string describe(const Insertion& insertion) {
  if (const auto* region = std::get_if<IntoRegion>(&insertion.where))
    return fmt::format("region {}", region->region);
  return fmt::format("CBFS {}", std::get<IntoCbfs>(insertion.where).name);
}

std::vector<Insertion> plan_insertions(const manifests::Board& board,
                                       const manifests::Catalogue& catalogue) {
  std::vector<Insertion> insertions;
  std::vector<ManifestError> errors;
  for (const manifests::Insert& insert : board.insert) {
    try {
      const manifests::ResolvedFile file = catalogue.resolve(board, insert.file);
      Insertion insertion{vendor::wanted_file(file.recipe, file.result), IntoRegion{}};
      if (const auto* region = std::get_if<manifests::RegionTarget>(&insert.target))
        insertion.where = IntoRegion{region->region};
      else
        insertion.where = into_cbfs(std::get<manifests::CbfsTarget>(insert.target));
      insertions.push_back(std::move(insertion));
    } catch (const ManifestError& error) {
      errors.push_back(error);
    }
  }
  throw_all(errors);
  return insertions;
}

}  // namespace romwright::pipeline
