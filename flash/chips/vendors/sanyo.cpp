// SPDX-License-Identifier: GPL-2.0-or-later
// SPI NOR chips of Sanyo.
#include "flash/chips/protections.h"
#include "flash/chips/rows.h"

namespace romwright::flash {
namespace {

constexpr Chip rows[] = {
    {.vendor = "Sanyo",
     .name = "LE25FU206A",
     .manufacturer = 0x62,
     .model = 0x0612,
     .size = 256 * kib,
     .millivolts = {2300, 3600},
     .features = {.wrsr_wren = false},
     .erases = erases<256 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd7, 4 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "Sanyo",
     .name = "LE25FU406C/LE25U40CMC",
     .manufacturer = 0x62,
     .model = 0x0613,
     .size = 512 * kib,
     .millivolts = {2300, 3600},
     .erases = erases<512 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd7, 4 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "Sanyo",
     .name = "LE25FW203A",
     .manufacturer = 0x62,
     .model = 0x1600,
     .size = 256 * kib,
     .features = {.wrsr_wren = false},
     .erases = erases<256 * kib, EraseOp{0xdb, 256}, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>},
    {.vendor = "Sanyo",
     .name = "LE25FW403A",
     .manufacturer = 0x62,
     .model = 0x1100,
     .size = 512 * kib,
     .features = {.wrsr_wren = false},
     .erases = erases<512 * kib, EraseOp{0xdb, 256}, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>},
};

}  // namespace

extern const ChipVendor chips_sanyo{"sanyo", rows};

}  // namespace romwright::flash
