// SPDX-License-Identifier: GPL-2.0-or-later
// The sets of protection bits that chips share. Names tell the rule, the number of BP bits, and the
// bits beside them; mNN is the mask of status register 1 that a plain unprotect clears.
#pragma once

#include "flash/chips/chip.h"

namespace romwright::flash {

using us = std::chrono::microseconds;
using ms = std::chrono::milliseconds;

inline constexpr ChipProtection mask_1c_lock{.protect_mask = 0x1c, .lock_mask = 0x80};
inline constexpr ChipProtection mask_3c{.protect_mask = 0x3c};
inline constexpr ChipProtection mask_3c_lock{.protect_mask = 0x3c, .lock_mask = 0x80};
inline constexpr ChipProtection mask_0c_lock{.protect_mask = 0x0c, .lock_mask = 0x80};
inline constexpr ChipProtection mask_04_lock{.protect_mask = 0x04, .lock_mask = 0x80};
inline constexpr ChipProtection mask_6c_lock{.protect_mask = 0x6c, .lock_mask = 0x80};
inline constexpr ChipProtection mask_7c_lock{.protect_mask = 0x7c, .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_m3c{.decode = WpDecode::spi25,
                                                       .srp = {1, 7},
                                                       .srl = {2, 0},
                                                       .tb = {1, 5},
                                                       .sec = {1, 6},
                                                       .cmp = {2, 6},
                                                       .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                       .protect_mask = 0x3c};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_lock_m7c{.decode = WpDecode::spi25,
                                                            .srp = {1, 7},
                                                            .srl = {2, 0},
                                                            .tb = {1, 5},
                                                            .sec = {1, 6},
                                                            .cmp = {2, 6},
                                                            .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                            .protect_mask = 0x7c,
                                                            .lock_mask = 0x80};
inline constexpr ChipProtection bp3_tb_lock_m3c{.decode = WpDecode::spi25,
                                                .srp = {1, 7},
                                                .tb = {1, 5},
                                                .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                .protect_mask = 0x3c,
                                                .lock_mask = 0x80};
inline constexpr ChipProtection k64_block_bp3_tb_lock_m3c{.decode = WpDecode::spi25_64k_block,
                                                          .srp = {1, 7},
                                                          .tb = {1, 5},
                                                          .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                          .protect_mask = 0x3c,
                                                          .lock_mask = 0x80};
inline constexpr ChipProtection bp2_srl_tb_cmp_sr2_4_wps_sr2_5_lock_m1c{.decode = WpDecode::spi25,
                                                                        .srp = {1, 7},
                                                                        .srl = {2, 0},
                                                                        .tb = {1, 5},
                                                                        .cmp = {2, 4},
                                                                        .wps = {2, 5},
                                                                        .bp = {{{1, 2}, {1, 3}}},
                                                                        .protect_mask = 0x1c,
                                                                        .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_cmp_sr2_4_wps_sr2_5_lock_m1c{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 0},
    .tb = {1, 5},
    .cmp = {2, 4},
    .wps = {2, 5},
    .bp = {{{1, 2}, {1, 3}, {1, 4}}},
    .protect_mask = 0x1c,
    .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_lock_m1c{.decode = WpDecode::spi25,
                                                            .srp = {1, 7},
                                                            .srl = {2, 0},
                                                            .tb = {1, 5},
                                                            .sec = {1, 6},
                                                            .cmp = {2, 6},
                                                            .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                            .protect_mask = 0x1c,
                                                            .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_sr2_4_lock_m1c{.decode = WpDecode::spi25,
                                                                  .srp = {1, 7},
                                                                  .srl = {2, 0},
                                                                  .tb = {1, 5},
                                                                  .sec = {1, 6},
                                                                  .cmp = {2, 4},
                                                                  .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                                  .protect_mask = 0x1c,
                                                                  .lock_mask = 0x80};
inline constexpr ChipProtection bp3_tb_cmp_sr1_6_wps_lock_m1c{.decode = WpDecode::spi25,
                                                              .srp = {1, 7},
                                                              .tb = {1, 5},
                                                              .cmp = {1, 6},
                                                              .wps = {3, 2},
                                                              .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                              .protect_mask = 0x1c,
                                                              .lock_mask = 0x80};
inline constexpr ChipProtection bp3_to_1_16_bp3_srl_tb_sec_cmp_wps_sr2_3_lock_m1c{
    .decode = WpDecode::spi25_bp3_to_1_16,
    .srp = {1, 7},
    .srl = {2, 0},
    .tb = {1, 5},
    .sec = {1, 6},
    .cmp = {2, 6},
    .wps = {2, 3},
    .bp = {{{1, 2}, {1, 3}, {1, 4}}},
    .protect_mask = 0x1c,
    .lock_mask = 0x80};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_cmp_sr3_3_lock_m7c{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 6},
    .tb = {1, 6},
    .cmp = {3, 3},
    .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
    .protect_mask = 0x7c,
    .lock_mask = 0x80};
inline constexpr ChipProtection bp4_tb_sr1_6_lock_m7c{.decode = WpDecode::spi25,
                                                      .tb = {1, 6},
                                                      .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                      .protect_mask = 0x7c,
                                                      .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_sr3_4_lock_m7c{.decode = WpDecode::spi25,
                                                                  .srp = {1, 7},
                                                                  .srl = {2, 0},
                                                                  .tb = {1, 5},
                                                                  .sec = {1, 6},
                                                                  .cmp = {3, 4},
                                                                  .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                                  .protect_mask = 0x7c,
                                                                  .lock_mask = 0x80};
inline constexpr ChipProtection bp4_tb_sr1_6_lock_m7c_2{.decode = WpDecode::spi25,
                                                        .srp = {1, 7},
                                                        .tb = {1, 6},
                                                        .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                        .protect_mask = 0x7c,
                                                        .lock_mask = 0x80};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_cmp_lock_m7c{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 0},
    .tb = {1, 6},
    .cmp = {2, 6},
    .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
    .protect_mask = 0x7c,
    .lock_mask = 0x80};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_lock_m7c{.decode = WpDecode::spi25,
                                                          .srp = {1, 7},
                                                          .srl = {2, 0},
                                                          .tb = {1, 6},
                                                          .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                          .protect_mask = 0x7c,
                                                          .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_wps_lock_m7c{.decode = WpDecode::spi25,
                                                                .srp = {1, 7},
                                                                .srl = {2, 0},
                                                                .tb = {1, 5},
                                                                .sec = {1, 6},
                                                                .cmp = {2, 6},
                                                                .wps = {3, 2},
                                                                .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                                .protect_mask = 0x7c,
                                                                .lock_mask = 0x80};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_lock_m7c_2{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 6},
    .tb = {1, 6},
    .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
    .protect_mask = 0x7c,
    .lock_mask = 0x80};
inline constexpr ChipProtection mask_5c_lock{.protect_mask = 0x5c, .lock_mask = 0x80};
inline constexpr ChipProtection bp4_tb_from2_lock_m5c{.decode = WpDecode::spi25,
                                                      .srp = {1, 7},
                                                      .tb = {1, 5},
                                                      .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 6}}},
                                                      .protect_mask = 0x5c,
                                                      .lock_mask = 0x80};
