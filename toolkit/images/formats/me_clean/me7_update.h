// SPDX-License-Identifier: GPL-2.0-or-later
// ME 7 update images: the code partition alone, for Intel's update tool. Sandy Bridge packages hold
// nothing else.
#pragma once

#include "flash/base/bytes.h"

namespace romwright::images {

/// The cleaned, relocated and truncated region that the update stands for. Throws ImageError where
/// `update` is none of ME 7, is damaged, or its signature is not valid.
[[nodiscard]] Buffer region_of_me7_update(ConstBytes update);

}  // namespace romwright::images
