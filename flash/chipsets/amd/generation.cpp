// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/generation.h"

#include <algorithm>
#include <array>

namespace romwright::flash::amd {
namespace {

using Id = GenerationId;
using enum ChipsetStatus;

constexpr std::uint32_t old_mask = 0xffffffe0, new_mask = 0xffffff00;

// clang-format off
constexpr std::array<Generation, 8> generations{{
    {.id = Id::sb6xx, .title = "SB6xx", .has_imc = false, .has_pins = true, .bar_mask = old_mask},
    {.id = Id::sb7xx, .title = "SB7xx", .has_pins = true, .bar_mask = old_mask},
    {.id = Id::sb89xx, .title = "SB8xx/SB9xx", .has_busy = true, .bar_mask = old_mask},
    {.id = Id::hudson234, .title = "Hudson-2/3/4", .has_busy = true, .bar_mask = old_mask},
    {.id = Id::bolton, .title = "Bolton", .has_busy = true, .bar_mask = old_mask},
    {.id = Id::yangtze, .title = "Yangtze", .engine = Engine::indexed, .has_busy = true,
     .has_psp = true, .bar_mask = old_mask, .max_in = 68, .max_out = 68},
    {.id = Id::promontory, .title = "Promontory", .engine = Engine::indexed, .has_busy = true,
     .has_psp = true, .bar_mask = old_mask, .max_in = 68, .max_out = 68},
    {.id = Id::spi100, .title = "SPI100", .engine = Engine::spi100, .has_busy = true,
     .has_psp = true, .bar_mask = new_mask, .max_in = 67, .max_out = 67},
}};

constexpr std::array<Part, 14> all_parts{{
    {0x1002, 0x438d, 0x1002, 0x4385, 0x00, 0xff, Id::sb6xx, ok, "SB600"},
    {0x1002, 0x439d, 0x1002, 0x4385, 0x39, 0x3d, Id::sb7xx, ok, "SB7x0/SP5100"},
    {0x1002, 0x439d, 0x1002, 0x4385, 0x40, 0x42, Id::sb89xx, ok, "SB8x0/SB9x0/Hudson-1"},
    {0x1002, 0x439d, 0x1002, 0x4385, 0x00, 0xff, Id::sb89xx, untested, "SB8x0/SB9x0"},
    {0x1022, 0x780e, 0x1022, 0x780b, 0x11, 0x15, Id::hudson234, ok, "FCH, Hudson-2/3/4"},
    {0x1022, 0x780e, 0x1022, 0x780b, 0x16, 0x16, Id::bolton, ok, "FCH, Bolton"},
    {0x1022, 0x780e, 0x1022, 0x780b, 0x39, 0x3a, Id::yangtze, ok, "FCH, Yangtze"},
    {0x1022, 0x780e, 0x1022, 0x780b, 0x42, 0x42, Id::yangtze, ok, "FCH, Yangtze"},
    {0x1022, 0x790e, 0x1022, 0x790b, 0x4a, 0x4a, Id::yangtze, ok, "Merlin Falcon"},
    {0x1022, 0x790e, 0x1022, 0x790b, 0x4b, 0x4b, Id::promontory, ok, "Stoney Ridge"},
    {0x1022, 0x790e, 0x1022, 0x790b, 0x51, 0x51, Id::spi100, untested, "Renoir/Cezanne"},
    {0x1022, 0x790e, 0x1022, 0x790b, 0x59, 0x59, Id::spi100, depends, "Pinnacle Ridge"},
    {0x1022, 0x790e, 0x1022, 0x790b, 0x61, 0x61, Id::spi100, depends,
     "Raven Ridge/Matisse/Starship"},
    {0x1022, 0x790e, 0x1022, 0x790b, 0x71, 0x71, Id::spi100, depends,
     "Mendocino/Van Gogh/Rembrandt/Raphael/Genoa"},
}};
// clang-format on

}  // namespace

const Generation& generation(GenerationId id) {
  return *std::ranges::find(generations, id, &Generation::id);
}

std::span<const Part> parts() { return all_parts; }

}  // namespace romwright::flash::amd
