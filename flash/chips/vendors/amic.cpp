// SPDX-License-Identifier: GPL-2.0-or-later
// SPI NOR chips of AMIC.
#include "flash/chips/protections.h"
#include "flash/chips/rows.h"

namespace romwright::flash {
namespace {

constexpr EraseRun a25l05pt_d8[] = {{32 * kib, 1}, {16 * kib, 1}, {8 * kib, 1}, {4 * kib, 2}};
constexpr ChipErase a25l05pt_erases[] = {{0xd8, 0, a25l05pt_d8}, {0xc7, 64 * kib}};
constexpr EraseRun a25l05pu_d8[] = {{4 * kib, 2}, {8 * kib, 1}, {16 * kib, 1}, {32 * kib, 1}};
constexpr ChipErase a25l05pu_erases[] = {{0xd8, 0, a25l05pu_d8}, {0xc7, 64 * kib}};
constexpr EraseRun a25l10pt_d8[] = {
    {64 * kib, 1}, {32 * kib, 1}, {16 * kib, 1}, {8 * kib, 1}, {4 * kib, 2}};
constexpr ChipErase a25l10pt_erases[] = {{0xd8, 0, a25l10pt_d8}, {0xc7, 128 * kib}};
constexpr EraseRun a25l10pu_d8[] = {
    {4 * kib, 2}, {8 * kib, 1}, {16 * kib, 1}, {32 * kib, 1}, {64 * kib, 1}};
constexpr ChipErase a25l10pu_erases[] = {{0xd8, 0, a25l10pu_d8}, {0xc7, 128 * kib}};
constexpr EraseRun a25l16pt_d8[] = {
    {64 * kib, 31}, {32 * kib, 1}, {16 * kib, 1}, {8 * kib, 1}, {4 * kib, 2}};
constexpr ChipErase a25l16pt_erases[] = {{0xd8, 0, a25l16pt_d8}, {0x60, 2 * mib}, {0xc7, 2 * mib}};
constexpr EraseRun a25l16pu_d8[] = {
    {4 * kib, 2}, {8 * kib, 1}, {16 * kib, 1}, {32 * kib, 1}, {64 * kib, 31}};
constexpr ChipErase a25l16pu_erases[] = {{0xd8, 0, a25l16pu_d8}, {0x60, 2 * mib}, {0xc7, 2 * mib}};
constexpr EraseRun a25l20pt_d8[] = {
    {64 * kib, 3}, {32 * kib, 1}, {16 * kib, 1}, {8 * kib, 1}, {4 * kib, 2}};
constexpr ChipErase a25l20pt_erases[] = {{0xd8, 0, a25l20pt_d8}, {0xc7, 256 * kib}};
constexpr EraseRun a25l20pu_d8[] = {
    {4 * kib, 2}, {8 * kib, 1}, {16 * kib, 1}, {32 * kib, 1}, {64 * kib, 3}};
constexpr ChipErase a25l20pu_erases[] = {{0xd8, 0, a25l20pu_d8}, {0xc7, 256 * kib}};
constexpr EraseRun a25l40pt_d8[] = {
    {64 * kib, 7}, {32 * kib, 1}, {16 * kib, 1}, {8 * kib, 1}, {4 * kib, 2}};
constexpr ChipErase a25l40pt_erases[] = {{0xd8, 0, a25l40pt_d8}, {0xc7, 512 * kib}};
constexpr EraseRun a25l40pu_d8[] = {
    {4 * kib, 2}, {8 * kib, 1}, {16 * kib, 1}, {32 * kib, 1}, {64 * kib, 7}};
constexpr ChipErase a25l40pu_erases[] = {{0xd8, 0, a25l40pu_d8}, {0xc7, 512 * kib}};
constexpr EraseRun a25l80p_d8[] = {
    {4 * kib, 2}, {8 * kib, 1}, {16 * kib, 1}, {32 * kib, 1}, {64 * kib, 15}};
constexpr ChipErase a25l80p_erases[] = {{0xd8, 0, a25l80p_d8}, {0xc7, 1 * mib}};

constexpr Chip rows[] = {
    {.vendor = "AMIC",
     .name = "A25L010",
     .manufacturer = 0x37,
     .model = 0x3011,
     .size = 128 * kib,
     .erases = erases<128 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L016",
     .manufacturer = 0x37,
     .model = 0x3015,
     .size = 2 * mib,
     .erases = erases<2 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L020",
     .manufacturer = 0x37,
     .model = 0x3012,
     .size = 256 * kib,
     .erases = erases<256 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L032",
     .manufacturer = 0x37,
     .model = 0x3016,
     .size = 4 * mib,
     .features = {.otp = true},
     .erases = erases<4 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 64 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "AMIC",
     .name = "A25L040",
     .manufacturer = 0x37,
     .model = 0x3013,
     .size = 512 * kib,
     .erases = erases<512 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L05PT",
     .manufacturer = 0x7f37,
     .model = 0x2020,
     .rdid_bytes = 4,
     .size = 64 * kib,
     .erases = a25l05pt_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L05PU",
     .manufacturer = 0x7f37,
     .model = 0x2010,
     .rdid_bytes = 4,
     .size = 64 * kib,
     .erases = a25l05pu_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L080",
     .manufacturer = 0x37,
     .model = 0x3014,
     .size = 1 * mib,
     .erases = erases<1 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 64 * kib}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L10PT",
     .manufacturer = 0x7f37,
     .model = 0x2021,
     .rdid_bytes = 4,
     .size = 128 * kib,
     .erases = a25l10pt_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L10PU",
     .manufacturer = 0x7f37,
     .model = 0x2011,
     .rdid_bytes = 4,
     .size = 128 * kib,
     .erases = a25l10pu_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L16PT",
     .manufacturer = 0x7f37,
     .model = 0x2025,
     .rdid_bytes = 4,
     .size = 2 * mib,
     .erases = a25l16pt_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L16PU",
     .manufacturer = 0x7f37,
     .model = 0x2015,
     .rdid_bytes = 4,
     .size = 2 * mib,
     .erases = a25l16pu_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L20PT",
     .manufacturer = 0x7f37,
     .model = 0x2022,
     .rdid_bytes = 4,
     .size = 256 * kib,
     .erases = a25l20pt_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L20PU",
     .manufacturer = 0x7f37,
     .model = 0x2012,
     .rdid_bytes = 4,
     .size = 256 * kib,
     .erases = a25l20pu_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L40PT",
     .manufacturer = 0x7f37,
     .model = 0x2013,
     .rdid_bytes = 4,
     .size = 512 * kib,
     .erases = a25l40pt_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L40PU",
     .manufacturer = 0x7f37,
     .model = 0x2013,
     .rdid_bytes = 4,
     .size = 512 * kib,
     .erases = a25l40pu_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L512",
     .manufacturer = 0x37,
     .model = 0x3010,
     .size = 64 * kib,
     .erases = erases<64 * kib, EraseOp{0x20, 4 * kib}, EraseOp{0xd8, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25L80P",
     .manufacturer = 0x7f37,
     .model = 0x2014,
     .rdid_bytes = 4,
     .size = 1 * mib,
     .erases = a25l80p_erases,
     .protection = mask_3c},
    {.vendor = "AMIC",
     .name = "A25LQ032/A25LQ32A",
     .manufacturer = 0x37,
     .model = 0x4016,
     .size = 4 * mib,
     .features = {.otp = true},
     .erases = erases<4 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 64 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "AMIC",
     .name = "A25LQ16",
     .manufacturer = 0x37,
     .model = 0x4015,
     .size = 2 * mib,
     .features = {.otp = true},
     .erases = erases<2 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 64 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_1c_lock},
    {.vendor = "AMIC",
     .name = "A25LQ64",
     .manufacturer = 0x37,
     .model = 0x4017,
     .size = 8 * mib,
     .features = {.fast_read = true, .otp = true},
     .erases = erases<8 * mib, EraseOp{0x20, 4 * kib}, EraseOp{0x52, 32 * kib},
                      EraseOp{0xd8, 64 * kib}, EraseOp{0x60, 0}, EraseOp{0xc7, 0}>,
     .protection = mask_3c_lock},
};

}  // namespace

extern const ChipVendor chips_amic{"amic", rows};

}  // namespace romwright::flash
