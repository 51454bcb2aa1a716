// SPDX-License-Identifier: GPL-2.0-or-later
// SPI NOR chips of Nantronics.
#include "flash/chips/protections.h"
#include "flash/chips/rows.h"

namespace romwright::flash {
namespace {

constexpr Chip rows[] = {
    {.vendor = "Nantronics",
     .name = "N25S10",
     .manufacturer = 0xd5,
     .model = 0x3011,
     .size = 128 * kib,
     .erases =
         erases<128 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd7, 4 * kib}, EraseOp{0x52, 32 * kib},
                EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c_lock},
    {.vendor = "Nantronics",
     .name = "N25S16",
     .manufacturer = 0xd5,
     .model = 0x3015,
     .size = 2 * mib,
     .erases = erases<2 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0},
                      EraseOp{0xc7, 0}>,
     .protection = mask_3c_lock},
    {.vendor = "Nantronics",
     .name = "N25S20",
     .manufacturer = 0xd5,
     .model = 0x3012,
     .size = 256 * kib,
     .erases =
         erases<256 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd7, 4 * kib}, EraseOp{0x52, 32 * kib},
                EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c_lock},
    {.vendor = "Nantronics",
     .name = "N25S40",
     .manufacturer = 0xd5,
     .model = 0x3013,
     .size = 512 * kib,
     .erases =
         erases<512 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd7, 4 * kib}, EraseOp{0x52, 32 * kib},
                EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c_lock},
    {.vendor = "Nantronics",
     .name = "N25S80",
     .manufacturer = 0xd5,
     .model = 0x3014,
     .size = 1 * mib,
     .erases = erases<1 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 32 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c_lock},
};

}  // namespace

extern const ChipVendor chips_nantronics{"nantronics", rows};

}  // namespace romwright::flash
