// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/generation.h"

#include <algorithm>
#include <array>

namespace romwright::flash::intel {
namespace {

using Id = GenerationId;
using Names = std::string_view;
using enum BootSource;

// clang-format off
constexpr std::array<Names, 5> regions_of_ich8{
    "fd", "bios", "me", "gbe", "pd",
};
constexpr std::array<Names, 7> regions_of_pch8{
    "fd", "bios", "me", "gbe", "pd", "reg5", "reg6",
};
constexpr std::array<Names, 10> regions_of_pch100{
    "fd", "bios", "me", "gbe", "pd", "devexp", "bios2", "reg7", "ec", "devexp2",
};
constexpr std::array<Names, 16> regions_of_c620{
    "fd", "bios", "me", "gbe", "pd", "de", "bios2", "reg7", "bmc", "de2", "ie", "10gbe",
    "oprom", "reg13", "reg14", "reg15",
};
constexpr std::array<Names, 16> regions_of_pch300{
    "fd", "bios", "me", "gbe", "pd", "devexp", "bios2", "reg7", "ec", "devexp2", "ie",
    "10gbe0", "10gbe1", "reg13", "reg14", "ptt",
};
constexpr std::array<Names, 6> regions_of_apollo_lake{
    "fd", "ifwi", "txe", "reg3", "pd", "devexp",
};
constexpr std::array<Names, 16> regions_of_elkhart_lake{
    "fd", "ifwi", "txe", "reg3", "pd", "devexp", "reg6", "reg7", "reg8", "reg9", "reg10",
    "reg11", "reg12", "reg13", "reg14", "reg15",
};
constexpr std::array<Names, 16> regions_of_snow_ridge{
    "fd", "bios", "me", "gbe", "pd", "reg5", "bios2", "reg7", "ec", "reg9", "sse", "nis",
    "reg12", "irc", "reg14", "ptt",
};
constexpr std::array<Names, 16> regions_of_lunar_lake{
    "fd", "bios", "csme", "gbe", "pd", "reg5", "reg6", "reg7", "ec", "reg9", "pse", "reg11",
    "reg12", "reg13", "reg14", "reg15",
};

constexpr StrapDecode straps_0{1, 1, {spi, lpc, unknown, unknown}};
constexpr StrapDecode straps_1{10, 2, {unknown, spi, pci, lpc}};
constexpr StrapDecode straps_2{10, 2, {spi, spi, pci, lpc}};
constexpr StrapDecode straps_3{10, 2, {lpc, unknown, pci, spi}};
constexpr StrapDecode straps_4{10, 2, {lpc, unknown, unknown, spi}};
constexpr StrapDecode straps_5{10, 1, {spi, lpc, unknown, unknown}};
constexpr StrapDecode straps_6{6, 1, {spi, lpc, unknown, unknown}};
constexpr StrapDecode straps_7{6, 1, {spi, espi, unknown, unknown}};
constexpr StrapDecode straps_8{6, 1, {spi, unknown, unknown, unknown}};

constexpr std::array<Generation, 39> generations{{
    {.id = Id::piix, .title = "PIIX/PIIX3/PIIX4/MPIIX"},
    {.id = Id::ich0, .title = "ICH/ICH0"},
    {.id = Id::ich2_5, .title = "ICH2..ICH5"},
    {.id = Id::ich6, .title = "ICH6"},
    {.id = Id::poulsbo, .title = "Poulsbo (SCH)"},
    {.id = Id::tunnel_creek, .title = "Tunnel Creek (Atom E6xx)", .engine = Engine::ich7,
     .spi_offset = 0x3020, .straps = straps_0, .bios_cntl = 0xd8, .has_bbar = true},
    {.id = Id::centerton, .title = "Centerton (Atom S12x0)", .engine = Engine::ich7,
     .spi_offset = 0x3020, .bios_cntl = 0xd8, .smm_bwp_bit = 7, .has_bbar = true},
    {.id = Id::ich7, .title = "ICH7 / NM10 / EP80579", .engine = Engine::ich7,
     .spi_offset = 0x3020, .straps = straps_1, .has_bbar = true},
    {.id = Id::ich8, .title = "ICH8", .engine = Engine::ich9, .spi_offset = 0x3020,
     .straps = straps_2, .regions = 5, .region_names = regions_of_ich8},
    {.id = Id::ich9, .title = "ICH9", .engine = Engine::ich9, .spi_offset = 0x3800,
     .straps = straps_2, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_ich8},
    {.id = Id::ich10, .title = "ICH10", .engine = Engine::ich9, .spi_offset = 0x3800,
     .straps = straps_2, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_ich8},
    {.id = Id::pch5, .title = "5 series / 3400 Ibex Peak", .engine = Engine::ich9,
     .spi_offset = 0x3800, .straps = straps_3, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_ich8},
    {.id = Id::pch6, .title = "6 series / C200 Cougar Point (and Patsburg)",
     .engine = Engine::ich9, .spi_offset = 0x3800, .straps = straps_3, .regions = 5,
     .has_bbar = true, .has_fpb = true, .region_names = regions_of_ich8},
    {.id = Id::pch7, .title = "7 series Panther Point", .engine = Engine::ich9,
     .spi_offset = 0x3800, .straps = straps_3, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_ich8},
    {
     .id = Id::baytrail, .title = "Silvermont: Bay Trail, Braswell-era LPC ids, Avoton/Rangeley",
     .engine = Engine::ich9, .place = Place::silvermont, .straps = straps_4, .bios_cntl = 0xfc,
     .regions = 5, .has_fpb = true, .region_names = regions_of_ich8},
    {.id = Id::pch8, .title = "8 series Lynx Point", .engine = Engine::ich9,
     .spi_offset = 0x3800, .straps = straps_4, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_pch8},
    {.id = Id::pch8_lp, .title = "8 series Lynx Point LP", .engine = Engine::ich9,
     .spi_offset = 0x3800, .straps = straps_5, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_pch8},
    {.id = Id::pch8_wb, .title = "8 series Wellsburg (C610/X99)", .engine = Engine::ich9,
     .spi_offset = 0x3800, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_pch8},
    {.id = Id::pch9, .title = "9 series Wildcat Point", .engine = Engine::ich9,
     .spi_offset = 0x3800, .straps = straps_4, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_pch8},
    {.id = Id::pch9_lp, .title = "9 series Wildcat Point LP", .engine = Engine::ich9,
     .spi_offset = 0x3800, .straps = straps_5, .regions = 5, .has_bbar = true, .has_fpb = true,
     .region_names = regions_of_pch8},
    {.id = Id::pch100, .title = "100/200 series Sunrise Point / Union Point",
     .engine = Engine::pch100, .place = Place::spi_function, .straps = straps_6, .regions = 10,
     .region_names = regions_of_pch100},
    {.id = Id::c620, .title = "C620 Lewisburg", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_6, .regions = 12,
     .region_names = regions_of_c620},
    {.id = Id::pch300, .title = "300 series Cannon Point", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_6, .regions = 16, .extended_masters = true,
     .region_names = regions_of_pch300},
    {.id = Id::pch400, .title = "400 series Comet Point", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_6, .regions = 16, .extended_masters = true,
     .region_names = regions_of_pch300},
    {.id = Id::pch500, .title = "500 series Tiger Point", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_7, .regions = 16, .extended_masters = true,
     .region_names = regions_of_pch300},
    {.id = Id::pch600, .title = "600 series Alder Point", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_7, .regions = 16, .extended_masters = true,
     .region_names = regions_of_pch300},
    {.id = Id::pch700, .title = "700 series Raptor Point", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_7, .regions = 16, .extended_masters = true,
     .region_names = regions_of_pch300},
    {.id = Id::c740, .title = "C740 Emmitsburg", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_7, .regions = 16, .access_registers = true,
     .region_names = regions_of_c620},
    {.id = Id::apollo_lake, .title = "Apollo Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16,
     .spi_device = 0x0d, .spi_function = 2, .region_names = regions_of_apollo_lake},
    {.id = Id::gemini_lake, .title = "Gemini Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16,
     .spi_device = 0x0d, .spi_function = 2, .region_names = regions_of_apollo_lake},
    {.id = Id::jasper_lake, .title = "Jasper Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .extended_masters = true,
     .region_names = regions_of_pch300},
    {.id = Id::elkhart_lake, .title = "Elkhart Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16,
     .region_names = regions_of_elkhart_lake},
    {.id = Id::snow_ridge, .title = "Snow Ridge", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .access_registers = true,
     .region_names = regions_of_snow_ridge},
    {.id = Id::meteor_lake, .title = "Meteor Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .access_registers = true,
     .region_names = regions_of_snow_ridge},
    {.id = Id::lunar_lake, .title = "Lunar Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .access_registers = true,
     .region_names = regions_of_lunar_lake},
    {.id = Id::arrow_lake, .title = "800 series Arrow Lake-S/HX", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .access_registers = true,
     .region_names = regions_of_snow_ridge},
    {.id = Id::panther_lake, .title = "Panther Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .access_registers = true,
     .region_names = regions_of_lunar_lake},
    {.id = Id::wildcat_lake, .title = "Wildcat Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .access_registers = true,
     .region_names = regions_of_lunar_lake},
    {.id = Id::nova_lake, .title = "Nova Lake", .engine = Engine::pch100,
     .place = Place::spi_function, .straps = straps_8, .regions = 16, .access_registers = true,
     .region_names = regions_of_pch300},
}};
// clang-format on

constexpr std::array<Names, 16> unnamed{
    "region 0",  "region 1",  "region 2",  "region 3",  "region 4",  "region 5",
    "region 6",  "region 7",  "region 8",  "region 9",  "region 10", "region 11",
    "region 12", "region 13", "region 14", "region 15",
};

}  // namespace

const Generation& generation(GenerationId id) {
  return *std::ranges::find(generations, id, &Generation::id);
}

std::string_view region_name(const Generation& generation, unsigned index) {
  if (index < generation.region_names.size()) return generation.region_names[index];
  return unnamed.at(index);
}

std::string_view to_string(BootSource source) {
  switch (source) {
    case BootSource::spi:
      return "SPI";
    case BootSource::lpc:
      return "LPC/FWH";
    case BootSource::espi:
      return "eSPI";
    case BootSource::pci:
      return "PCI";
    default:
      return "unknown";
  }
}

}  // namespace romwright::flash::intel
