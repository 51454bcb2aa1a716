// SPDX-License-Identifier: GPL-2.0-or-later
// A recipe at work: from a package to the files that it pins.
#pragma once

#include <string>
#include <vector>

#include "toolkit/manifests/recipe.h"
#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

/// A file that is what the recipe pins.
struct ExtractedResult {
  manifests::RecipeResult result;
  Content content;
};

/// Runs one step on the files there are. Throws what the extractor throws, with the step's place
/// "FILE:LINE: EXTRACTOR" in front, and InterruptedError.
ExtractedFiles run_step(const manifests::ExtractStep& step, const ExtractedFiles& files,
                        Workshop& workshop);

/// Runs the steps of `recipe` on `package` (not verified here) and returns its results in their
/// order. Throws VendorError "RECIPE: RESULT: ..." where one did not come out as pinned, with each
/// file that came out in its place described beside it; and what run_step throws.
std::vector<ExtractedResult> extract_results(const manifests::Recipe& recipe,
                                             const ExtractedFile& package, Workshop& workshop);

}  // namespace romwright::vendor
