// SPDX-License-Identifier: GPL-2.0-or-later
// What is the same in all chipsets of one generation: where the SPI registers lie, and what the
// straps mean. Source: Intel's data sheets of ICH7 to the newest PCH.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace romwright::flash::intel {

// clang-format off
enum class GenerationId : std::uint8_t {
  piix, ich0, ich2_5, ich6, poulsbo, tunnel_creek, centerton, ich7, ich8, ich9, ich10,
  pch5, pch6, pch7, baytrail, pch8, pch8_lp, pch8_wb, pch9, pch9_lp,
  pch100, c620, pch300, pch400, pch500, pch600, pch700, c740,
  apollo_lake, gemini_lake, jasper_lake, elkhart_lake, snow_ridge, meteor_lake, lunar_lake,
  arrow_lake, panther_lake, wildcat_lake, nova_lake,
};
// clang-format on

/// Three layouts of the SPI registers; `none` has no SPI controller.
enum class Engine : std::uint8_t { none, ich7, ich9, pch100 };

/// What the machine fetches its first instruction from.
enum class BootSource : std::uint8_t { unknown, spi, lpc, espi, pci };

/// Where the registers lie.
enum class Place : std::uint8_t {
  rcrb,          ///< in the block at the bridge's dword 0xf0, at `spi_offset`
  silvermont,    ///< at the bridge's dword 0x54; straps at dword 0xf0
  spi_function,  ///< at BAR 0 of a PCI function of its own
};

/// The straps: `bits` of the register from `shift` on, and what their values mean.
struct StrapDecode {
  std::uint8_t shift = 0, bits = 0;  ///< 0 bits: not known
  std::array<BootSource, 4> values{};
};

struct Generation {
  GenerationId id;
  std::string_view title;
  Engine engine = Engine::none;
  Place place = Place::rcrb;
  std::uint16_t spi_offset = 0;
  StrapDecode straps;
  std::uint8_t bios_cntl = 0xdc;  ///< in the configuration space of the bridge or the SPI function
  std::uint8_t smm_bwp_bit = 5;
  std::uint8_t regions = 0;  ///< FREG registers
  bool has_bbar = false, has_fpb = false;
  bool access_registers = false;  ///< BIOS_BM_RAP and BIOS_BM_WAP tell of all regions
  bool extended_masters = false;  ///< the descriptor's masters have bits for regions 12 to 15
  std::uint8_t spi_device = 0x1f, spi_function = 5;
  std::span<const std::string_view> region_names;
};

/// Everything is known of every id.
const Generation& generation(GenerationId id);

/// The name of region `index`: "me", or "region 7" where the generation has none.
std::string_view region_name(const Generation& generation, unsigned index);

std::string_view to_string(BootSource source);

}  // namespace romwright::flash::intel
