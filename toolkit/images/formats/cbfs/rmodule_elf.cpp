// SPDX-License-Identifier: GPL-2.0-or-later
// An rmodule as ELF: what cbfstool extracts, and rmodtool takes.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/elf_file.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::images {
namespace {

constexpr std::string_view relocation_section = ".rel.program";
constexpr std::uint16_t machine_386 = 3;
constexpr std::uint32_t absolute_32 = 1;  // R_386_32

constexpr std::uint32_t header_size = 52, section_header_size = 40, segment_header_size = 32;
constexpr std::uint32_t contents_at = 4096;
constexpr std::uint32_t symbol_names_size = 4096;
constexpr std::uint16_t program_index = 4;  // .program among the sections

/// Appends little-endian fields.
class Fields {
 public:
  Fields& half(std::uint16_t value) { return put(value); }
  Fields& word(std::uint32_t value) { return put(value); }
  Fields& bytes(ConstBytes more) {
    bytes_.insert(bytes_.end(), more.begin(), more.end());
    return *this;
  }
  Fields& pad_to(std::size_t size) {
    bytes_.resize(std::max(size, bytes_.size()));
    return *this;
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(bytes_.size()); }
  [[nodiscard]] const Buffer& get() const { return bytes_; }

 private:
  template <std::unsigned_integral T>
  Fields& put(T value) {
    bytes_.resize(bytes_.size() + sizeof(T));
    store_le(bytes_, bytes_.size() - sizeof(T), value);
    return *this;
  }
  Buffer bytes_;
};

struct Section {
  std::string_view name;
  std::uint32_t type = 0, flags = 0, address = 0, size = 0, link = 0, info = 0, alignment = 0,
                entry_size = 0;
  bool in_file = true;
};

/// Symbols and their names, .strtab's first byte being 0.
class Symbols {
 public:
  Symbols() {
    names_.pad_to(1);
    symbols_.pad_to(16);
  }
  void add(std::string_view name, std::uint32_t value, std::uint8_t info) {
    symbols_.word(names_.size()).word(value).word(0).half(info).half(program_index);
    names_.bytes(as_bytes(name)).pad_to(names_.size() + 1);
  }
  [[nodiscard]] Fields names() const { return names_; }
  [[nodiscard]] const Fields& table() const { return symbols_; }

 private:
  Fields names_;
  Fields symbols_;
};

}  // namespace

bool is_rmodule_elf(ConstBytes bytes) noexcept {
  if (!ElfFile::is_elf(bytes)) return false;
  try {
    const ElfFile elf(bytes);
    const std::vector<ElfSymbol> symbols = elf.symbols();
    return elf.section(".program") != nullptr &&
           std::ranges::find(symbols, "_ebss", &ElfSymbol::name) != symbols.end();
  } catch (const Error&) {
    return false;
  }
}

Rmodule Rmodule::parse_elf(ConstBytes bytes) {
  const ElfFile elf(bytes);
  if (!is_rmodule_elf(bytes)) throw ImageError("is no ELF file of an rmodule");
  if (elf.is_64_bit() || !elf.is_little_endian() || elf.machine() != machine_386)
    throw ImageError("is an rmodule for another processor than a 32-bit x86");
  if (elf.segments().size() != 1)
    throw ImageError(
        fmt::format("has {} program segments, where an rmodule has one", elf.segments().size()));
  const ElfSegment& segment = elf.segments().front();
  Rmodule module;
  const ConstBytes program = elf.bytes(segment.file);
  module.program.assign(program.begin(), program.end());
  module.link_address = static_cast<std::uint32_t>(segment.physical_address);
  module.memory_size = static_cast<std::uint32_t>(segment.memory_size);
  module.entry = static_cast<std::uint32_t>(elf.entry());
  for (const ElfSymbol& symbol : elf.symbols()) {
    const auto value = static_cast<std::uint32_t>(symbol.value);
    if (symbol.name == "_rmodule_params") module.parameters_begin = value;
    if (symbol.name == "_ermodule_params") module.parameters_end = value;
    if (symbol.name == "_bss") module.bss_begin = value;
    if (symbol.name == "_ebss") module.bss_end = value;
  }
  const ElfSection* relocations = elf.section(relocation_section);
  const ConstBytes entries = relocations == nullptr ? ConstBytes() : elf.bytes(relocations->file);
  for (std::size_t at = 0; entries.size() - at >= 8; at += 8)
    if ((load_le<std::uint32_t>(entries, at + 4) & 0xff) == absolute_32)
      module.relocations.push_back(load_le<std::uint32_t>(entries, at));
  std::ranges::sort(module.relocations);
  return module;
}

