// SPDX-License-Identifier: GPL-2.0-or-later
// Where a file holds firmware of the Management Engine: in a flash image, alone, or as an update.
#pragma once

#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

enum class MeForm {
  region,  ///< as it lies in the flash, with a partition table
  update,  ///< what Intel's update tool takes: the code partition alone, without a table
};

struct MePlace {
  MeForm form = MeForm::region;
  Range range;            ///< in the file
  bool embedded = false;  ///< the file begins with something else: a tool that holds an image
};

/// Every Management Engine in `file`, in its order. A flash descriptor at the start, or else
/// anywhere, names the region; without one the file is a region itself, or holds one from a
/// partition table on to the end of the last partition. A region without either a table or code is
/// none.
[[nodiscard]] std::vector<MePlace> find_me(ConstBytes file);

}  // namespace romwright::images
