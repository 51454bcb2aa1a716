// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/stage_elf.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::images {
namespace {

constexpr std::uint32_t header_size = 52, section_header_size = 40, segment_header_size = 32;
constexpr std::uint32_t contents_at = 0x1000, symbol_names_size = 0x1000;
// Names of the sections as their headers refer to them: null, itself, .strtab and so on.
constexpr std::string_view names("\0.shstrtab\0.strtab\0.symtab\0.program\0.empty\0", 43);

/// Appends words.
class Words {
 public:
  Words& add(std::initializer_list<std::uint32_t> words) {
    for (const std::uint32_t word : words) {
      bytes_.resize(bytes_.size() + 4);
      store_le(bytes_, bytes_.size() - 4, word);
    }
    return *this;
  }
  void append(ConstBytes more) { bytes_.insert(bytes_.end(), more.begin(), more.end()); }
  void pad_to(std::size_t size) { bytes_.resize(size); }
  Buffer take() { return std::move(bytes_); }

 private:
  Buffer bytes_;
};

/// Bytes that are loaded; `empty` ones are not in the file.
struct Loaded {
  std::uint32_t address = 0, offset = 0, file_size = 0, memory_size = 0, flags = 0;
};

Buffer program_elf(const CbfsStage& stage) {
  constexpr std::uint32_t executable = 1, writable = 2, readable = 4;
  const auto size = static_cast<std::uint32_t>(stage.content.size());
  const auto load = static_cast<std::uint32_t>(stage.header.load_address);
  const std::uint32_t empty = stage.header.memory_size > size ? stage.header.memory_size - size : 0;
  const std::uint32_t program_at = contents_at + symbol_names_size;
  const std::uint32_t end = program_at + size;
  std::vector<Loaded> segments = {{load, program_at, size, size, readable | writable | executable}};
  // cbfstool puts what is empty at the program's size, as if the program began at 0.
  if (empty != 0 && load == 0) segments[0].memory_size += empty;
  if (empty != 0 && load != 0) segments.push_back({size, end, 0, empty, writable});

  const std::uint32_t count = empty != 0 ? 6 : 5;
  const auto shown = static_cast<std::uint32_t>(empty != 0 ? names.size() : names.size() - 7);
  const std::uint32_t segments_at = header_size + section_header_size * count;
  const auto segment_count = static_cast<std::uint32_t>(segments.size());
  const std::uint32_t names_at = segments_at + segment_header_size * segment_count;
  Words file;
  constexpr std::array<std::uint8_t, 16> identity = {0x7f, 'E', 'L', 'F', 1, 1, 1};
  file.append(identity);
  file.add({3U << 16 | 2, 1, load + stage.header.entry_offset, segments_at, header_size, 0});
  file.add({segment_header_size << 16 | header_size, section_header_size << 16 | segment_count,
            1U << 16 | count});
  // Name, type, flags, address, offset, size, link, info, alignment, size of an entry.
  file.add({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  file.add({1, 3, 0, 0, names_at, shown, 0, 0, 0, 0});
  file.add({11, 3, 0, 0, contents_at, symbol_names_size, 0, 0, 1, 0});
  file.add({19, 0, 0, 0, program_at, 0, 0, 0, 4, 16});
  file.add({27, 1, 7, load, program_at, size, 0, 0, 0, 0});
  if (empty != 0) file.add({36, 8, 3, size, end, empty, 0, 0, 0, 0});
  for (const Loaded& segment : segments)
    file.add({1, segment.offset, segment.address, segment.address, segment.file_size,
              segment.memory_size, segment.flags, 0});
  file.append(as_bytes(names.substr(0, shown)));
  file.pad_to(program_at);
  file.append(stage.content);
  return file.take();
}

}  // namespace

Buffer elf_from_stage(const CbfsStage& stage) {
  if (is_rmodule(stage.content)) return Rmodule::parse(stage.content).to_elf();
  if (stage.header.load_address > UINT32_MAX)
    throw ImageError("is a stage for addresses beyond 4 GiB");
  return program_elf(stage);
}

}  // namespace romwright::images