Buffer Rmodule::to_elf() const {
  const auto program_size = static_cast<std::uint32_t>(program.size());
  const std::uint32_t empty = memory_size > program_size ? memory_size - program_size : 0;
  Symbols symbols;
  symbols.add(".program", empty != 0 ? link_address + program_size : link_address, 3);
  if (parameters_begin != parameters_end) {
    symbols.add("_rmodule_params", parameters_begin, 0x10);
    symbols.add("_ermodule_params", parameters_end, 0x10);
  }
  symbols.add("_bss", bss_begin, 0x10);
  symbols.add("_ebss", bss_end, 0x10);
  Fields relocation_entries;
  for (const std::uint32_t address : relocations)
    relocation_entries.word(address).word(1 << 8 | absolute_32);

  std::vector<Section> sections = {
      {""},
      {".shstrtab", 3},
      {".strtab", 3, 0, 0, symbol_names_size, 0, 0, 1},
      {".symtab", 2, 0, 0, symbols.table().size(), 2, symbols.table().size() / 16, 4, 16},
      {".program", 1, 7, link_address, program_size}};
  if (empty != 0)
    sections.push_back({".empty", 8, 3, link_address + program_size, empty, 0, 0, 0, 0, false});
  if (!relocations.empty())
    sections.push_back(
        {relocation_section, 9, 0, 0, relocation_entries.size(), 3, program_index, 4, 8});

  Fields names;
  std::vector<std::uint32_t> name_offsets;
  for (const Section& section : sections) {
    name_offsets.push_back(section.name.empty() ? 0 : names.size() == 0 ? 1 : names.size());
    if (names.size() == 0 && !section.name.empty()) names.pad_to(1);
    if (!section.name.empty()) names.bytes(as_bytes(section.name)).pad_to(names.size() + 1);
  }

  const auto count = static_cast<std::uint16_t>(sections.size());
  const std::uint32_t segment_header_at = header_size + section_header_size * count;
  const std::uint32_t names_at = segment_header_at + segment_header_size;
  sections[1].size = names.size();

  Fields file;
  constexpr std::uint8_t identity[16] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
  file.bytes(identity).half(2).half(machine_386).word(1).word(entry);
  file.word(segment_header_at).word(header_size).word(0);
  file.half(header_size).half(segment_header_size).half(1);
  file.half(section_header_size).half(count).half(1);
  std::uint32_t offset = contents_at;
  std::uint32_t program_at = 0;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Section& section = sections[i];
    const std::uint32_t at = i == 0 ? 0 : i == 1 ? names_at : offset;
    if (i == program_index) program_at = at;
    file.word(name_offsets[i]).word(section.type).word(section.flags).word(section.address);
    file.word(at).word(section.size).word(section.link).word(section.info);
    file.word(section.alignment).word(section.entry_size);
    if (i > 1 && section.in_file) offset += section.size;
  }
  file.word(1).word(program_at).word(link_address).word(link_address);
  file.word(program_size).word(std::max(memory_size, program_size)).word(7).word(0);
  file.bytes(names.get()).pad_to(contents_at);
  file.bytes(symbols.names().pad_to(symbol_names_size).get());
  file.bytes(symbols.table().get()).bytes(program).bytes(relocation_entries.get());
  return file.get();
}

}  // namespace romwright::images
