// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/device_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/device/ranges.h"

namespace romwright::flash {
namespace {

constexpr std::uint64_t piece_size = 1U << 20;
constexpr std::uint64_t settled_size = 4096;  // so that a noisy link can agree on each
constexpr int readings = 5;

}  // namespace

void slow_down(Flash& flash, Run& run) {
  if (const auto hz = flash.slow_down())
    run.events.warning(fmt::format("the clock is lowered to {:.3g} MHz", *hz / 1e6));
}

void DeviceReader::read(Range range, Bytes into, std::string_view phase, Run& run) {
  run.events.progress({phase, 0, range.size});
  for (std::uint64_t at = 0; at < range.size;) {
    const std::uint64_t size = std::min(range.size - at, piece_size);
    flash_.read(range.offset + at, slice(into, {at, size}, "read"), run);
    at += size;
    run.events.progress({phase, at, range.size});
  }
}

std::uint64_t DeviceReader::read_again(std::span<const Range> ranges, Bytes content,
                                       std::string_view phase, Run& run) {
  const std::uint64_t total = total_size(ranges);
  std::uint64_t wrong = 0;
  std::uint64_t done = 0;
  Buffer second;
  for (const Range& range : ranges)
    for (std::uint64_t at = 0; at < range.size;) {
      const Range piece{range.offset + at, std::min(range.size - at, piece_size)};
      second.resize(piece.size);
      flash_.read(piece.offset, second, run);
      const Bytes first = slice(content, piece, "content");
      for (std::uint64_t part = 0; part < piece.size; part += settled_size) {
        const Range inside{part, std::min(piece.size - part, settled_size)};
        const Bytes was = slice(first, inside, "content");
        const Bytes is = slice(Bytes(second), inside, "content");
        if (!std::equal(was.begin(), was.end(), is.begin()))
          wrong += settle({piece.offset + part, inside.size}, was, is, run);
      }
      at += piece.size;
      done += piece.size;
      run.events.progress({phase, done, total});
    }
  return wrong;
}

std::uint64_t DeviceReader::settle(Range range, Bytes content, ConstBytes reading, Run& run) {
  slow_down(flash_, run);
  Buffer second(reading.begin(), reading.end());
  Buffer next(range.size);
  for (int i = 2; i < readings; ++i) {
    flash_.read(range.offset, next, run);
    if (next == second) {
      std::uint64_t wrong = 0;
      for (std::size_t at = 0; at < next.size(); ++at) wrong += content[at] != next[at] ? 1 : 0;
      std::copy(next.begin(), next.end(), content.begin());
      return wrong;
    }
    second.swap(next);
  }
  const auto at = std::mismatch(second.begin(), second.end(), next.begin());
  throw DeviceError(
      fmt::format("offset {:#x}: reads differently every time",
                  range.offset + static_cast<std::uint64_t>(at.first - second.begin())),
      "check the clip and the wires, or lower the clock");
}

}  // namespace romwright::flash
