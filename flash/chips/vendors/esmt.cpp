// SPDX-License-Identifier: GPL-2.0-or-later
// SPI NOR chips of ESMT and ESI.
#include "flash/chips/protections.h"
#include "flash/chips/rows.h"

namespace romwright::flash {
namespace {

constexpr Chip rows[] = {
    {.vendor = "ESI",
     .name = "ES25P16",
     .manufacturer = 0x4a,
     .model = 0x2015,
     .size = 2 * mib,
     .erases = erases<2 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "ESI",
     .name = "ES25P40",
     .manufacturer = 0x4a,
     .model = 0x2013,
     .size = 512 * kib,
     .erases = erases<512 * kib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "ESI",
     .name = "ES25P80",
     .manufacturer = 0x4a,
     .model = 0x2014,
     .size = 1 * mib,
     .erases = erases<1 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "ESMT",
     .name = "F25L008A",
     .manufacturer = 0x8c,
     .model = 0x2014,
     .size = 1 * mib,
     .program = ProgramMethod::byte,
     .features = {.wrsr_ewsr = true},
     .erases = erases<1 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0},
                      EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "ESMT",
     .name = "F25L32PA",
     .manufacturer = 0x8c,
     .model = 0x2016,
     .size = 4 * mib,
     .features = {.wrsr_ewsr = true, .otp = true},
     .erases = erases<4 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0},
                      EraseOp{0xc7, 0}>,
     .protection = mask_3c},
};

}  // namespace

extern const ChipVendor chips_esmt{"esmt", rows};

}  // namespace romwright::flash
