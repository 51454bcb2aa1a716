// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/coreboot_table.h"

namespace romwright::flash {

namespace {

constexpr std::uint32_t tag_mainboard = 3, tag_version = 4, tag_forward = 0x11, tag_gpios = 0x13,
                        tag_boot_media = 0x30;
constexpr std::size_t header_size = 24, largest_table = std::size_t{1} << 20;

/// The Internet checksum (RFC 1071) over little-endian words.
std::uint16_t checksum(ConstBytes bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += std::uint64_t{bytes[i]} << (8 * (i % 2));
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::string text_at(ConstBytes strings, std::size_t at) {
  return at < strings.size() ? c_string(strings.subspan(at)) : std::string();
}

/// The signal "write protect" among a Chromebook's: entries of port, polarity, value and name.
std::optional<bool> write_protect_signal(ConstBytes data) {
  constexpr std::size_t entry_size = 28, name_at = 12, name_size = 16;
  if (data.size() < 4) return std::nullopt;
  const std::uint64_t count = load_le<std::uint32_t>(data);
  ConstBytes rest = data.subspan(4);
  for (std::uint64_t i = 0; i < count && rest.size() >= entry_size; ++i) {
    const std::uint32_t active_high = load_le<std::uint32_t>(rest, 4);
    const std::uint32_t value = load_le<std::uint32_t>(rest, 8);
    if (c_string(rest.subspan(name_at, name_size)) == "write protect" && value <= 1)
      return active_high <= 1 ? std::optional(value == active_high) : std::nullopt;
    rest = rest.subspan(entry_size);
  }
  return std::nullopt;
}

void take(CorebootTable& table, std::uint32_t tag, ConstBytes data) {
  if (tag == tag_mainboard && data.size() > 2) {
    table.vendor = text_at(data.subspan(2), data[0]);
    table.part = text_at(data.subspan(2), data[1]);
  } else if (tag == tag_version) {
    table.version = c_string(data);
  } else if (tag == tag_forward && data.size() >= 8) {
    table.forward = load_le<std::uint64_t>(data);
  } else if (tag == tag_boot_media && data.size() >= 8) {
    table.fmap = load_le<std::uint64_t>(data);
  } else if (tag == tag_gpios) {
    table.write_protect = write_protect_signal(data);
  }
}

}  // namespace

std::optional<CorebootTable> parse_coreboot_table(ConstBytes bytes) {
  if (bytes.size() < header_size || text_at(bytes.first(4), 0) != "LBIO") return std::nullopt;
  const std::uint64_t header = load_le<std::uint32_t>(bytes, 4);
  const std::uint64_t size = load_le<std::uint32_t>(bytes, 12);
  if (header < header_size || header > bytes.size() || size > bytes.size() - header)
    return std::nullopt;
  if (checksum(bytes.first(header)) != 0) return std::nullopt;
  ConstBytes rest = bytes.subspan(header, size);
  if (checksum(rest) != load_le<std::uint32_t>(bytes, 16)) return std::nullopt;
  CorebootTable table;
  while (rest.size() >= 8) {
    const std::uint32_t record = load_le<std::uint32_t>(rest, 4);
    if (record < 8 || record > rest.size()) break;
    take(table, load_le<std::uint32_t>(rest), rest.subspan(8, record - 8));
    rest = rest.subspan(record);
  }
  return table;
}

std::optional<CorebootTable> find_coreboot_table(const MemoryReader& memory) {
  struct Window {
    std::uint64_t start;
    std::size_t size;
  };
  for (const Window window : {Window{0, 0x1000}, Window{0xf0000, 0x10000}}) {
    const auto bytes = memory(window.start, window.size);
    if (!bytes) continue;
    for (std::size_t at = 0; at + header_size <= bytes->size(); at += 16) {
      const auto table = parse_coreboot_table(ConstBytes(*bytes).subspan(at));
      if (!table) continue;
      if (!table->forward) return table;
      const auto head = memory(*table->forward, header_size);
      if (!head || head->size() < header_size) return std::nullopt;
      const std::uint64_t size =
          std::uint64_t{load_le<std::uint32_t>(*head, 4)} + load_le<std::uint32_t>(*head, 12);
      if (size > largest_table) return std::nullopt;
      const auto whole = memory(*table->forward, size);
      return whole ? parse_coreboot_table(*whole) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<CorebootTable> read_coreboot_table(const SystemFiles& files) {
  return find_coreboot_table([&](std::uint64_t address, std::size_t size) {
    return files.bytes("/dev/mem", address, size);
  });
}

}  // namespace romwright::flash
