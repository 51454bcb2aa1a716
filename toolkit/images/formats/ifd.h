// SPDX-License-Identifier: GPL-2.0-or-later
// Intel's flash descriptor in an image: regions, chips, masters, straps. Source: Intel's SPI
// programming guides; the names of regions and platforms are ifdtool's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/intel_descriptor.h"
#include "flash/base/problem.h"

namespace romwright::images {

/// The chipset that a descriptor is for, as far as its layout tells.
enum class IfdChipset {
  ich8,
  ich9,
  ich10,
  pch5,
  baytrail,
  pch6,
  pch8,
  c620,
  c740,
  pch100,
  pch300,
  pch500,
  apollo_lake,
  gemini_lake,
  snow_ridge,
  elkhart_lake,
  jasper_lake,
  meteor_lake,
  lunar_lake,
  panther_lake,
  arrow_lake,
};

/// "100 series", "ICH9", ...
[[nodiscard]] std::string_view to_string(IfdChipset chipset);

/// What ifdtool's -p names: where masters and straps differ.
struct IfdPlatform {
  std::string_view name;  ///< "sklkbl"
  DescriptorVersion version = DescriptorVersion::v2;
  bool extended_masters = false;  ///< regions 12 to 15 have bits in FLMSTR
  enum class Lock { core, atom, server, legacy } lock = Lock::core;
};

/// Every platform by name, and the one of v1 descriptors, "" (guessed).
[[nodiscard]] std::span<const IfdPlatform> ifd_platforms();
/// The platform of that name, an alias ("sandybridge", "ivybridge", ... for v1) included, or
/// nullptr.
[[nodiscard]] const IfdPlatform* find_ifd_platform(std::string_view name);
/// The platform whose rules a chipset follows.
[[nodiscard]] const IfdPlatform& ifd_platform_of(IfdChipset chipset);

struct IfdRegion {
  unsigned index = 0;
  std::string_view name;    ///< "fd", "bios", "me", "gbe", ...
  std::string_view pretty;  ///< ifdtool's: "Intel ME"
  Range range;
};

/// Reads a descriptor in place.
class IfdView {
 public:
  /// The image begins with a descriptor whose signature lies at `signature` (0x10 or 0). A view of
  /// less than 4 KiB, or whose sections leave the descriptor, is an ImageError.
  IfdView(ConstBytes image, std::size_t signature);

  [[nodiscard]] std::size_t signature_offset() const noexcept { return signature_; }
  [[nodiscard]] DescriptorVersion version() const noexcept { return version_; }
  [[nodiscard]] IfdChipset chipset() const;
  /// The regions in use, by index.
  [[nodiscard]] std::vector<IfdRegion> regions() const;
  /// The region of that short name ("me") or of ifdtool's ("Intel ME"), where it is in use.
  [[nodiscard]] std::optional<Range> region(std::string_view name) const;
  /// Sizes of the chips that the descriptor is for; a chip of unknown density has size 0. One that
  /// is coded as absent (0xf, 8 series and later) is left out.
  [[nodiscard]] std::vector<std::uint64_t> components() const;
  /// FLMSTR1 and following, as they are.
  [[nodiscard]] std::vector<std::uint32_t> masters() const;
  /// PCH (or ICH) soft straps, as many as the map says and the descriptor holds.
  [[nodiscard]] std::vector<std::uint32_t> straps() const;
  /// Whether the Management Engine is switched off by HAP, AltMeDisable or the ICH's straps.
  [[nodiscard]] bool me_disabled() const;
  /// Bounds, overlap, number and density of chips against the image's size.
  [[nodiscard]] Problems check() const;

  /// Sections, as offsets in the image.
  [[nodiscard]] std::size_t fcba() const { return (map(0) & 0xff) << 4; }
  [[nodiscard]] std::size_t frba() const { return ((map(0) >> 16) & 0xff) << 4; }
  [[nodiscard]] std::size_t fmba() const { return (map(1) & 0xff) << 4; }
  [[nodiscard]] std::size_t fpsba() const { return ((map(1) >> 16) & 0xff) << 4; }
  [[nodiscard]] std::size_t fmsba() const { return (map(2) & 0xff) << 4; }

 private:
  [[nodiscard]] std::uint32_t map(unsigned index) const;
  [[nodiscard]] std::uint32_t dword(std::size_t offset) const;
  [[nodiscard]] std::size_t region_count() const;

  ConstBytes image_;
  std::size_t signature_;
  DescriptorVersion version_;
};

/// The descriptor at the start of `image`; nothing where it has none. Throws ImageError for one
/// that is damaged.
std::optional<IfdView> find_ifd(ConstBytes image);

/// Changes an image's regions and its descriptor, as ifdtool does.
class IfdEditor {
 public:
  /// `platform` where it is known; otherwise it is told by the descriptor. Throws ImageError where
  /// the image has no descriptor.
  explicit IfdEditor(Bytes image, const IfdPlatform* platform = nullptr);

  /// Writes `content` at the region's start and leaves the rest as it is; the BIOS region is filled
  /// with 0xff and the content put at its end. Throws ImageError for a region that is not in use or
  /// too small to be one, that leaves the image, and for content that does not fit.
  void insert_region(std::string_view name, ConstBytes content);
  /// The whole region 0xff.
  void erase_region(std::string_view name);
  /// Every master may access every region.
  void unlock();
  /// The access rights that ifdtool's --lock gives.
  void lock();
  /// Sets or clears the bits that switch the Management Engine off.
  void set_me_disabled(bool disabled);

 private:
  [[nodiscard]] IfdView view() const;
  [[nodiscard]] Bytes region(std::string_view name) const;
  void set_master(unsigned index, std::uint32_t value);

  Bytes image_;
  const IfdPlatform* platform_;
};

}  // namespace romwright::images
