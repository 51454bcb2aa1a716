// SPDX-License-Identifier: GPL-2.0-or-later
// Unpacks bytes as whatever container they are: an Error is the only way out, no path leaves its
// folder, and no more comes out than may. No program is found, so none is run.
#include <cstdint>
#include <cstdlib>

#include "flash/base/error.h"
#include "toolkit/vendor/extractor.h"

namespace {

bool stays_within(std::string_view path) {
  return !path.starts_with("/") &&
         ("/" + std::string(path) + "/").find("/../") == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  static const int no_programs = ::setenv("PATH", "/nowhere", 1);
  if (no_programs != 0) std::abort();
  EventSink events;
  Run run{{}, events};
  vendor::Workshop workshop{
      run, ".", {.file_size = 4U << 20, .total_size = 16U << 20, .files = 200, .depth = 3}};
  try {
    std::uint64_t total = 0;
    const auto* unpack = find_entry(vendor::extractors(), "unpack");
    for (const vendor::ExtractedFile& file :
         unpack->extract({{"package", vendor::Content(nullptr, ConstBytes(data, size))}},
                         nlohmann::json::object(), workshop)) {
      if (!stays_within(file.path)) std::abort();
      if (file.path != "package") total += file.content.size();
    }
    if (total > workshop.limits.total_size) std::abort();
  } catch (const Error&) {
  }
  return 0;
}
