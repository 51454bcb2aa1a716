// SPDX-License-Identifier: GPL-2.0-or-later
// Buffers that wait for their turn in a file without a name.
#pragma once

#include <cstdint>
#include <filesystem>

#include "flash/base/bytes.h"
#include "flash/base/range.h"

namespace romwright::images {

/// An unnamed temporary file; the system removes it with the object, however the program ends.
class Spool {
 public:
  /// In `folder`, made at the first `put`.
  explicit Spool(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  /// Appends `bytes`; where they lie. Throws Error "FOLDER: cannot write a temporary file: REASON".
  Range put(ConstBytes bytes);
  /// What was put there.
  [[nodiscard]] Buffer get(Range where) const;

 private:
  [[noreturn]] void fail(int error) const;
  void create();

  std::filesystem::path folder_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace romwright::images
