// SPDX-License-Identifier: GPL-2.0-or-later
// What hardware sequencing takes on the modelled 6-series PCH, and what it must take at least.
#pragma once

#include <chrono>
#include <cstdint>

#include "tests/scenarios/engine/on_pch.h"

namespace romwright::flash::scenario {

/// What hardware sequencing must spend: 19 register accesses a cycle of 64 bytes, the wire at
/// 20 MHz, the chip (0.2 ms a quarter of a page, 45 ms a sector). The whole chip is read twice.
inline double pch_floor_seconds(std::uint64_t size, std::uint64_t changed_bytes) {
  const double access = 19e-6;
  const double bit = 1 / 20e6;
  const double read = access + 8 * (4 + 64) * bit;
  const double program = access + 8 * (1 + 4 + 64 + 2) * bit + 200e-6;
  return static_cast<double>(size) / 64 * 2 * read +
         static_cast<double>(changed_bytes) / 64 * program +
         static_cast<double>(changed_bytes) / 4096 * 45e-3;
}

struct PchFigure {
  double seconds = 0, floor = 0;  ///< virtual
  PchCounts counts;
  bool right = false;  ///< verified, and the chip holds the image
};

/// Replaces `changed_bytes` (all, or a part in the middle) of a W25Q64FV.
inline PchFigure measure_pch(std::uint64_t changed_bytes) {
  OnPch pch({.kind = PchKind::pch6}, "W25Q64FV");
  pch.row.times.page_program = std::chrono::microseconds(200);  // a quarter of a page
  pch.row.times.erase_4k = std::chrono::milliseconds(45);
  put_descriptor(pch.content, DescriptorVersion::v1, {pch.row.size},
                 {{0, {0, 0x1000}}, {1, {0x1000, pch.content.size() - 0x1000}}});
  pch.open(Sequencing::hardware);
  Buffer image = pch.content;
  const std::uint64_t from = changed_bytes == image.size() ? 0 : 0x230000;
  for (std::uint64_t at = from; at < from + changed_bytes; ++at)
    image[at] = static_cast<std::uint8_t>(~image[at]);
  const PchCounts before = pch.model->counts();
  const std::chrono::nanoseconds start = pch.clock.now();
  PchFigure figure;
  figure.right =
      pch.write(image).verified_full && pch.content == image && pch.model->misuse().empty();
  figure.seconds = std::chrono::duration<double>(pch.clock.now() - start).count();
  figure.floor = pch_floor_seconds(image.size(), changed_bytes);
  const PchCounts after = pch.model->counts();
  figure.counts = {after.register_accesses - before.register_accesses, after.cycles - before.cycles,
                   after.denied - before.denied};
  return figure;
}

}  // namespace romwright::flash::scenario
