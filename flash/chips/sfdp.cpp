// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chips/sfdp.h"

#include <algorithm>
#include <array>
#include <bit>

namespace romwright::flash {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint32_t signature = 0x50444653;
constexpr std::uint16_t basic_table = 0xff00;
constexpr std::uint16_t four_byte_instructions = 0xff84;
constexpr std::size_t most_headers = 16;
constexpr std::size_t most_dwords = 32;
constexpr std::uint64_t largest_chip = std::uint64_t{1} << 31;

struct TableHeader {
  std::uint16_t id = 0;
  std::uint8_t minor = 0, major = 0, dwords = 0;
  std::uint32_t pointer = 0;
};

TableHeader parse_header(ConstBytes bytes) {
  TableHeader header;
  header.id = static_cast<std::uint16_t>(bytes[7] << 8 | bytes[0]);
  // Before JESD216B the byte behind the pointer was unused, 0xff; the basic table's id is 0xff00.
  header.minor = bytes[1];
  header.major = bytes[2];
  header.dwords = bytes[3];
  header.pointer = load_le<std::uint32_t>(bytes, 4) & 0xffffff;
  return header;
}

/// The dwords of a table, numbered from 1 as the standard does; those that are not there are 0.
class Dwords {
 public:
  Dwords(const SfdpReader& read, const TableHeader& header)
      : count_(std::min<std::size_t>(header.dwords, most_dwords)),
        bytes_(read(header.pointer, 4 * count_)) {
    bytes_.resize(4 * count_);
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::uint32_t operator[](std::size_t number) const {
    return number <= count_ ? load_le<std::uint32_t>(bytes_, 4 * (number - 1)) : 0;
  }

 private:
  std::size_t count_;
  Buffer bytes_;
};

std::uint64_t chip_size(std::uint32_t density) {
  if ((density & 0x80000000U) == 0) return (std::uint64_t{density} + 1) / 8;
  const std::uint32_t log2_bits = density & 0x7fffffffU;
  return log2_bits >= 3 && log2_bits < 35 ? std::uint64_t{1} << (log2_bits - 3) : 0;
}

/// Dword 10: a count of units, the unit coded in two bits above it.
milliseconds erase_time(std::uint32_t field) {
  constexpr std::array units = {1, 16, 128, 1000};
  return milliseconds(units[(field >> 5) & 3] * static_cast<int>((field & 31) + 1));
}

/// Erase types 1 to 4 as they stand in the table; those of size 0 are not there.
using EraseTypes = std::array<SfdpErase, 4>;

EraseTypes read_erase_types(const Dwords& basic) {
  EraseTypes types;
  const std::uint32_t times = basic[10];
  for (unsigned i = 0; i < 4; ++i) {
    const std::uint32_t pair = basic[8 + i / 2] >> (i % 2 * 16);
    const unsigned log2_size = pair & 0xff;
    if (log2_size == 0 || log2_size > 31) continue;
    types[i] = {static_cast<std::uint8_t>(pair >> 8), std::uint32_t{1} << log2_size,
                milliseconds(0)};
    if (basic.count() >= 10) types[i].typical = erase_time((times >> (4 + 7 * i)) & 0x7f);
  }
  return types;
}

void read_erases(Sfdp& sfdp, const Dwords& basic, const EraseTypes& types) {
  for (const SfdpErase& type : types)
    if (type.size != 0) sfdp.erases.push_back(type);
  // The first editions name the 4 KiB erase in dword 1 only.
  const auto small = static_cast<std::uint8_t>(basic[1] >> 8);
  if ((basic[1] & 3) == 1 && small != 0xff && small != 0)
    sfdp.erases.push_back({small, 4096, milliseconds(0)});
  std::stable_sort(sfdp.erases.begin(), sfdp.erases.end(),
                   [](const SfdpErase& a, const SfdpErase& b) { return a.size < b.size; });
  const auto again = std::unique(sfdp.erases.begin(), sfdp.erases.end(),
                                 [](const SfdpErase& a, const SfdpErase& b) {
                                   return a.size == b.size && a.opcode == b.opcode;
                                 });
  sfdp.erases.erase(again, sfdp.erases.end());
}

void read_times(Sfdp& sfdp, const Dwords& basic) {
  if (basic.count() < 11) return;
  sfdp.erase_multiplier = basic[10] & 15;
  const std::uint32_t dword = basic[11];
  sfdp.page_size = std::uint32_t{1} << ((dword >> 4) & 15);
  const int program = static_cast<int>((dword >> 8) & 31) + 1;
  sfdp.page_program = microseconds((dword >> 13 & 1) != 0 ? 64 * program : 8 * program);
  constexpr std::array units = {16, 256, 4000, 64000};
  sfdp.chip_erase =
      milliseconds(units[(dword >> 29) & 3] * static_cast<int>(((dword >> 24) & 31) + 1));
}

void read_four_byte_table(Sfdp& sfdp, const Dwords& table, const EraseTypes& types) {
  if (table.count() < 2) return;
  sfdp.four_byte_table = true;
  sfdp.four_byte_read = (table[1] & 1) != 0 || (table[1] & 2) != 0;
  sfdp.four_byte_program = (table[1] & (1U << 6)) != 0;
  // Bits 9 to 12 say which of the erase types 1 to 4 has an instruction, dword 2 which.
  for (unsigned i = 0; i < types.size(); ++i)
    if ((table[1] >> (9 + i) & 1) != 0 && types[i].size != 0)
      sfdp.four_byte_erases.push_back(
          {static_cast<std::uint8_t>(table[2] >> (8 * i)), types[i].size, types[i].typical});
}

bool makes_sense(const Sfdp& sfdp) {
  return sfdp.size >= 4096 && sfdp.size <= largest_chip && sfdp.page_size >= 1 &&
         sfdp.page_size <= 4096 &&
         std::any_of(sfdp.erases.begin(), sfdp.erases.end(),
                     [&](const SfdpErase& erase) { return sfdp.size % erase.size == 0; });
}

}  // namespace

std::optional<Sfdp> parse_sfdp(const SfdpReader& read) {
  const Buffer head = read(0, 8);
  if (head.size() < 8 || load_le<std::uint32_t>(head) != signature) return std::nullopt;
  const std::size_t count = std::min<std::size_t>(std::size_t{head[6]} + 1, most_headers);
  const Buffer headers = read(8, 8 * count);
  if (headers.size() < 8 * count) return std::nullopt;
  std::optional<TableHeader> basic, four;
  for (std::size_t i = 0; i < count; ++i) {
    const TableHeader header = parse_header(ConstBytes(headers).subspan(8 * i, 8));
    // The first header is the basic table's; a later one of the same id is a newer edition of it.
    if (i == 0 || header.id == basic_table) {
      if (!basic || header.major > basic->major || header.minor >= basic->minor) basic = header;
    } else if (header.id == four_byte_instructions) {
      four = header;
    }
  }
  // Before the standard, tables of four dwords were made.
  if (!basic || basic->dwords < 4) return std::nullopt;
  const Dwords table(read, *basic);
  Sfdp sfdp;
  sfdp.major = basic->major;
  sfdp.minor = basic->minor;
  sfdp.dwords = table.count();
  sfdp.size = chip_size(table[2]);
  sfdp.volatile_status = (table[1] >> 3 & 1) != 0;
  constexpr std::array kinds = {Sfdp::Addressing::three, Sfdp::Addressing::three_or_four,
                                Sfdp::Addressing::four, Sfdp::Addressing::three};
  sfdp.addressing = kinds[(table[1] >> 17) & 3];
  const EraseTypes types = read_erase_types(table);
  read_erases(sfdp, table, types);
  read_times(sfdp, table);
  if (table.count() >= 16) sfdp.enter_four = static_cast<std::uint8_t>(table[16] >> 24);
  if (four) read_four_byte_table(sfdp, Dwords(read, *four), types);
  if (!makes_sense(sfdp)) return std::nullopt;
  return sfdp;
}

SfdpChip chip_from_sfdp(const Sfdp& sfdp) {
  SfdpChip made;
  Chip& chip = made.chip;
  chip.vendor = "";
  chip.name = "SFDP";
  chip.size = sfdp.size;
  chip.page_size = sfdp.page_size;
  chip.times.page_program = sfdp.page_program;
  chip.times.chip_erase = sfdp.chip_erase;
  const auto add = [&](const SfdpErase& erase) {
    if (sfdp.size % erase.size != 0) return;
    made.erases.push_back({erase.opcode, erase.size, {}});
    if (erase.size == 4U << 10) chip.times.erase_4k = erase.typical;
    if (erase.size == 32U << 10) chip.times.erase_32k = erase.typical;
    if (erase.size == 64U << 10) chip.times.erase_64k = erase.typical;
  };
  for (const SfdpErase& erase : sfdp.four_byte_erases) add(erase);
  for (const SfdpErase& erase : sfdp.erases) add(erase);
  // Chip erase is not in the tables: 0xc7 is what every such chip takes.
  made.erases.push_back({0xc7, static_cast<std::uint32_t>(sfdp.size), {}});
  chip.features.wrsr_ewsr = sfdp.volatile_status;
  chip.features.four_byte_commands = sfdp.four_byte_read && sfdp.four_byte_program;
  chip.features.four_byte_enter = (sfdp.enter_four & 0x01) != 0;
  chip.features.four_byte_enter_wren = (sfdp.enter_four & 0x02) != 0;
  chip.features.four_byte_ear = (sfdp.enter_four & 0x04) != 0;
  chip.features.four_byte_bank = (sfdp.enter_four & 0x08) != 0;
  chip.features.four_byte_only = sfdp.addressing == Sfdp::Addressing::four;
  chip.erases = made.erases;  // a moved vector keeps its elements where they are
  return made;
}

}  // namespace romwright::flash
