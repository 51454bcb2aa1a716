// SPDX-License-Identifier: GPL-2.0-or-later
// Reads ELF files in place, as far as programs for firmware need. Source: System V ABI, chapter 4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

/// A program header of type PT_LOAD; `file` is in the ELF file.
struct ElfSegment {
  std::uint64_t physical_address = 0;
  std::uint64_t memory_size = 0;
  Range file;
};

/// A section; `file` is in the ELF file, and empty for one without bytes there.
struct ElfSection {
  std::string name;
  std::uint32_t type = 0;
  std::uint32_t link = 0;
  Range file;
};

struct ElfSymbol {
  std::string name;
  std::uint64_t value = 0;
};

/// An ELF file of 32 or 64 bits in either byte order, which must outlive the object.
class ElfFile {
 public:
  static constexpr std::uint32_t section_symbols = 2, section_no_bits = 8;

  [[nodiscard]] static bool is_elf(ConstBytes bytes) noexcept;
  /// Reads headers and tables. Throws ImageError where a part lies outside the file.
  explicit ElfFile(ConstBytes bytes);

  [[nodiscard]] bool is_64_bit() const noexcept { return wide_; }
  [[nodiscard]] bool is_little_endian() const noexcept { return !big_; }
  [[nodiscard]] std::uint16_t machine() const noexcept { return machine_; }
  [[nodiscard]] std::uint64_t entry() const noexcept { return entry_; }
  [[nodiscard]] const std::vector<ElfSegment>& segments() const noexcept { return segments_; }
  [[nodiscard]] const std::vector<ElfSection>& sections() const noexcept { return sections_; }
  /// The first section of that name, or nullptr.
  [[nodiscard]] const ElfSection* section(std::string_view name) const;
  /// The symbols of the first symbol table.
  [[nodiscard]] std::vector<ElfSymbol> symbols() const;
  [[nodiscard]] ConstBytes bytes(const Range& file) const;

 private:
  struct Table {
    std::uint64_t offset = 0;
    std::uint64_t count = 0;
    std::uint64_t entry_size = 0;
    std::uint64_t names = 0;  ///< the section that names sections
  };
  /// A field of 2, 4 or 8 bytes.
  [[nodiscard]] std::uint64_t field(ConstBytes bytes, std::size_t offset, std::size_t size) const;
  [[nodiscard]] ConstBytes entry_of(const Table& table, std::uint64_t index,
                                    std::size_t smallest) const;
  void read_segments(const Table& table);
  void read_sections(const Table& table);

  ConstBytes bytes_;
  bool wide_ = false;
  bool big_ = false;
  std::uint16_t machine_ = 0;
  std::uint64_t entry_ = 0;
  std::vector<ElfSegment> segments_;
  std::vector<ElfSection> sections_;
};

}  // namespace romwright::images
