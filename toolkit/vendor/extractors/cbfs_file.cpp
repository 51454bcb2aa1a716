// SPDX-License-Identifier: GPL-2.0-or-later
// cbfs_file: one file of a CBFS; a stage as the ELF file that cbfstool makes of it.
#include <optional>

#include <fmt/format.h>

#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/cbfs/cbfs_stage.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"
#include "toolkit/images/formats/cbfs/stage_elf.h"
#include "toolkit/vendor/each_file.h"
#include "toolkit/vendor/file_pattern.h"

namespace romwright::vendor {

namespace {

using namespace images;

/// The next file of a CBFS at or after `from`, in steps of the alignment: an area that holds more
/// than a CBFS, such as a ChromeOS RO_SECTION, need not begin with one.
std::optional<std::uint64_t> find_start(ConstBytes image, const Range& area, std::uint64_t from) {
  constexpr std::uint64_t alignment = 64;
  const ConstBytes bytes = slice(image, area, "FMAP area");
  while (const auto at = find_bytes(bytes, as_bytes("LARCHIVE"), static_cast<std::size_t>(from))) {
    if (*at % alignment == 0) return *at;
    from = *at + 1;
  }
  return std::nullopt;
}

Buffer content_of(const CbfsView& cbfs, const CbfsFile& file, bool as_elf) {
  if (!as_elf) return cbfs.contents(file);
  return within(fmt::format("CBFS file {}", file.name), [&] {
    if (file.type == CbfsType::legacy_stage)
      return elf_from_stage(stage_from_legacy(cbfs.contents(file)));
    if (!file.stage) throw ImageError("is no stage");
    return elf_from_stage({cbfs.contents(file), *file.stage});
  });
}

std::optional<Buffer> find_file(ConstBytes image, std::string_view area, const std::string& name,
                                bool as_elf) {
  const std::optional<Range> region = locate_cbfs(image, area);
  if (!region) return std::nullopt;
  std::uint64_t from = 0;
  while (const auto start = find_start(image, *region, from)) {
    const CbfsView cbfs(image, {region->offset + *start, region->size - *start});
    if (const CbfsFile* file = cbfs.find(name)) return content_of(cbfs, *file, as_elf);
    from = std::max(cbfs.files().back().entry.end() - region->offset, *start + 1);
  }
  return std::nullopt;
}

ExtractedFiles cbfs_file(const ExtractedFiles& files, const nlohmann::json& parameters,
                         Workshop& workshop) {
  const std::string name = parameters.at("name").get<std::string>();
  const std::string area = parameters.value("area", "COREBOOT");
  const bool as_elf = parameters.value("stage", "raw") == "elf";
  return from_each_file(
      files, workshop,
      fmt::format("cbfs_file: no CBFS with a file {} in the FMAP area {}, in {}", name, area,
                  list_paths(files)),
      [&](const ExtractedFile& file, ExtractedFiles& found) {
        if (auto content = find_file(file.content.bytes(), area, name, as_elf))
          found.push_back({fmt::format("{}/{}", file.path, name), Content(*std::move(content))});
      });
}

}  // namespace

extern const ExtractorEntry extractor_cbfs_file{"cbfs_file", cbfs_file};

}  // namespace romwright::vendor
