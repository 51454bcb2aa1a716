// SPDX-License-Identifier: GPL-2.0-or-later
// A PFS volume, as a section of a Dell update package holds it: entries and what they are called.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::vendor {

using PfsGuid = std::array<std::uint8_t, 16>;  ///< as it lies in the volume

/// One entry; its parts are in the volume.
struct PfsEntry {
  PfsGuid guid{};
  unsigned index = 0;   ///< from 1, as Dell's names count
  std::string version;  ///< "A.91"
  Range data, data_signature, metadata, metadata_signature;
};

struct PfsVolume {
  std::vector<PfsEntry> entries;
  /// False where the footer is missing, or has another size or checksum than the entries.
  bool footer_fits = false;
};

/// How Dell's names and entries write a version: four numbers, each with its kind.
[[nodiscard]] std::string pfs_version(ConstBytes numbers, ConstBytes kinds);

[[nodiscard]] bool is_pfs_volume(ConstBytes bytes) noexcept;
/// Throws ImageError for what is no volume, and for entries that leave it.
[[nodiscard]] PfsVolume read_pfs_volume(ConstBytes bytes);

/// What an entry is for, by its GUID.
enum class PfsRole { component, names, model, signatures };
[[nodiscard]] PfsRole pfs_role(const PfsGuid& guid) noexcept;

/// What the volume's own table calls an entry.
struct PfsName {
  PfsGuid guid{};
  std::string name;     ///< "System BIOS"
  std::string version;  ///< "A.91"
};
/// The names in an entry of the role `names`; ends where it is damaged or of another version.
[[nodiscard]] std::vector<PfsName> read_pfs_names(ConstBytes data);

}  // namespace romwright::vendor
