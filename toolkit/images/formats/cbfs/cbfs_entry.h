// SPDX-License-Identifier: GPL-2.0-or-later
// The header of one CBFS entry, as bytes: reading it, and building one with attributes.
// Source: coreboot, cbfs_serialized.h; all fields are big-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "flash/base/bytes.h"
#include "toolkit/images/formats/cbfs/cbfs_file.h"

namespace romwright::images {

/// Entries begin at multiples of this, counted from the region's start.
constexpr std::uint64_t cbfs_alignment = 64;
/// The fields before the name.
constexpr std::size_t cbfs_fixed_header_size = 24;
/// The header of free space: the fields and an empty name.
constexpr std::size_t cbfs_free_header_size = 28;
/// coreboot reads no more of a header and its attributes.
constexpr std::size_t cbfs_metadata_max = 256;

/// Whether an entry begins at `offset` of `region_bytes`.
[[nodiscard]] bool is_cbfs_entry(ConstBytes region_bytes, std::uint64_t offset) noexcept;

/// The entry at `at`, an offset in the image, inside `region`. Throws ImageError "entry at 0x...".
[[nodiscard]] CbfsFile read_cbfs_entry(ConstBytes image, const Range& region, std::uint64_t at);

/// Builds a header: name, then attributes in the order in which they are added.
class CbfsHeader {
 public:
  /// `content_size` as it is stored. Throws ImageError for a name that no header can hold.
  CbfsHeader(std::string_view name, std::uint32_t type, std::uint64_t content_size);

  void add_stage(const CbfsStageHeader& stage);
  void add_compression(CbfsCompression compression, std::uint64_t decompressed_size);
  /// `algorithm` as in CbfsHash.
  void add_hash(std::uint32_t algorithm, ConstBytes digest);
  void add_position(std::uint32_t offset);
  void add_alignment(std::uint32_t alignment);
  /// Reserves `size` bytes, the attribute's own 8 included; rounded up to a multiple of 4.
  void add_padding(std::uint32_t size);

  /// The header; throws ImageError where it is larger than `cbfs_metadata_max`.
  [[nodiscard]] Buffer finish() const;

 private:
  void add(std::uint32_t tag, std::size_t data_size);
  template <std::unsigned_integral T>
  void put(T value);

  Buffer bytes_;
  std::size_t attributes_ = 0;
};

/// The header of `content_size` bytes of free space.
[[nodiscard]] Buffer free_space_header(std::uint64_t content_size);

/// Bytes of a header with this name and no attributes.
[[nodiscard]] std::uint64_t plain_header_size(std::string_view name) noexcept;

}  // namespace romwright::images
