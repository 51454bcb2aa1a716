// SPDX-License-Identifier: GPL-2.0-or-later
// The MAC address in an image's GbE region.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "flash/base/bytes.h"
#include "flash/base/event.h"
#include "flash/base/range.h"
#include "toolkit/images/formats/gbe.h"

namespace romwright::pipeline {

/// What becomes of the MAC: `keep`, `random`, `chip` (the one that the chip holds now), or a
/// pattern.
struct MacPolicy {
  enum class Kind { keep, chip, pattern } kind = Kind::keep;
  std::string pattern;  ///< "00:1f:16:xx:xx:xx" where Kind::pattern; `random` is six times xx
};

/// Parses the value of --mac. Throws UsageError for anything else, and for a multicast or all-zero
/// address.
MacPolicy parse_mac_policy(std::string_view text);

/// "keep", "chip" or the pattern, in words.
std::string describe(const MacPolicy& policy);

/// The MAC of an image, where it has a GbE region with a sound part.
std::optional<images::Mac> mac_of(ConstBytes image);

/// Sets the MAC of every sound part of the image's GbE region; what was wrong with a part is a
/// warning. Throws ImageError where the image has no GbE region or no sound part.
images::Mac set_mac(Bytes image, const std::string& pattern, EventSink& events);

/// An image's GbE region with another MAC; the image itself stays as it is.
struct GbePatch {
  Range where;
  Buffer content;
};

/// The patch that gives `image` the MAC. Warns and throws as set_mac.
GbePatch mac_patch(ConstBytes image, const images::Mac& mac, EventSink& events);

}  // namespace romwright::pipeline
