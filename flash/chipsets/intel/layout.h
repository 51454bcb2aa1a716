// SPDX-License-Identifier: GPL-2.0-or-later
// Where the SPI registers of each engine lie, from the start of their block. Source: the data
// sheets of ICH7, ICH9 and the 100 series, chapters on the SPI interface.
#pragma once

#include <cstdint>

#include "flash/chipsets/intel/generation.h"

namespace romwright::flash::intel {

/// HSFS and HSFC: two registers of 16 bits, which the data sheets from the 100 series on draw as
/// one.
inline constexpr std::uint32_t hsfs = 0x04, hsfc = 0x06;
inline constexpr std::uint32_t hsfs_done = 1U << 0, hsfs_error = 1U << 1, hsfs_denied = 1U << 2,
                               hsfs_busy = 1U << 5, hsfs_locks_34 = 1U << 12,
                               hsfs_no_override = 1U << 13, hsfs_descriptor = 1U << 14,
                               hsfs_locked = 1U << 15;
/// What locks, and stays as it is when the status is cleared.
inline constexpr std::uint32_t hsfs_locks = 0xf800;
inline constexpr std::uint32_t hsfs_clear = hsfs_done | hsfs_error | hsfs_denied;
inline constexpr std::uint32_t hsfc_go = 1U << 0;
inline constexpr unsigned hsfc_cycle_shift = 1, hsfc_count_shift = 8;
inline constexpr std::uint32_t cycle_read = 0, cycle_write = 2, cycle_erase = 3,
                               cycle_erase_64k = 4, cycle_status = 8;

inline constexpr std::uint32_t swseq_busy = 1U << 0, swseq_done = 1U << 2, swseq_error = 1U << 3,
                               swseq_denied = 1U << 4;
/// Bits of the control half, to be shifted by Layout::control_shift.
inline constexpr std::uint32_t control_go = 1U << 1, control_atomic = 1U << 2,
                               control_second_preop = 1U << 3, control_data = 1U << 14;
inline constexpr unsigned control_opcode_shift = 4, control_count_shift = 8;

inline constexpr std::uint32_t frap = 0x50, freg = 0x54, freg_from_12 = 0xe0;
inline constexpr std::uint32_t dlock = 0x0c, dlock_swseq = 1U << 16;
inline constexpr unsigned dlock_pr_shift = 8;
inline constexpr std::uint32_t access_read = 0x118, access_write = 0x11c;
inline constexpr std::uint32_t bbar_mask = 0x00ffff00;

/// The most that one cycle moves.
inline constexpr std::size_t cycle_bytes = 64;

struct Layout {
  std::uint32_t swseq = 0;  ///< status below, control above `control_shift`
  unsigned control_shift = 0;
  std::uint32_t keep = 0;  ///< reserved bits of that register
  std::uint32_t address = 0, data = 0;
  std::uint32_t address_mask = 0;  ///< of hardware sequencing, where there is such
  std::uint32_t preop = 0, optype = 0, opmenu = 0, bbar = 0;
  std::uint32_t pr = 0;
  unsigned pr_count = 0;
  std::uint32_t fdoc = 0, fdod = 0, fpb = 0;
};

inline constexpr Layout ich7_layout{.swseq = 0x00,
                                    .control_shift = 16,
                                    .keep = 0x7ff0,
                                    .address = 0x04,
                                    .data = 0x08,
                                    .address_mask = 0x00ffffff,
                                    .preop = 0x54,
                                    .optype = 0x56,
                                    .opmenu = 0x58,
                                    .bbar = 0x50,
                                    .pr = 0x60,
                                    .pr_count = 3};
inline constexpr Layout ich9_layout{.swseq = 0x90,
                                    .control_shift = 8,
                                    .keep = 0xf80081e2,
                                    .address = 0x08,
                                    .data = 0x10,
                                    .address_mask = 0x01ffffff,
                                    .preop = 0x94,
                                    .optype = 0x96,
                                    .opmenu = 0x98,
                                    .bbar = 0xa0,
                                    .pr = 0x74,
                                    .pr_count = 5,
                                    .fdoc = 0xb0,
                                    .fdod = 0xb4,
                                    .fpb = 0xd0};
/// PR0 to PR4, and GPR0 behind them.
inline constexpr Layout pch100_layout{.swseq = 0xa0,
                                      .control_shift = 8,
                                      .keep = 0xf80081e2,
                                      .address = 0x08,
                                      .data = 0x10,
                                      .address_mask = 0x07ffffff,
                                      .preop = 0xa4,
                                      .optype = 0xa6,
                                      .opmenu = 0xa8,
                                      .pr = 0x84,
                                      .pr_count = 6,
                                      .fdoc = 0xb4,
                                      .fdod = 0xb8};

constexpr const Layout& layout_of(Engine engine) {
  return engine == Engine::ich7   ? ich7_layout
         : engine == Engine::ich9 ? ich9_layout
                                  : pch100_layout;
}

}  // namespace romwright::flash::intel
