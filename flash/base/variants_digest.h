// SPDX-License-Identifier: GPL-2.0-or-later
// Hashes of data that differ in one place alone.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright {

/// The SHA-512 of `before`, `own[i]` and `after` behind each other, for each i, as lower-case
/// hexadecimal digits. Where the processor has AVX2, and all of `own` have one size, what is common
/// passes through four hashes at once, in about twice the time that one takes.
[[nodiscard]] std::vector<std::string> sha512_of_variants(ConstBytes before,
                                                          std::span<const ConstBytes> own,
                                                          ConstBytes after);

}  // namespace romwright
