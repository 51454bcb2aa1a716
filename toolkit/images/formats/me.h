// SPDX-License-Identifier: GPL-2.0-or-later
// The region of Intel's Management Engine (ME, TXE, SPS): its partition table, version, and whether
// it was cleaned. Source: the published analyses of $FPT and manifests; facts as in me_cleaner.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/problem.h"

namespace romwright::images {

struct MePartition {
  std::string name;  ///< four characters; what is not printable is shown as '?'
  Range range;       ///< in the region
  std::uint32_t flags = 0;
  bool has_data = false;  ///< false for NVRAM partitions and those without a place
  bool blank = false;     ///< all of it 0xff: removed, or never written
};

/// Reads a region in place.
class MeView {
 public:
  /// Throws ImageError for a region without "$FPT" at 0x10, at 0 or where a layout table (300
  /// series and later) says, and for a table that leaves the region.
  explicit MeView(ConstBytes region);

  [[nodiscard]] const std::vector<MePartition>& partitions() const noexcept { return partitions_; }
  [[nodiscard]] const MePartition* partition(std::string_view name) const;
  /// 1: ME 2 to 5; 2: ME 6 to 10, TXE 1 and 2, SPS 1 to 3; 3: newer.
  [[nodiscard]] int generation() const noexcept { return generation_; }
  /// True where the 300 series' layout table comes first: firmware after version 11.
  [[nodiscard]] bool layout_table() const noexcept { return layout_table_; }
  /// "ME", "TXE" or "SPS".
  [[nodiscard]] const std::string& variant() const noexcept { return variant_; }
  /// Major, minor, hotfix, build of the code partition; nothing where its manifest is not found. A
  /// region with a layout table has its code in boot partitions, which are not read.
  [[nodiscard]] std::optional<std::array<std::uint16_t, 4>> version() const noexcept {
    return version_;
  }
  /// True when of the partitions only the code that starts the machine (and MFS) is left.
  [[nodiscard]] bool cleaned() const noexcept { return cleaned_; }
  [[nodiscard]] bool checksum_valid() const noexcept { return checksum_valid_; }
  [[nodiscard]] Problems check() const;

 private:
  void read_partitions(std::size_t table, std::uint64_t base);
  void read_manifest();

  ConstBytes region_;
  std::vector<MePartition> partitions_;
  int generation_ = 2;
  std::string variant_ = "ME";
  std::optional<std::array<std::uint16_t, 4>> version_;
  bool layout_table_ = false;
  bool cleaned_ = false;
  bool checksum_valid_ = false;
};

/// True when `region` begins as an ME region does.
[[nodiscard]] bool is_me_region(ConstBytes region) noexcept;

}  // namespace romwright::images
