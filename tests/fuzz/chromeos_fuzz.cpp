// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as what a ChromeOS recovery image is made of, the first byte choosing what: partition
// table, file system, updater, or the whole. An Error is the only way out.
#include <cstdint>
#include <cstdlib>

#include "flash/base/error.h"
#include "toolkit/vendor/chromeos/ext2_files.h"
#include "toolkit/vendor/chromeos/gpt.h"
#include "toolkit/vendor/chromeos/shell_archive.h"

namespace {

using namespace romwright;
using namespace romwright::vendor;

void read_partitions(ConstBytes bytes) {
  for (const GptPartition& partition : read_gpt(bytes))
    if (partition.name.size() > 36 || partition.range.empty() ||
        !Range{0, bytes.size()}.contains(partition.range))
      std::abort();
}

bool stays_within(std::string_view path) {
  return path.starts_with("r.bin/") &&
         ("/" + std::string(path) + "/").find("/../") == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ConstBytes bytes(data + 1, size - 1);
  EventSink events;
  Run run{{}, events};
  Workshop workshop{run, ".", {.file_size = 8U << 20, .total_size = 16U << 20, .files = 100}};
  UnpackBudget budget(workshop.limits);
  const ExtractedFile file{"r.bin", Content(nullptr, bytes)};
  try {
    switch (data[0] % 4) {
      case 0:
        read_partitions(bytes);
        break;
      case 1:
        if (read_ext2_file(bytes, "/usr/sbin/f", budget, workshop).size() > bytes.size())
          std::abort();
        break;
      case 2:
        for (const ExtractedFile& member : read_shell_archive(file, budget, workshop))
          if (!stays_within(member.path)) std::abort();
        break;
      default:
        for (const ExtractedFile& member :
             find_entry(extractors(), "chromeos_recovery")
                 ->extract({file}, {{"updater", "/f"}, {"image", "*"}}, workshop))
          if (!stays_within(member.path)) std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
