// SPDX-License-Identifier: GPL-2.0-or-later
// The engine above any SpiBus or Flash, and a small write that has everything.
#pragma once

#include "tests/scenarios/engine/bench.h"

namespace romwright::flash::scenario {

/// Random content with a blank sector; the image changes, blanks, fills and clears bits.
struct SmallWrite {
  explicit SmallWrite(std::size_t size) : old(random_bytes(size, 5)) {
    std::fill_n(old.begin() + 0x4000, 0x1000, std::uint8_t{0xff});
    image = old;
    const Buffer fresh = random_bytes(0x600, 6);
    std::copy_n(fresh.begin(), 0x400, image.begin() + 0x1000);
    std::fill_n(image.begin() + 0x2000, 0x1000, std::uint8_t{0xff});
    std::copy_n(fresh.begin() + 0x400, 0x200, image.begin() + 0x4100);
    image[0x8010] &= 0x0f;
  }
  Buffer old, image;
};

/// Probes the chip on `bus`, and writes `image` to it.
inline WriteReport write_over(SpiBus& bus, const Buffer& image, const WriteGuard& guard) {
  Silence events;
  romwright::Run run{{}, events};
  const ProbeResult found = probe(bus, {});
  SpiNor nor(bus, found.chip);
  FlashDevice device(nor, bus.clock());
  const WritePlan plan = device.plan(image, {}, run);
  return device.write(plan, guard, run);
}

}  // namespace romwright::flash::scenario
