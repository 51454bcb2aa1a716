// SPDX-License-Identifier: GPL-2.0-or-later
// Makes all images of a plan, or a part of them, and none that is there already.
#pragma once

#include "flash/base/event.h"
#include "toolkit/pipeline/batch/batch_results.h"
#include "toolkit/pipeline/batch/batch_setup.h"
#include "toolkit/pipeline/batch/shard.h"
#include "toolkit/vendor/store.h"

namespace romwright::pipeline {

struct BatchOptions {
  unsigned jobs = 1;  ///< threads; memory stays bounded however many there are
  Shard shard;
  bool rebuild = false;  ///< also what is there already
  bool dry_run = false;  ///< nothing is written
};

/// Runs the batch. Below the output lie the images, `results.json` (of a part
/// `results-I-of-N.json`; the part that finds all others done writes the whole), and `.batch/` with
/// what is remembered. What fails is in the results; only what concerns the whole is thrown: Error
/// where the output cannot be written, InterruptedError on a requested stop, where the images that
/// are finished stay.
BatchResults run_batch(const BatchSetup& setup, const BatchOptions& options,
                       const vendor::VendorStore& store, Run& run);

}  // namespace romwright::pipeline