inline constexpr ChipProtection bp4_tb_cfg_3_lock_m3c{.decode = WpDecode::spi25,
                                                      .srp = {1, 7},
                                                      .tb = {4, 3},
                                                      .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                      .protect_mask = 0x3c,
                                                      .lock_mask = 0x80};
inline constexpr ChipProtection bp4_lock_m3c{.decode = WpDecode::spi25,
                                             .srp = {1, 7},
                                             .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                             .protect_mask = 0x3c,
                                             .lock_mask = 0x80};
inline constexpr ChipProtection double_bp4_lock_m3c{.decode = WpDecode::spi25_2x_block,
                                                    .srp = {1, 7},
                                                    .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                    .protect_mask = 0x3c,
                                                    .lock_mask = 0x80};
inline constexpr ChipProtection bit_cmp_bp3_cmp_sr1_5_lock_m3c{.decode = WpDecode::spi25_bit_cmp,
                                                               .srp = {1, 7},
                                                               .cmp = {1, 5},
                                                               .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                               .protect_mask = 0x3c,
                                                               .lock_mask = 0x80};
inline constexpr ChipProtection bp4_tb_cfg_3_lock_m3c_2{.decode = WpDecode::spi25,
                                                        .tb = {4, 3},
                                                        .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                        .protect_mask = 0x3c,
                                                        .lock_mask = 0x80};
