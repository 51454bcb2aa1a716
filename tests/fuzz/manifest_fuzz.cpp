// SPDX-License-Identifier: GPL-2.0-or-later
// Any text as a board and as a vendor file: it loads, or a ManifestError says why not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "flash/base/error.h"
#include "toolkit/manifests/board.h"
#include "toolkit/manifests/recipe.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const manifests::Board board = manifests::parse_board(manifests::parse_yaml("fuzz.yaml", text));
    if (board.name.empty() || board.image.size == 0) std::abort();
  } catch (const ManifestError& error) {
    if (error.line().empty() || error.others().size() >= manifests::most_problems) std::abort();
  }
  try {
    const manifests::Recipe recipe =
        manifests::parse_recipe(manifests::parse_yaml("fuzz.yaml", text));
    if (recipe.results.empty()) std::abort();
  } catch (const ManifestError& error) {
    if (error.line().empty()) std::abort();
  }
  return 0;
}
