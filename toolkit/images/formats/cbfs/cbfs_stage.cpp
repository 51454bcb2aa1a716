// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_stage.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_compression.h"
#include "toolkit/images/formats/cbfs/elf_file.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::images {
namespace {

constexpr std::uint64_t rmodule_header_size = 64;
// The header of stages before 2021: compression, entry, load address, size, memory size.
constexpr std::uint64_t legacy_header_size = 28;

}  // namespace

CbfsStage stage_from_elf(ConstBytes bytes) {
  const ElfFile elf(bytes);
  std::uint64_t begin = UINT64_MAX, data_end = 0, memory_end = 0;
  for (const ElfSegment& segment : elf.segments()) {
    const Range data{segment.physical_address, segment.file.size};
    const Range memory{segment.physical_address, segment.memory_size};
    begin = std::min(begin, data.offset);
    data_end = std::max(data_end, data.end());
    memory_end = std::max({memory_end, memory.end(), data.end()});
  }
  if (data_end <= begin) throw ImageError("is an ELF file without a program to load");
  if (data_end - begin > max_decompressed_size || memory_end - begin > UINT32_MAX)
    throw ImageError(fmt::format("its segments span {:#x} to {:#x}, more than any flash holds",
                                 begin, memory_end));
  CbfsStage stage;
  stage.content.resize(static_cast<std::size_t>(data_end - begin));
  for (const ElfSegment& segment : elf.segments())
    std::ranges::copy(
        elf.bytes(segment.file),
        stage.content.begin() + static_cast<std::ptrdiff_t>(segment.physical_address - begin));
  stage.header = {begin, static_cast<std::uint32_t>(elf.entry() - begin),
                  static_cast<std::uint32_t>(memory_end - begin)};
  return stage;
}

CbfsStage stage_from_rmodule(ConstBytes bytes) {
  const Rmodule module = Rmodule::parse(bytes);
  CbfsStage stage{module.serialize(), {}};
  // In memory the relocations lie where the program's blank data follow later.
  const std::uint64_t memory =
      std::max<std::uint64_t>(rmodule_header_size + module.memory_size, stage.content.size());
  if (memory > UINT32_MAX) throw ImageError("is an rmodule that needs more than 4 GiB of memory");
  stage.header.memory_size = static_cast<std::uint32_t>(memory);
  return stage;
}

CbfsStage stage_from_legacy(ConstBytes content) {
  const ConstBytes header = slice(content, {0, legacy_header_size}, "stage header");
  const auto compression = static_cast<CbfsCompression>(load_le<std::uint32_t>(header));
  const std::uint64_t entry = load_le<std::uint64_t>(header, 4);
  const std::uint64_t load = load_le<std::uint64_t>(header, 12);
  const std::uint32_t size = load_le<std::uint32_t>(header, 20);
  const std::uint32_t memory = load_le<std::uint32_t>(header, 24);
  const ConstBytes stored = slice(content, {legacy_header_size, size}, "stage");
  CbfsStage stage;
  stage.content = compression == CbfsCompression::none
                      ? cbfs_decompress(compression, stored, size)
                      : cbfs_decompress_up_to(compression, stored, memory);
  stage.header = {load, static_cast<std::uint32_t>(entry - load), memory};
  return stage;
}

CbfsStage stage_from_program(ConstBytes program) {
  if (is_rmodule(program)) return stage_from_rmodule(program);
  if (is_rmodule_elf(program)) return stage_from_rmodule(Rmodule::parse_elf(program).serialize());
  return stage_from_elf(program);
}

}  // namespace romwright::images
