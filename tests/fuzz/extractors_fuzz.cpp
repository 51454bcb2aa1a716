// SPDX-License-Identifier: GPL-2.0-or-later
// Runs the extractors that need no program and no temporary file, the first byte choosing which: an
// Error is the only way out, and no path leaves its folder.
#include <cstdint>
#include <iterator>

#include "flash/base/error.h"
#include "toolkit/vendor/extractor.h"

namespace {

using namespace romwright;
using nlohmann::json;

struct Step {
  const char* extractor;
  json parameters;
};

const Step steps[] = {
    {"find", {{"intel-me", "any"}}},
    {"find", {{"guid", "AAAAAAAA-0000-0000-0000-000000000001"}}},
    {"uefi", {{"path", json::array({{{"section", "raw"}}})}}},
    {"sch5545", json::object()},
    {"fsp_split", json::object()},
    {"kbc1126", json::object()},
    {"cbfs_file", {{"name", "fallback/refcode"}, {"stage", "elf"}}},
    {"cbfs_file", {{"name", "mrc.bin"}}},
    {"dell_pfs", json::object()},
    {"dell_pfs", {{"section", "utilities"}, {"component", "*"}}},
    {"e6400_vga", json::object()},
    {"e6400_vga", {{"offset", 10}}},
    {"carve", {{"offset", 100}, {"size", 20}}},
    {"patch", {{"offset", 100}, {"bytes", "00ff"}}},
    {"pad", {{"size", 300}}},
    {"thunderbolt", {{"size", 300}}},
    {"me_clean", {{"relocate", true}, {"truncate", true}}},
    {"me_clean", {{"soft_disable_only", true}}},
    {"me7_update", json::object()},
};

bool stays_within(std::string_view path) {
  return !path.starts_with("/") &&
         ("/" + std::string(path) + "/").find("/../") == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Step& step = steps[data[0] % std::size(steps)];
  EventSink events;
  Run run{{}, events};
  vendor::Workshop workshop{run, "."};
  const vendor::ExtractedFiles files = {
      {"package.exe", vendor::Content(nullptr, ConstBytes(data + 1, size - 1))}};
  try {
    const auto* entry = find_entry(vendor::extractors(), step.extractor);
    const vendor::ExtractedFiles found = entry->extract(files, step.parameters, workshop);
    if (found.empty()) __builtin_trap();
    for (const vendor::ExtractedFile& file : found)
      if (!stays_within(file.path)) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
