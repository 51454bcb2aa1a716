// SPDX-License-Identifier: GPL-2.0-or-later
// A recipe on a file that is not its package: a dump of the user's own chip, another release's ROM,
// or a file out of the package.
#pragma once

#include <string>
#include <vector>

#include "toolkit/vendor/extraction.h"

namespace romwright::vendor {

/// What such a file gave.
struct Salvage {
  std::vector<ExtractedResult> results;  ///< those that are as pinned
  /// What was found instead, as finished lines "PATH: ..."; of a file that plainly holds nothing of
  /// the kind there is none.
  std::vector<std::string> notes;
};

/// Whether `path` with that many bytes is worth reading: it may be an image, or is called as the
/// recipe says that the file in the package is.
[[nodiscard]] bool may_hold(const manifests::Recipe& recipe, const std::string& path,
                            std::uint64_t size);

/// Tries what `file` holds as it is (regions, CBFS files), then the steps of `recipe` that follow
/// the unpacking; a Management Engine is looked for in either form, and needs no update. Only what
/// is pinned is a result. Throws InterruptedError, and Error where the workshop fails.
[[nodiscard]] Salvage salvage(const manifests::Recipe& recipe, const ExtractedFile& file,
                              Workshop& workshop);

/// Whether `file` is a package of some kind that is not too large to be opened on suspicion.
[[nodiscard]] bool may_be_package(const ExtractedFile& file);

/// Tries all steps of `recipe` on `file`, which is not its package. Only what is pinned is a
/// result. Throws as `salvage` does.
[[nodiscard]] Salvage salvage_package(const manifests::Recipe& recipe, const ExtractedFile& file,
                                      Workshop& workshop);

/// The results of `recipe` from `file`, whatever it is: by all steps as from the package, else by
/// `salvage`. Throws VendorError or ImageError as the steps do, what was found instead behind it.
[[nodiscard]] std::vector<ExtractedResult> extract_from(const manifests::Recipe& recipe,
                                                        const ExtractedFile& file,
                                                        Workshop& workshop);

}  // namespace romwright::vendor
