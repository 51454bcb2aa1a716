// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/elf_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint8_t magic[] = {0x7f, 'E', 'L', 'F'};
constexpr std::uint64_t load_segment = 1;

}  // namespace

bool ElfFile::is_elf(ConstBytes bytes) noexcept {
  return bytes.size() >= 16 && std::ranges::equal(bytes.first(4), magic);
}

std::uint64_t ElfFile::field(ConstBytes bytes, std::size_t offset, std::size_t size) const {
  const ConstBytes at = slice(bytes, {offset, size}, "ELF field");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | at[big_ ? i : size - 1 - i];
  return value;
}

ConstBytes ElfFile::bytes(const Range& file) const { return slice(bytes_, file, "ELF file"); }

ConstBytes ElfFile::entry_of(const Table& table, std::uint64_t index, std::size_t smallest) const {
  if (table.entry_size < smallest)
    throw ImageError(fmt::format("its ELF tables have entries of {} bytes", table.entry_size));
  if (table.offset > bytes_.size()) throw ImageError("its ELF tables lie outside the file");
  return slice(bytes_, {table.offset + index * table.entry_size, table.entry_size}, "ELF table");
}

ElfFile::ElfFile(ConstBytes bytes) : bytes_(bytes) {
  if (!is_elf(bytes)) throw ImageError("is no ELF file");
  if (bytes[4] < 1 || bytes[4] > 2 || bytes[5] < 1 || bytes[5] > 2)
    throw ImageError("is an ELF file of an unknown class or byte order");
  wide_ = bytes[4] == 2;
  big_ = bytes[5] == 2;
  const ConstBytes header = slice(bytes, {0, wide_ ? 64U : 52U}, "ELF header");
  machine_ = static_cast<std::uint16_t>(field(header, 18, 2));
  entry_ = field(header, 24, wide_ ? 8 : 4);
  const std::size_t word = wide_ ? 8 : 4;
  const std::size_t sizes = wide_ ? 54 : 42;
  read_segments(
      {field(header, 24 + word, word), field(header, sizes + 2, 2), field(header, sizes, 2), 0});
  read_sections({field(header, 24 + 2 * word, word), field(header, sizes + 6, 2),
                 field(header, sizes + 4, 2), field(header, sizes + 8, 2)});
}

void ElfFile::read_segments(const Table& table) {
  for (std::uint64_t i = 0; i < table.count; ++i) {
    const ConstBytes entry = entry_of(table, i, wide_ ? 56 : 32);
    if (field(entry, 0, 4) != load_segment) continue;
    ElfSegment segment;
    const std::size_t word = wide_ ? 8 : 4;
    const std::size_t offset = wide_ ? 8 : 4;
    segment.physical_address = field(entry, offset + 2 * word, word);
    segment.file = {field(entry, offset, word), field(entry, offset + 3 * word, word)};
    segment.memory_size = field(entry, offset + 4 * word, word);
    static_cast<void>(bytes(segment.file));
    segments_.push_back(segment);
  }
}

void ElfFile::read_sections(const Table& table) {
  std::vector<std::uint32_t> names;
  for (std::uint64_t i = 0; i < table.count; ++i) {
    const ConstBytes entry = entry_of(table, i, wide_ ? 64 : 40);
    const std::size_t word = wide_ ? 8 : 4;
    ElfSection section;
    names.push_back(static_cast<std::uint32_t>(field(entry, 0, 4)));
    section.type = static_cast<std::uint32_t>(field(entry, 4, 4));
    section.link = static_cast<std::uint32_t>(field(entry, 8 + 4 * word, 4));
    section.file = {field(entry, 8 + 2 * word, word), field(entry, 8 + 3 * word, word)};
    if (section.type == section_no_bits || section.type == 0) section.file = {};
    static_cast<void>(bytes(section.file));
    sections_.push_back(section);
  }
  if (table.names >= sections_.size()) return;
  const ConstBytes text = bytes(sections_[static_cast<std::size_t>(table.names)].file);
  for (std::size_t i = 0; i < sections_.size(); ++i)
    if (names[i] < text.size()) sections_[i].name = c_string(text.subspan(names[i]));
}

const ElfSection* ElfFile::section(std::string_view name) const {
  const auto found = std::ranges::find(sections_, name, &ElfSection::name);
  return found == sections_.end() ? nullptr : &*found;
}

std::vector<ElfSymbol> ElfFile::symbols() const {
  const auto table = std::ranges::find(sections_, section_symbols, &ElfSection::type);
  if (table == sections_.end() || table->link >= sections_.size()) return {};
  const ConstBytes entries = bytes(table->file);
  const ConstBytes text = bytes(sections_[table->link].file);
  const std::size_t entry_size = wide_ ? 24 : 16;
  std::vector<ElfSymbol> symbols;
  for (std::size_t at = 0; entries.size() - at >= entry_size; at += entry_size) {
    const std::uint64_t name = field(entries, at, 4);
    symbols.push_back({name < text.size() ? c_string(text.subspan(static_cast<std::size_t>(name)))
                                          : std::string(),
                       field(entries, at + (wide_ ? 8 : 4), wide_ ? 8 : 4)});
  }
  return symbols;
}

}  // namespace romwright::images
