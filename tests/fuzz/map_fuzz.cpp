// SPDX-License-Identifier: GPL-2.0-or-later
// The map of any bytes, its page and picture, and the comparison of both halves. What the bytes
// name must not become markup.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "toolkit/pipeline/map/html_page.h"
#include "toolkit/pipeline/map/map_differences.h"
#include "toolkit/pipeline/map/svg_page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  const ConstBytes image(data, size);
  const pipeline::Inspection found = pipeline::inspect_image(image);
  pipeline::ImageMap map = pipeline::map_image(image, found, "fuzz");
  const ConstBytes half = image.first(size / 2);
  pipeline::mark_differences(
      map, pipeline::diff_images(image, found, half, pipeline::inspect_image(half)), "half");
  if (count(pipeline::html_page(map), "<script") != 1) std::abort();
  if (count(pipeline::svg_page(map), "<script") != 0) std::abort();
  return 0;
}
