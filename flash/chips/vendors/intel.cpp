// SPDX-License-Identifier: GPL-2.0-or-later
// SPI NOR chips of Intel.
#include "flash/chips/protections.h"
#include "flash/chips/rows.h"

namespace romwright::flash {
namespace {

constexpr Chip rows[] = {
    {.vendor = "Intel",
     .name = "25F160S33B8",
     .manufacturer = 0x89,
     .model = 0x8911,
     .size = 2 * mib,
     .features = {.otp = true},
     .erases = erases<2 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "Intel",
     .name = "25F160S33T8",
     .manufacturer = 0x89,
     .model = 0x8915,
     .size = 2 * mib,
     .features = {.otp = true},
     .erases = erases<2 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "Intel",
     .name = "25F320S33B8",
     .manufacturer = 0x89,
     .model = 0x8912,
     .size = 4 * mib,
     .features = {.otp = true},
     .erases = erases<4 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "Intel",
     .name = "25F320S33T8",
     .manufacturer = 0x89,
     .model = 0x8916,
     .size = 4 * mib,
     .features = {.otp = true},
     .erases = erases<4 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "Intel",
     .name = "25F640S33B8",
     .manufacturer = 0x89,
     .model = 0x8913,
     .size = 8 * mib,
     .features = {.otp = true},
     .erases = erases<8 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "Intel",
     .name = "25F640S33T8",
     .manufacturer = 0x89,
     .model = 0x8917,
     .size = 8 * mib,
     .features = {.otp = true},
     .erases = erases<8 * mib, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
};

}  // namespace

extern const ChipVendor chips_intel{"intel", rows};

}  // namespace romwright::flash
