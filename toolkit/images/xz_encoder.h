// SPDX-License-Identifier: GPL-2.0-or-later
// Compresses a stream to .xz, by liblzma.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "flash/base/bytes.h"

namespace romwright::images {

/// One .xz stream of one block, whose window reaches back `window` bytes (4 KiB to 128 MiB): with
/// ROMs that are nearly alike, the one before must lie within. The compressed bytes go to `sink` as
/// they come. Needs about 11 times the window as memory while it runs, at most.
class XzEncoder {
 public:
  using Sink = std::function<void(ConstBytes)>;

  XzEncoder(std::uint64_t window, Sink sink);
  XzEncoder(const XzEncoder&) = delete;
  XzEncoder& operator=(const XzEncoder&) = delete;
  ~XzEncoder();

  void write(ConstBytes bytes);
  /// Ends the stream; nothing can be written afterwards.
  void finish();

 private:
  struct Stream;
  void run(ConstBytes bytes, bool last);

  Sink sink_;
  std::unique_ptr<Stream> stream_;
  Buffer out_;
};

}  // namespace romwright::images
