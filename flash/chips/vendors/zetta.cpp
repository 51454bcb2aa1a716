// SPDX-License-Identifier: GPL-2.0-or-later
// SPI NOR chips of Zetta.
#include "flash/chips/protections.h"
#include "flash/chips/rows.h"

namespace romwright::flash {
namespace {

constexpr Chip rows[] = {
    {.vendor = "Zetta Device",
     .name = "ZD25D20",
     .manufacturer = 0xba,
     .model = 0x2012,
     .size = 256 * kib,
     .erases = erases<256 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 32 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "Zetta Device",
     .name = "ZD25D40",
     .manufacturer = 0xba,
     .model = 0x2013,
     .size = 512 * kib,
     .erases = erases<512 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 32 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "Zetta Device",
     .name = "ZD25LQ128",
     .manufacturer = 0xba,
     .model = 0x4218,
     .size = 16 * mib,
     .millivolts = {1650, 1950},
     .features = {.fast_read = true, .sr2_via_wrsr = true, .sr2_via_31 = true, .otp = true},
     .erases = erases<16 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 32 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = bp3_srl_tb_sec_cmp_lock_m1c},
    {.vendor = "Zetta Device",
     .name = "ZD25LQ64",
     .manufacturer = 0xba,
     .model = 0x4317,
     .size = 8 * mib,
     .millivolts = {1650, 1950},
     .features = {.fast_read = true, .sr2_via_wrsr = true, .sr2_via_31 = true, .otp = true},
     .erases = erases<8 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 32 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = bp3_srl_tb_sec_cmp_lock_m1c},
};

}  // namespace

extern const ChipVendor chips_zetta{"zetta", rows};

}  // namespace romwright::flash
