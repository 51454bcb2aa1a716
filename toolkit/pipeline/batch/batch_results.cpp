// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/batch_results.h"

#include <algorithm>
#include <cmath>

#include "flash/base/error.h"
#include "flash/base/version.h"

namespace romwright::pipeline {

namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known.line();
  } catch (const std::exception& other) {
    return other.what();
  }
}

Json image_json(const ImageResult& result) {
  const ImageRecord& record = result.record;
  Json json{{"image", record.image},
            {"state", to_string(result.state)},
            {"board", record.board},
            {"release", record.release}};
  if (!record.rom.empty()) json["rom"] = record.rom;
  if (!record.mac.empty()) json["mac"] = record.mac;
  if (result.error) json["error"] = line_of(result.error);
  if (record.sha512.empty()) return json;
  constexpr double thousandth = 1000;
  json.update({{"size", record.size},
               {"sha512", record.sha512},
               {"verified", record.verified},
               {"inserted", record.inserted},
               {"added", record.added},
               {"seconds", std::round(record.seconds * thousandth) / thousandth}});
  return json;
}

}  // namespace

std::string to_string(ImageState state) {
  switch (state) {
    case ImageState::built:
      return "built";
    case ImageState::reused:
      return "reused";
    case ImageState::planned:
      return "planned";
    case ImageState::failed:
      break;
  }
  return "failed";
}

std::size_t BatchResults::count(ImageState state) const {
  return static_cast<std::size_t>(std::ranges::count(images, state, &ImageResult::state));
}

nlohmann::ordered_json to_json(const BatchResults& results) {
  Json json{{"batch", results.plan}, {"version", version}};
  for (const ImageState state :
       {ImageState::built, ImageState::reused, ImageState::failed, ImageState::planned})
    json[to_string(state)] = results.count(state);
  json["images"] = Json::array();
  for (const ImageResult& result : results.images) json["images"].push_back(image_json(result));
  return json;
}

}  // namespace romwright::pipeline
