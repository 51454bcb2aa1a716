// SPDX-License-Identifier: GPL-2.0-or-later
// The public keys that Intel signs firmware of the Management Engine with.
#pragma once

#include <string>
#include <string_view>

#include "flash/base/bytes.h"

namespace romwright::images {

struct MeKey {
  std::string_view md5;       ///< of modulus and exponent as they lie in a manifest, 0x104 bytes
  std::string_view variant;   ///< "ME", "TXE", "SPS"
  std::string_view versions;  ///< that it signs: "7.x.x.x, 8.x.x.x"
};

/// The key that `public_key` (0x104 bytes) is, or nullptr.
[[nodiscard]] const MeKey* find_me_key(ConstBytes public_key);
/// The variant that the key tells; of an unknown one, "ME" from version 6 on and "TXE" before.
[[nodiscard]] std::string me_variant(const MeKey* key, unsigned major);

}  // namespace romwright::images
