// SPDX-License-Identifier: GPL-2.0-or-later
// Simple values that several kinds of manifest hold.
#pragma once

#include "toolkit/manifests/schema.h"

namespace romwright::manifests::schemas {

inline constexpr Schema text{.shape = Shape::text};
inline constexpr Schema name{.shape = Shape::name};
inline constexpr Schema names{.shape = Shape::list, .item = &name};
inline constexpr Schema pattern{.shape = Shape::pattern};
inline constexpr Schema sha512{.shape = Shape::sha512};
/// No flash chip that is meant here is larger.
inline constexpr Schema flash_size{.shape = Shape::size, .least = 1, .most = 256U << 20};
/// A package of a vendor: ChromeOS recovery images have more than 1 GiB.
inline constexpr Schema download_size{.shape = Shape::size, .least = 1, .most = 16ULL << 30};
inline constexpr Schema range{.shape = Shape::range};
inline constexpr Schema boolean{.shape = Shape::boolean};
inline constexpr Schema byte{.shape = Shape::integer, .most = 0xff};
inline constexpr Schema offset{.shape = Shape::size};
/// The types of CBFS files, as cbfstool names them.
inline constexpr std::string_view cbfs_type_names[] = {
    "bootblock", "cbfs header",  "legacy stage", "stage",     "simple elf", "fit_payload",
    "optionrom", "bootsplash",   "raw",          "vsa",       "mbi",        "microcode",
    "intel_fit", "fsp",          "mrc",          "mma",       "efi",        "struct",
    "amdfw",     "cmos_default", "spd",          "mrc_cache", "cmos_layout"};
inline constexpr Schema cbfs_type{
    .shape = Shape::number_or_choice, .choices = cbfs_type_names, .most = UINT32_MAX};
inline constexpr Schema cbfs_address{
    .shape = Shape::integer, .least = 0x80000000, .most = UINT32_MAX};
inline constexpr Schema cbfs_offset{.shape = Shape::offset};

}  // namespace romwright::manifests::schemas
