// SPDX-License-Identifier: GPL-2.0-or-later
// What a cleaning reads and changes in the flash descriptor of a full image.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "toolkit/images/formats/me_clean/me_window.h"

namespace romwright::images {

/// The descriptor at the start of a full image, by its map alone: descriptors of ICH8 to the 200
/// series. Unlike IfdEditor it changes nothing but what cleaning does, in the order of cleaning.
class MeDump {
 public:
  /// Nothing where `image` does not begin with a descriptor. Throws ImageError where its regions
  /// are not in the image.
  static std::optional<MeDump> find(ConstBytes image);

  /// Whether `image` begins with a descriptor.
  [[nodiscard]] static bool has_signature(ConstBytes image);

  /// The signature lies at 0, as ICH8's: generation 1.
  [[nodiscard]] bool first_generation() const noexcept { return first_generation_; }
  /// [start, end); of the ME where it is unused, start is not below end.
  struct Limits {
    std::uint64_t start = 0, end = 0;
    [[nodiscard]] bool used() const noexcept { return start < end; }
  };
  [[nodiscard]] const Limits& descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] const Limits& bios() const noexcept { return bios_; }
  [[nodiscard]] const Limits& me() const noexcept { return me_; }

  /// Whether the straps ask the engine to disable itself: HAP (generation 3), AltMeDisable (2), or
  /// the ICH's and MCH's bits (1, true where both are set).
  [[nodiscard]] bool disabled(ConstBytes image, int generation) const;
  /// Sets these bits. Throws ImageError where they lie outside.
  void disable(Buffer& image, int generation) const;
  /// The name of that bit: "HAP", ...
  [[nodiscard]] static std::string_view bit_name(int generation);
  /// Generation 1: no ME region any more.
  void remove_me_region(Buffer& image) const;
  /// The engine may read and write its own region only, and the GbE's as before.
  void drop_access(Buffer& image, int generation) const;
  /// A copy of the descriptor's region. With `me_size`, the ME region ends there and the BIOS
  /// region, if it followed, begins there; `me_too` is false where only the latter is changed.
  [[nodiscard]] Buffer extract(Buffer& image, std::optional<std::int64_t> me_size,
                               bool me_too) const;

 private:
  struct Strap {
    std::uint64_t offset = 0;
    std::uint32_t bit = 0;
  };
  [[nodiscard]] std::pair<Strap, std::optional<Strap>> straps(int generation) const;
  [[nodiscard]] MeWindow window(Buffer& image) const {
    return {image, descriptor_.start, std::max(descriptor_.start, descriptor_.end)};
  }

  bool first_generation_ = false;
  std::uint64_t frba_ = 0, fmba_ = 0, fpsba_ = 0, fmsba_ = 0;
  Limits descriptor_, bios_, me_;
};

}  // namespace romwright::images
