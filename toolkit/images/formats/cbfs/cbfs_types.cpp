// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_types.h"

#include <charconv>

#include <fmt/format.h>

namespace romwright::images {
namespace {

struct TypeName {
  std::uint32_t type;
  std::string_view name;
};

// The first name of a type is the one that is shown.
constexpr TypeName type_names[] = {
    {CbfsType::deleted, "deleted"},
    {CbfsType::bootblock, "bootblock"},
    {CbfsType::cbfs_header, "cbfs header"},
    {CbfsType::legacy_stage, "legacy stage"},
    {CbfsType::stage, "stage"},
    {CbfsType::simple_elf, "simple elf"},
    {0x21, "fit_payload"},
    {0x21, "fit"},
    {CbfsType::optionrom, "optionrom"},
    {0x40, "bootsplash"},
    {CbfsType::raw, "raw"},
    {0x51, "vsa"},
    {0x52, "mbi"},
    {CbfsType::microcode, "microcode"},
    {CbfsType::intel_fit, "intel_fit"},
    {CbfsType::fsp, "fsp"},
    {CbfsType::mrc, "mrc"},
    {0x62, "mma"},
    {0x63, "efi"},
    {0x70, "struct"},
    {CbfsType::amdfw, "amdfw"},
    {0xaa, "cmos_default"},
    {0xab, "spd"},
    {0xac, "mrc_cache"},
    {0x1aa, "cmos_layout"},
    {CbfsType::null, "null"},
};

}  // namespace

std::string cbfs_type_name(std::uint32_t type) {
  for (const TypeName& known : type_names)
    if (known.type == type) return std::string(known.name);
  return fmt::format("{:#x}", type);
}

std::optional<std::uint32_t> parse_cbfs_type(std::string_view text) {
  for (const TypeName& known : type_names)
    if (known.name == text) return known.type;
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  std::uint32_t type = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), type, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return type;
}

std::string to_string(CbfsCompression compression) {
  switch (compression) {
    case CbfsCompression::none:
      return "none";
    case CbfsCompression::lzma:
      return "LZMA";
    case CbfsCompression::lz4:
      return "LZ4";
    case CbfsCompression::zstd:
      return "ZSTD";
  }
  return fmt::format("unknown ({})", static_cast<std::uint32_t>(compression));
}

}  // namespace romwright::images
