// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/pfs_volume.h"

#include <algorithm>
#include <zlib.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

constexpr std::string_view header_tag = "PFS.HDR.", footer_tag = "PFS.FTR.";
constexpr std::uint64_t frame_size = 16;  // of the header, and of the footer
constexpr std::size_t most_entries = 10'000;

/// Adds the four sizes of an entry up, part by part.
class Parts {
 public:
  Parts(ConstBytes sizes, std::uint64_t at) : sizes_(sizes), at_(at) {}
  Range next() {
    const Range range{at_, load_le<std::uint32_t>(sizes_, 4 * index_++)};
    at_ = range.end();
    return range;
  }

 private:
  ConstBytes sizes_;
  std::uint64_t at_;
  std::size_t index_ = 0;
};

std::uint64_t entry_header_size(std::uint32_t version) { return version == 1 ? 0x48 : 0x58; }

bool footer_fits(ConstBytes bytes, const Range& payload) {
  if (bytes.size() - payload.end() < frame_size) return false;
  const ConstBytes footer = slice(bytes, {payload.end(), frame_size}, "footer");
  const uLong crc = crc32_z(0, slice(bytes, payload, "payload").data(), payload.size);
  return std::ranges::equal(footer.subspan(8), as_bytes(footer_tag)) &&
         load_le<std::uint32_t>(footer) == payload.size &&
         load_le<std::uint32_t>(footer, 4) == (~crc & 0xffffffffU);
}

}  // namespace

std::string pfs_version(ConstBytes numbers, ConstBytes kinds) {
  std::string text;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::uint16_t number = load_le<std::uint16_t>(numbers, 2 * i);
    if (kinds[i] == 0 || kinds[i] == ' ') continue;
    if (!text.empty()) text += '.';
    text += kinds[i] == 'N' ? fmt::format("{}", number) : fmt::format("{:X}", number);
  }
  return text;
}

bool is_pfs_volume(ConstBytes bytes) noexcept {
  return bytes.size() >= frame_size &&
         std::ranges::equal(bytes.first(header_tag.size()), as_bytes(header_tag));
}

PfsVolume read_pfs_volume(ConstBytes bytes) {
  if (!is_pfs_volume(bytes)) throw ImageError("is no PFS volume");
  const Range payload{frame_size, load_le<std::uint32_t>(bytes, 12)};
  const ConstBytes whole = bytes.first(
      static_cast<std::size_t>(slice(bytes, payload, "PFS payload").size() + frame_size));
  PfsVolume volume;
  std::uint64_t at = frame_size;
  while (whole.size() - at >= entry_header_size(1)) {
    const ConstBytes rest = whole.subspan(static_cast<std::size_t>(at));
    const std::uint64_t header_size = entry_header_size(load_le<std::uint32_t>(rest, 0x10));
    if (rest.size() < header_size) break;
    if (volume.entries.size() == most_entries)
      throw ImageError(fmt::format("has more than {} entries", most_entries));
    PfsEntry entry;
    std::ranges::copy(rest.first(16), entry.guid.begin());
    entry.index = static_cast<unsigned>(volume.entries.size()) + 1;
    entry.version = pfs_version(rest.subspan(0x18, 8), rest.subspan(0x14, 4));
    Parts parts(rest.subspan(0x28, 16), at + header_size);
    entry.data = parts.next();
    entry.data_signature = parts.next();
    entry.metadata = parts.next();
    entry.metadata_signature = parts.next();
    if (entry.metadata_signature.end() > whole.size())
      throw ImageError(fmt::format("PFS entry {} at {:#x} leaves its volume", entry.index, at));
    at = entry.metadata_signature.end();
    volume.entries.push_back(std::move(entry));
  }
  volume.footer_fits = footer_fits(bytes, payload);
  return volume;
}

}  // namespace romwright::vendor
