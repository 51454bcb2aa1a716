// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/mapped/part.h"

#include <array>

#include <fmt/format.h>

namespace romwright::flash::mapped {
namespace {

using enum EraseMethod;
using enum Family;

constexpr std::uint32_t kib = 1024;

// clang-format off
constexpr std::array<EraseRun, 1> runs_0{{{64 * kib, 8}}};
constexpr std::array<EraseRun, 1> runs_1{{{512 * kib, 1}}};
constexpr std::array<EraseRun, 1> runs_2{{{64 * kib, 4}}};
constexpr std::array<EraseRun, 4> runs_3{{{64 * kib, 7}, {32 * kib, 1}, {8 * kib, 2}, {16 * kib, 1}}};
constexpr std::array<EraseRun, 1> runs_4{{{64 * kib, 16}}};
constexpr std::array<EraseRun, 1> runs_5{{{4 * kib, 64}}};
constexpr std::array<EraseRun, 1> runs_6{{{16 * kib, 16}}};
constexpr std::array<EraseRun, 1> runs_7{{{256 * kib, 1}}};
constexpr std::array<EraseRun, 1> runs_8{{{4 * kib, 128}}};
constexpr std::array<EraseRun, 1> runs_9{{{4 * kib, 96}}};
constexpr std::array<EraseRun, 1> runs_10{{{64 * kib, 6}}};
constexpr std::array<EraseRun, 1> runs_11{{{4 * kib, 256}}};
constexpr std::array<EraseRun, 4> runs_12{{{64 * kib, 15}, {32 * kib, 1}, {8 * kib, 2}, {16 * kib, 1}}};
constexpr std::array<EraseRun, 1> runs_13{{{4 * kib, 512}}};
constexpr std::array<EraseRun, 4> runs_14{{{64 * kib, 31}, {32 * kib, 1}, {8 * kib, 2}, {16 * kib, 1}}};
constexpr std::array<EraseRun, 3> runs_15{{{4 * kib, 16}, {64 * kib, 5}, {4 * kib, 32}}};
constexpr std::array<EraseRun, 3> runs_16{{{4 * kib, 32}, {64 * kib, 5}, {4 * kib, 16}}};
constexpr std::array<EraseRun, 3> runs_17{{{4 * kib, 16}, {64 * kib, 13}, {4 * kib, 32}}};
constexpr std::array<EraseRun, 3> runs_18{{{4 * kib, 32}, {64 * kib, 13}, {4 * kib, 16}}};
constexpr std::array<EraseRun, 4> runs_19{{{64 * kib, 3}, {32 * kib, 1}, {8 * kib, 2}, {16 * kib, 1}}};
constexpr std::array<EraseRun, 1> runs_20{{{64 * kib, 32}}};
constexpr std::array<EraseRun, 5> runs_21{{{4 * kib, 16}, {64 * kib, 30}, {32 * kib, 1}, {8 * kib, 2}, {16 * kib, 1}}};
constexpr std::array<EraseRun, 2> runs_22{{{64 * kib, 15}, {8 * kib, 8}}};
constexpr std::array<EraseRun, 1> runs_23{{{1024 * kib, 1}}};
constexpr std::array<PartErase, 2> erases_0{{{jedec_block, runs_0}, {jedec_chip, runs_1}}};
constexpr std::array<PartErase, 1> erases_1{{{intel_block, runs_2}}};
constexpr std::array<PartErase, 1> erases_2{{{intel_block, runs_3}}};
constexpr std::array<PartErase, 1> erases_3{{{intel_block, runs_0}}};
constexpr std::array<PartErase, 1> erases_4{{{intel_block, runs_4}}};
constexpr std::array<PartErase, 3> erases_5{{{jedec_sector, runs_5}, {jedec_block, runs_6}, {jedec_chip, runs_7}}};
constexpr std::array<PartErase, 3> erases_6{{{jedec_sector, runs_8}, {jedec_block, runs_0}, {jedec_chip, runs_1}}};
constexpr std::array<PartErase, 2> erases_7{{{jedec_sector, runs_5}, {jedec_block, runs_6}}};
constexpr std::array<PartErase, 2> erases_8{{{jedec_sector, runs_9}, {jedec_block, runs_10}}};
constexpr std::array<PartErase, 2> erases_9{{{jedec_sector, runs_8}, {jedec_block, runs_0}}};
constexpr std::array<PartErase, 2> erases_10{{{sst_sector, runs_8}, {intel_block, runs_3}}};
constexpr std::array<PartErase, 2> erases_11{{{jedec_sector, runs_11}, {jedec_block, runs_4}}};
constexpr std::array<PartErase, 2> erases_12{{{sst_sector, runs_11}, {intel_block, runs_12}}};
constexpr std::array<PartErase, 2> erases_13{{{sst_sector, runs_13}, {intel_block, runs_14}}};
constexpr std::array<PartErase, 2> erases_14{{{m50_sector, runs_15}, {intel_block, runs_0}}};
constexpr std::array<PartErase, 2> erases_15{{{m50_sector, runs_16}, {intel_block, runs_0}}};
constexpr std::array<PartErase, 2> erases_16{{{m50_sector, runs_17}, {intel_block, runs_4}}};
constexpr std::array<PartErase, 2> erases_17{{{m50_sector, runs_18}, {intel_block, runs_4}}};
constexpr std::array<PartErase, 1> erases_18{{{intel_block, runs_19}}};
constexpr std::array<PartErase, 1> erases_19{{{intel_block, runs_20}}};
constexpr std::array<PartErase, 1> erases_20{{{intel_block, runs_21}}};
constexpr std::array<PartErase, 1> erases_21{{{intel_block, runs_22}}};
constexpr std::array<PartErase, 2> erases_22{{{jedec_sector, runs_0}, {jedec_chip, runs_1}}};
constexpr std::array<PartErase, 3> erases_23{{{jedec_block, runs_8}, {jedec_sector, runs_0}, {jedec_chip, runs_1}}};
constexpr std::array<PartErase, 2> erases_24{{{jedec_sector, runs_4}, {jedec_chip, runs_23}}};
constexpr std::array<PartErase, 2> erases_25{{{jedec_sector, runs_19}, {jedec_chip, runs_7}}};

constexpr std::array<Part, 43> all_parts{{
    {"AMIC", "A49LF040A", 0x37, 0x9d, jedec, 512 * kib, Locks::uniform_64k, erases_0},
    {"Atmel", "AT49LH002", 0x1f, 0xe9, intel, 256 * kib, Locks::eraser_0, erases_1},
    {"Atmel", "AT49LH004", 0x1f, 0xee, intel, 512 * kib, Locks::eraser_0, erases_2},
    {"Atmel", "AT49LH00B4", 0x1f, 0xed, intel, 512 * kib, Locks::eraser_0, erases_3},
    {"Intel", "82802AB", 0x89, 0xad, intel, 512 * kib, Locks::uniform_64k, erases_3},
    {"Intel", "82802AC", 0x89, 0xac, intel, 1024 * kib, Locks::uniform_64k, erases_4},
    {"PMC", "Pm49FL002", 0x9d, 0x6d, jedec, 256 * kib, Locks::uniform_32k, erases_5},
    {"PMC", "Pm49FL004", 0x9d, 0x6e, jedec, 512 * kib, Locks::uniform_64k, erases_6},
    {"SST", "SST49LF002A/B", 0xbf, 0x57, jedec, 256 * kib, Locks::uniform_16k, erases_7},
    {"SST", "SST49LF003A/B", 0xbf, 0x1b, jedec, 384 * kib, Locks::uniform_64k, erases_8},
    {"SST", "SST49LF004A/B", 0xbf, 0x60, jedec, 512 * kib, Locks::uniform_64k, erases_9},
    {"SST", "SST49LF004C", 0xbf, 0x54, intel, 512 * kib, Locks::eraser_1, erases_10},
    {"SST", "SST49LF008A", 0xbf, 0x5a, jedec, 1024 * kib, Locks::uniform_64k, erases_11},
    {"SST", "SST49LF008C", 0xbf, 0x59, intel, 1024 * kib, Locks::eraser_1, erases_12},
    {"SST", "SST49LF016C", 0xbf, 0x5c, intel, 2048 * kib, Locks::eraser_1, erases_13},
    {"SST", "SST49LF020", 0xbf, 0x61, jedec, 256 * kib, Locks::none, erases_7},
    {"SST", "SST49LF020A", 0xbf, 0x52, jedec, 256 * kib, Locks::none, erases_7},
    {"SST", "SST49LF040", 0xbf, 0x51, jedec, 512 * kib, Locks::none, erases_9},
    {"SST", "SST49LF040B", 0xbf, 0x50, jedec, 512 * kib, Locks::uniform_64k, erases_9},
    {"SST", "SST49LF080A", 0xbf, 0x5b, jedec, 1024 * kib, Locks::none, erases_11},
    {"SST", "SST49LF160C", 0xbf, 0x4c, intel, 2048 * kib, Locks::eraser_1, erases_13},
    {"ST", "M50FLW040A", 0x20, 0x08, intel, 512 * kib, Locks::uniform_64k, erases_14},
    {"ST", "M50FLW040B", 0x20, 0x28, intel, 512 * kib, Locks::uniform_64k, erases_15},
    {"ST", "M50FLW080A", 0x20, 0x80, intel, 1024 * kib, Locks::eraser_0, erases_16},
    {"ST", "M50FLW080B", 0x20, 0x81, intel, 1024 * kib, Locks::eraser_0, erases_17},
    {"ST", "M50FW002", 0x20, 0x29, intel, 256 * kib, Locks::eraser_0, erases_18},
    {"ST", "M50FW016", 0x20, 0x2e, intel, 2048 * kib, Locks::uniform_64k, erases_19},
    {"ST", "M50FW040", 0x20, 0x2c, intel, 512 * kib, Locks::uniform_64k, erases_3},
    {"ST", "M50FW080", 0x20, 0x2d, intel, 1024 * kib, Locks::uniform_64k, erases_4},
    {"ST", "M50LPW080", 0x20, 0x2f, intel, 1024 * kib, Locks::uniform_64k, erases_4},
    {"ST", "M50LPW116", 0x20, 0x30, intel, 2048 * kib, Locks::eraser_0, erases_20},
    {"Sharp", "LHF00L04", 0xb0, 0xcf, intel, 1024 * kib, Locks::uniform_64k, erases_21},
    {"Winbond", "W39V040A", 0xda, 0x3d, jedec, 512 * kib, Locks::none, erases_22},
    {"Winbond", "W39V040B", 0xda, 0x54, jedec, 512 * kib, Locks::none, erases_22},
    {"Winbond", "W39V040C", 0xda, 0x50, jedec, 512 * kib, Locks::none, erases_22},
    {"Winbond", "W39V040FA", 0xda, 0x34, jedec, 512 * kib, Locks::uniform_64k, erases_23},
    {"Winbond", "W39V040FB", 0xda, 0x54, jedec, 512 * kib, Locks::uniform_64k, erases_22},
    {"Winbond", "W39V040FC", 0xda, 0x50, jedec, 512 * kib, Locks::none, erases_22},
    {"Winbond", "W39V080A", 0xda, 0xd0, jedec, 1024 * kib, Locks::none, erases_24},
    {"Winbond", "W39V080FA", 0xda, 0xd3, jedec, 1024 * kib, Locks::uniform_64k, erases_24},
    {"Winbond", "W39V080FA (dual mode)", 0xda, 0x93, jedec, 512 * kib, Locks::none, erases_22},
    {"Winbond", "W49V002A", 0xda, 0xb0, jedec, 256 * kib, Locks::none, erases_25},
    {"Winbond", "W49V002FA", 0xda, 0x32, jedec, 256 * kib, Locks::none, erases_25},
}};
// clang-format on

}  // namespace

std::span<const Part> parts() { return all_parts; }

std::string full_name(const Part& part) { return fmt::format("{} {}", part.vendor, part.name); }

std::vector<Range> lock_blocks(const Part& part) {
  std::vector<Range> blocks;
  const auto uniform = [&](std::uint32_t size) {
    for (std::uint32_t at = 0; at < part.size; at += size) blocks.push_back({at, size});
  };
  const auto as_erased = [&](const PartErase& erase) {
    std::uint64_t at = 0;
    for (const EraseRun& run : erase.runs)
      for (std::uint32_t i = 0; i < run.count; ++i, at += run.size)
        blocks.push_back({at, run.size});
  };
  switch (part.locks) {
    case Locks::none:
      break;
    case Locks::uniform_16k:
      uniform(16 * kib);
      break;
    case Locks::uniform_32k:
      uniform(32 * kib);
      break;
    case Locks::uniform_64k:
      uniform(64 * kib);
      break;
    case Locks::eraser_0:
      as_erased(part.erases[0]);
      break;
    case Locks::eraser_1:
      as_erased(part.erases[1]);
      break;
  }
  return blocks;
}

}  // namespace romwright::flash::mapped
