// SPDX-License-Identifier: GPL-2.0-or-later
// Puts a vendor file into an image, takes it out, and sees whether it is there.
#pragma once

#include <string>

#include "flash/base/bytes.h"
#include "toolkit/pipeline/insertion.h"

namespace romwright::pipeline {

enum class Presence {
  absent,   ///< the region is blank, the CBFS has no such file
  pinned,   ///< the file is there, and is the one that its recipe pins
  present,  ///< it is there, and cannot be compared: its bytes depend on where it lies (XIP,
            ///< stages), or its size is not known
  other,  ///< something else is there
};

/// Seen in the image itself. Throws ImageError where it has no such region, or no CBFS.
Presence presence_of(ConstBytes image, const Insertion& insertion);

/// Inserts `file`, which is the pinned one. Throws ImageError where there is no place for it.
void insert_file(Bytes image, const Insertion& insertion, ConstBytes file);

/// The reverse: the region blank (0xff), the CBFS file removed. What is absent stays so.
void remove_file(Bytes image, const Insertion& insertion);

}  // namespace romwright::pipeline
