// SPDX-License-Identifier: GPL-2.0-or-later
// Moves PE32 and TE programs to another address by their relocation tables.
// Source: Microsoft, PE Format; UEFI PI, volume 1, TE image.
#pragma once

#include <cstdint>

#include "flash/base/bytes.h"

namespace romwright::images {

/// Adds `delta` to every address of a PE32 or PE32+ program, its image base included.
void relocate_pe32(Bytes program, std::uint32_t delta);
/// Moves a TE program to the memory address at which its first byte lies.
void relocate_te(Bytes program, std::uint32_t address);

}  // namespace romwright::images
