// SPDX-License-Identifier: GPL-2.0-or-later
// Any text as a vendor file, whose steps are run on a small package: whatever parameters the schema
// lets through, an Error is the only way out. No program is found, so none is run.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "flash/base/error.h"
#include "toolkit/vendor/extraction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  static const int no_programs = ::setenv("PATH", "/nowhere", 1);
  if (no_programs != 0) std::abort();
  EventSink events;
  Run run{{}, events};
  vendor::Workshop workshop{run, ".", {.in_memory = 1U << 20}};
  Buffer package(4096);
  for (std::size_t i = 0; i < package.size(); ++i) package[i] = static_cast<std::uint8_t>(i * 7);
  try {
    const manifests::Recipe recipe = manifests::parse_recipe(
        manifests::parse_yaml("fuzz.yaml", {reinterpret_cast<const char*>(data), size}));
    if (recipe.extract.size() > 8) return 0;
    (void)vendor::extract_results(recipe, {"p.exe", vendor::Content(std::move(package))}, workshop);
  } catch (const Error& error) {
    if (error.line().empty()) std::abort();
  }
  return 0;
}
