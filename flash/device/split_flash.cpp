// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/split_flash.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {

SplitFlash::SplitFlash(std::vector<Flash*> parts) {
  bool first = true;
  for (Flash* flash : parts) {
    const Geometry& part = flash->geometry();
    if (first) {
      geometry_ = part;
      geometry_.size = 0;
      geometry_.erase_types.clear();
    }
    if (part.erased_value != geometry_.erased_value)
      throw RefusedError("chips whose erased bytes differ cannot be written as one");
    parts_.push_back({flash, {geometry_.size, part.size}, geometry_.erase_types.size()});
    for (EraseType type : part.erase_types) {
      type.start += geometry_.size;
      geometry_.erase_types.push_back(std::move(type));
    }
    geometry_.size += part.size;
    geometry_.page_size = std::min(geometry_.page_size, part.page_size);
    geometry_.bits_clear_again &= part.bits_clear_again;
    geometry_.page_program_time = std::max(geometry_.page_program_time, part.page_program_time);
    geometry_.byte_time = std::max(geometry_.byte_time, part.byte_time);
    first = false;
  }
}

void SplitFlash::each_part(Range range, const std::function<void(const Part&, Range)>& body) const {
  if (!Range{0, geometry_.size}.contains(range))
    throw DeviceError(fmt::format("{}: lies outside the chips' {}", to_string(range),
                                  human_size(geometry_.size)));
  for (const Part& part : parts_) {
    const Range inside = part.range.intersect(range);
    if (!inside.empty()) body(part, {inside.offset - part.range.offset, inside.size});
  }
}

Access SplitFlash::access(Range range) {
  Access all;
  each_part(range, [&](const Part& part, Range inside) {
    const Access access = part.flash->access(inside);
    all.readable &= access.readable;
    all.writable &= access.writable;
    all.uncertain |= access.uncertain;
    if (all.reason.empty()) all.reason = access.reason;
  });
  return all;
}

std::vector<Protection> SplitFlash::protections() {
  std::vector<Protection> all;
  for (const Part& part : parts_)
    for (Protection protection : part.flash->protections()) {
      protection.range.offset += part.range.offset;
      all.push_back(std::move(protection));
    }
  return all;
}

void SplitFlash::read(std::uint64_t offset, Bytes into, Run& run) {
  each_part({offset, into.size()}, [&](const Part& part, Range inside) {
    const std::uint64_t at = part.range.offset + inside.offset - offset;
    part.flash->read(inside.offset, slice(into, {at, inside.size}, "read"), run);
  });
}

FlashStep SplitFlash::inside(const FlashStep& step, const Part& part) {
  FlashStep piece;
  if (step.erase && part.range.contains(step.erase->range)) {
    piece.erase = step.erase;
    piece.erase->range.offset -= part.range.offset;
    piece.erase->type -= part.first_type;
  }
  for (const Write& write : step.programs) {
    const Range shared = part.range.intersect(write.range());
    if (!shared.empty())
      piece.programs.push_back(
          {shared.offset - part.range.offset,
           slice(write.data, {shared.offset - write.offset, shared.size}, "write")});
  }
  return piece;
}

void SplitFlash::apply(std::span<const FlashStep> steps,
                       const std::function<void(std::size_t)>& done, Run& run) {
  // All steps of one part go to it in one call, so that it can stream them; they ascend, and only
  // programs that need no erase may lie on both sides of a border.
  std::vector<std::size_t> pieces(steps.size(), 0);
  const auto touches = [](const FlashStep& piece) {
    return piece.erase.has_value() || !piece.programs.empty();
  };
  for (const Part& part : parts_)
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (touches(inside(steps[i], part))) ++pieces[i];
  for (const Part& part : parts_) {
    std::vector<FlashStep> own;
    std::vector<std::size_t> index;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      FlashStep piece = inside(steps[i], part);
      if (!touches(piece)) continue;
      own.push_back(std::move(piece));
      index.push_back(i);
    }
    if (own.empty()) continue;
    part.flash->apply(
        own,
        [&](std::size_t i) {
          if (--pieces[index[i]] == 0) done(index[i]);
        },
        run);
  }
}

void SplitFlash::set_streaming(bool streams) {
  for (const Part& part : parts_) part.flash->set_streaming(streams);
}

std::optional<std::uint32_t> SplitFlash::slow_down() {
  std::optional<std::uint32_t> slowest;
  for (const Part& part : parts_)
    if (const auto now = part.flash->slow_down(); now && (!slowest || *now < *slowest))
      slowest = now;
  return slowest;
}

FlashStatistics SplitFlash::statistics() const {
  FlashStatistics all;
  for (const Part& part : parts_) {
    const FlashStatistics one = part.flash->statistics();
    all.read_bytes += one.read_bytes;
    all.erased_bytes += one.erased_bytes;
    all.programmed_bytes += one.programmed_bytes;
    all.read += one.read;
    all.erase += one.erase;
    all.program += one.program;
    all.retries += one.retries;
  }
  return all;
}

}  // namespace romwright::flash
