// SPDX-License-Identifier: GPL-2.0-or-later
// Several devices, in ascending order, as one.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "flash/bus/flash.h"

namespace romwright::flash {

/// The first part holds the lowest bytes. Each erase type belongs to one part (EraseType::start),
/// so a plan erases no block across a border.
class SplitFlash final : public Flash {
 public:
  /// All parts outlive this. Throws RefusedError where they cannot be one device:
  /// different erased values.
  explicit SplitFlash(std::vector<Flash*> parts);
  [[nodiscard]] const Geometry& geometry() const noexcept override { return geometry_; }
  [[nodiscard]] Access access(Range range) override;
  [[nodiscard]] std::vector<Protection> protections() override;
  void read(std::uint64_t offset, Bytes into, Run& run) override;
  void apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
             Run& run) override;
  void set_streaming(bool streams) override;
  std::optional<std::uint32_t> slow_down() override;
  [[nodiscard]] FlashStatistics statistics() const override;

 private:
  struct Part {
    Flash* flash;
    Range range;
    std::size_t first_type;
  };
  /// Calls `body(part, range inside the part)` for each part that `range` touches.
  void each_part(Range range, const std::function<void(const Part&, Range)>& body) const;
  static FlashStep inside(const FlashStep& step, const Part& part);

  std::vector<Part> parts_;
  Geometry geometry_;
};

}  // namespace romwright::flash
