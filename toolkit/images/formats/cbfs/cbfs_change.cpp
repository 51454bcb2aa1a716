// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_change.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"
#include "toolkit/images/formats/cbfs/intel_fit.h"

namespace romwright::images {
namespace {

/// The bytes of a write without its blank end, as a view.
bool changes(ConstBytes image, const CbfsWrite& write, const Range& range) {
  const Range shared = range.intersect(write.range());
  for (std::uint64_t at = shared.offset; at < shared.end(); ++at)
    if (image[static_cast<std::size_t>(at)] != write.byte_at(at)) return true;
  return false;
}

}  // namespace

void check_immovable(ConstBytes image, const std::vector<CbfsWrite>& writes) {
  for (const FitComponent& component : fit_components(image))
    for (const CbfsWrite& write : writes)
      if (changes(image, write, component.range))
        throw RefusedError(
            fmt::format("would change {}, which the Firmware Interface Table points to",
                        romwright::to_string(component.range)),
            "the processor looks for it there before it starts");
}

void check_removable(ConstBytes image, const CbfsFile& file,
                     const std::optional<MetadataHash>& hash) {
  if (file.type == CbfsType::microcode || file.type == CbfsType::bootblock ||
      file.type == CbfsType::cbfs_header)
    throw RefusedError(fmt::format("type {} is never removed", cbfs_type_name(file.type)),
                       "the machine needs it where it is");
  if (hash && file.data.contains(hash->where()))
    throw RefusedError("holds the metadata hash that verifies this image");
  for (const FitComponent& component : fit_components(image))
    if (component.range.overlaps(file.entry))
      throw RefusedError(fmt::format("the Firmware Interface Table points to {}, inside it",
                                     romwright::to_string(component.range)),
                         "the processor looks for it there before it starts");
}

void apply(Bytes image, const Range& region, const std::vector<CbfsWrite>& writes,
           const std::optional<MetadataHash>& hash) {
  for (const CbfsWrite& write : writes) {
    const Bytes target = slice(image, write.range(), "CBFS");
    std::ranges::copy(write.bytes, target.begin());
    std::ranges::fill(target.subspan(write.bytes.size()), std::uint8_t{0xff});
  }
  if (!hash) return;
  const CbfsView view(image, region);
  std::ranges::copy(hash->hash_metadata(image, view.files()),
                    slice(image, hash->where(), "metadata hash").begin());
}

}  // namespace romwright::images
