// SPDX-License-Identifier: GPL-2.0-or-later
// What became of each image of a batch.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "toolkit/pipeline/batch/output_record.h"

namespace romwright::pipeline {

enum class ImageState {
  built,
  reused,   ///< is there already, made of the same, by this run or another
  failed,   ///< `error` says why; the record has its names alone
  planned,  ///< would be built
};

struct ImageResult {
  ImageRecord record;
  ImageState state = ImageState::failed;
  std::exception_ptr error;
};

/// "built"
std::string to_string(ImageState state);

struct BatchResults {
  std::string plan;                 ///< its name
  std::vector<ImageResult> images;  ///< in the plan's order
  [[nodiscard]] std::size_t count(ImageState state) const;
};

/// {batch, version, built, reused, failed, planned, images[]{image, board, release, rom, size,
/// sha512, mac, verified, inserted[], added[], seconds, state, error}}
nlohmann::ordered_json to_json(const BatchResults& results);

}  // namespace romwright::pipeline
