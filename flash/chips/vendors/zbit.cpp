// SPDX-License-Identifier: GPL-2.0-or-later
// SPI NOR chips of Zbit.
#include "flash/chips/protections.h"
#include "flash/chips/rows.h"

namespace romwright::flash {
namespace {

constexpr Chip rows[] = {
    {.vendor = "Zbit Semiconductor, Inc.",
     .name = "ZB25VQ16",
     .manufacturer = 0x0e,
     .model = 0x4015,
     .size = 2 * mib,
     .features = {.wrsr_ewsr = true},
     .erases = erases<2 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 32 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
};

}  // namespace

extern const ChipVendor chips_zbit{"zbit", rows};

}  // namespace romwright::flash
