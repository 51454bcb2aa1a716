// SPDX-License-Identifier: GPL-2.0-or-later
// How Libreboot names ROMs and release tarballs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace romwright::images {

/// Stands in front of a ROM's name while vendor files are missing in it.
inline constexpr std::string_view unready_prefix =
    "DO_NOT_FLASH_YET._FIRST,_INJECT_FILES_VIA_INSTRUCTIONS_ON_LIBREBOOT.ORG_";

/// A ROM's file name, with the prefix told apart.
struct RomName {
  std::string name;      ///< without the prefix: "seabios_x230_12mb_txtmode.rom"
  bool unready = false;  ///< the prefix was there

  /// The file name, with the prefix where `unready`.
  [[nodiscard]] std::string file() const;
  friend bool operator==(const RomName&, const RomName&) = default;
};

/// Reads the last part of a path; nothing where it does not end in ".rom" behind a name.
[[nodiscard]] std::optional<RomName> parse_rom_name(std::string_view file);

/// What a ROM's name says: `<payload>_<board>[_<init>][_<display>][_<keymap>].rom`.
struct RomNameParts {
  std::string payload;  ///< seabios, seagrub, grub, uboot, ...
  std::string init;     ///< libgfxinit, normal, vgarom, fspgop; may be empty
  std::string display;  ///< corebootfb, txtmode; may be empty
  std::string keymap;   ///< usqwerty, ...; may be empty
  friend bool operator==(const RomNameParts&, const RomNameParts&) = default;
};

/// Takes apart the name (without prefix) of a ROM of `board`; nothing where it is not of that form.
[[nodiscard]] std::optional<RomNameParts> rom_name_parts(std::string_view name,
                                                         std::string_view board);

/// The board that a tarball's name tells: "libreboot-20240612_x230_12mb.tar.xz" is of x230_12mb.
[[nodiscard]] std::optional<std::string> board_of_tarball(std::string_view file);

/// True for the archive of a release's source code, "..._src.tar.xz".
[[nodiscard]] bool is_source_tarball(std::string_view file);

}  // namespace romwright::images
