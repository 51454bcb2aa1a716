// SPDX-License-Identifier: GPL-2.0-or-later
// The SPI registers, by offset from the base address. Source: AMD's register references.
#pragma once

#include <cstddef>
#include <cstdint>

namespace romwright::flash::amd {

inline constexpr std::uint32_t control_register = 0x00;  ///< SPI_Cntrl0: opcode in bits 0 to 7
inline constexpr std::uint32_t count_register = 0x01;    ///< to send in bits 0 to 3, to read above
inline constexpr std::uint32_t start_register = 0x02;    ///< bits 16 to 23 of SPI_Cntrl0
inline constexpr std::uint32_t fifo_register = 0x0c;
inline constexpr std::uint32_t pointer_register = 0x0d;  ///< bits 0 to 2; speed in bits 4 and 5
inline constexpr std::uint32_t select_register = 0x1d;
inline constexpr std::uint32_t spi100_register = 0x20;
inline constexpr std::uint32_t speed_register = 0x22;
inline constexpr std::uint32_t opcode_register = 0x45;
inline constexpr std::uint32_t trigger_register = 0x47;
inline constexpr std::uint32_t out_count_register = 0x48;
inline constexpr std::uint32_t in_count_register = 0x4b;
inline constexpr std::uint32_t status_register = 0x4c;
inline constexpr std::uint32_t buffer_register = 0x80;

inline constexpr std::uint8_t execute = 0x01;  ///< of the start register; 1 while it runs
inline constexpr std::uint8_t clear_pointer = 0x10;
inline constexpr std::uint32_t illegal_access = 1U << 21;
inline constexpr std::uint32_t host_access = 3U << 22;
inline constexpr std::uint32_t spi_busy = 1U << 31;
inline constexpr std::uint8_t use_spi100 = 0x01;
inline constexpr std::uint8_t trigger = 0x80;
inline constexpr std::uint32_t status_busy = 1U << 31;

inline constexpr std::size_t fifo_size = 8;
inline constexpr std::size_t largest_buffer = 71;

}  // namespace romwright::flash::amd
