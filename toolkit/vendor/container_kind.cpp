// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/container_kind.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view zip_file = "PK\x03\x04"sv;
constexpr std::string_view zip_empty = "PK\x05\x06"sv;
constexpr std::string_view seven_zip = "7z\xbc\xaf\x27\x1c"sv;
constexpr std::string_view rar = "Rar!\x1a\x07"sv;
constexpr std::string_view cab = "MSCF\0\0\0\0"sv;

bool has(ConstBytes bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset && bytes.size() - offset >= text.size() &&
         std::ranges::equal(bytes.subspan(offset, text.size()), as_bytes(text));
}

/// Before POSIX gave it a signature: its header's checksum, with blanks in its own place, fits.
bool is_old_tar(ConstBytes bytes) {
  constexpr std::size_t block = 512, checksum_at = 148, checksum_size = 8;
  if (bytes.size() < block || bytes[0] < ' ') return false;
  std::uint32_t sum = checksum_size * ' ', told = 0;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < block; ++i) {
    const bool counted = i < checksum_at || i >= checksum_at + checksum_size;
    if (counted) sum += bytes[i];
    if (!counted && bytes[i] >= '0' && bytes[i] <= '7') {
      told = told << 3 | (bytes[i] - std::uint32_t{'0'});
      ++digits;
    }
  }
  return digits > 0 && told == sum;
}

bool is_compressed(ConstBytes bytes) {
  return has(bytes, 0, "\x1f\x8b\x08"sv) || has(bytes, 0, "\xfd\x37zXZ\0"sv) ||
         (has(bytes, 0, "BZh"sv) && has(bytes, 4, "1AY&SY"sv)) ||
         has(bytes, 0, "\x28\xb5\x2f\xfd"sv);
}

/// The signatures that begin from `begin` to before `end`, in order; of each kind at most 16.
std::vector<ArchivePlace> signatures_within(const Content& program, std::uint64_t begin,
                                            std::uint64_t end) {
  constexpr std::size_t most = 16;
  std::vector<ArchivePlace> found;
  for (const std::string_view signature : {zip_file, seven_zip, rar, cab}) {
    std::size_t count = 0;
    for (auto at = program.find(as_bytes(signature), static_cast<std::size_t>(begin));
         at && *at < end && count < most; at = program.find(as_bytes(signature), *at + 1)) {
      found.push_back({*at, container_kind(program.bytes().subspan(*at))});
      ++count;
    }
  }
  std::ranges::sort(found, {}, &ArchivePlace::offset);
  return found;
}

}  // namespace

ContainerKind container_kind(ConstBytes bytes) {
  if (has(bytes, 0, zip_file) || has(bytes, 0, zip_empty)) return ContainerKind::zip;
  if (has(bytes, 0, seven_zip)) return ContainerKind::seven_zip;
  if (has(bytes, 0, rar)) return ContainerKind::rar;
  if (has(bytes, 0, cab)) return ContainerKind::cab;
  if (is_compressed(bytes)) return ContainerKind::compressed;
  if (has(bytes, 257, "ustar"sv)) return ContainerKind::tar;
  if (has(bytes, 0x8001, "CD001"sv)) return ContainerKind::iso9660;
  if (has(bytes, 0, "MZ"sv) && bytes.size() >= 64) return ContainerKind::pe;
  if (is_old_tar(bytes)) return ContainerKind::tar;
  return ContainerKind::none;
}

PeProgram read_pe(ConstBytes bytes) {
  const std::uint64_t header = load_le<std::uint32_t>(slice(bytes, {0x3c, 4}, "PE"));
  const ConstBytes coff = slice(bytes, {header, 24}, "PE: header");
  if (!has(coff, 0, "PE\0\0"sv)) throw ImageError("PE: no signature at its header");
  const std::uint64_t count = load_le<std::uint16_t>(coff, 6);
  const std::uint64_t table = header + 24 + load_le<std::uint16_t>(coff, 20);
  const ConstBytes sections = slice(bytes, {table, count * 40}, "PE: section table");
  std::uint64_t end = table + sections.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t size = load_le<std::uint32_t>(sections, i * 40 + 16);
    const std::uint64_t offset = load_le<std::uint32_t>(sections, i * 40 + 20);
    if (size != 0) end = std::max(end, offset + size);
  }
  return {std::min<std::uint64_t>(end, bytes.size())};
}

std::vector<ArchivePlace> archives_within(const Content& program) {
  std::uint64_t overlay = program.size();
  try {
    overlay = read_pe(program.bytes()).overlay;
  } catch (const ImageError&) {
    // A DOS program, or a damaged one: its signatures are looked for all the same.
  }
  std::vector<ArchivePlace> behind = signatures_within(program, overlay, program.size());
  // These have too short a signature, or too late a one, to be looked for everywhere.
  const ContainerKind first = container_kind(program.bytes().subspan(overlay));
  if (first == ContainerKind::tar || first == ContainerKind::iso9660 ||
      first == ContainerKind::compressed)
    behind.insert(behind.begin(), {static_cast<std::size_t>(overlay), first});
  // A zip archive of the whole program is tried behind those of the overlay.
  if (std::ranges::find(behind, ContainerKind::zip, &ArchivePlace::kind) != behind.end())
    behind.push_back({0, ContainerKind::zip});
  std::ranges::copy(signatures_within(program, 0, overlay), std::back_inserter(behind));
  return behind;
}

bool is_inno_setup(const Content& program) {
  return program.find(as_bytes("Inno Setup Setup Data (")).has_value();
}

}  // namespace romwright::vendor