inline constexpr ChipProtection bp3_tb_lock_m5c{.decode = WpDecode::spi25,
                                                .srp = {1, 7},
                                                .tb = {1, 5},
                                                .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                .protect_mask = 0x5c,
                                                .lock_mask = 0x80};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_cmp_wps_lock_m7c{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 0},
    .tb = {1, 6},
    .cmp = {2, 6},
    .wps = {3, 2},
    .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
    .protect_mask = 0x7c,
    .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_wps_lock_m1c{.decode = WpDecode::spi25,
                                                                .srp = {1, 7},
                                                                .srl = {2, 0},
                                                                .tb = {1, 5},
                                                                .sec = {1, 6},
                                                                .cmp = {2, 6},
                                                                .wps = {3, 2},
                                                                .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                                .protect_mask = 0x1c,
                                                                .lock_mask = 0x80};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_cmp_wps_lock_m3c{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 0},
    .tb = {1, 6},
    .cmp = {2, 6},
    .wps = {3, 2},
    .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
    .protect_mask = 0x3c,
    .lock_mask = 0x80};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_wps_m3c{.decode = WpDecode::spi25,
                                                           .srp = {1, 7},
                                                           .srl = {2, 0},
                                                           .tb = {1, 5},
                                                           .sec = {1, 6},
                                                           .cmp = {2, 6},
                                                           .wps = {3, 2},
                                                           .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                           .protect_mask = 0x3c};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_cmp_m3c{.decode = WpDecode::spi25,
                                                         .srp = {1, 7},
                                                         .srl = {2, 0},
                                                         .tb = {1, 6},
                                                         .cmp = {2, 6},
                                                         .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                         .protect_mask = 0x3c};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_cmp_wps_m3c{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 0},
    .tb = {1, 6},
    .cmp = {2, 6},
    .wps = {3, 2},
    .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
    .protect_mask = 0x3c};
inline constexpr ChipProtection bp2_m3c{
    .decode = WpDecode::spi25, .srp = {1, 7}, .bp = {{{1, 2}, {1, 3}}}, .protect_mask = 0x3c};
inline constexpr ChipProtection bp2_tb_m3c{.decode = WpDecode::spi25,
                                           .srp = {1, 7},
                                           .tb = {1, 5},
                                           .bp = {{{1, 2}, {1, 3}}},
                                           .protect_mask = 0x3c};
inline constexpr ChipProtection bp3_tb_m3c{.decode = WpDecode::spi25,
                                           .srp = {1, 7},
                                           .tb = {1, 5},
                                           .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                           .protect_mask = 0x3c};
inline constexpr ChipProtection bp4_srl_tb_sr1_6_m3c{.decode = WpDecode::spi25,
                                                     .srp = {1, 7},
                                                     .srl = {2, 0},
                                                     .tb = {1, 6},
                                                     .bp = {{{1, 2}, {1, 3}, {1, 4}, {1, 5}}},
                                                     .protect_mask = 0x3c};
inline constexpr ChipProtection bp3_srl_tb_sec_cmp_wps_sr2_4_lock_m7c{
    .decode = WpDecode::spi25,
    .srp = {1, 7},
    .srl = {2, 0},
    .tb = {1, 5},
    .sec = {1, 6},
    .cmp = {2, 6},
    .wps = {2, 4},
    .bp = {{{1, 2}, {1, 3}, {1, 4}}},
    .protect_mask = 0x7c,
    .lock_mask = 0x80};
inline constexpr ChipProtection bp3_tb_sec_cmp_lock_m7c{.decode = WpDecode::spi25,
                                                        .srp = {1, 7},
                                                        .tb = {1, 5},
                                                        .sec = {1, 6},
                                                        .cmp = {2, 6},
                                                        .bp = {{{1, 2}, {1, 3}, {1, 4}}},
                                                        .protect_mask = 0x7c,
                                                        .lock_mask = 0x80};

}  // namespace romwright::flash
