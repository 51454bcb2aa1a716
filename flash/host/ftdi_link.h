// SPDX-License-Identifier: GPL-2.0-or-later
// A channel of an FTDI device as a stream: several transfers each way are under way at once.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "flash/base/clock.h"
#include "flash/host/ftdi_device.h"
#include "flash/host/stream_link.h"

struct libusb_transfer;

namespace romwright::flash {

/// Reads are posted for exactly what was announced, before the write that makes the device answer:
/// its IN FIFO is always drained, and none is left over when all is read. Without libftdi1's own
/// transfers, of which only one may read at a time.
class FtdiLink final : public StreamLink {
 public:
  /// The device outlives the link.
  explicit FtdiLink(FtdiDevice& device);
  ~FtdiLink() override;

  void write(ConstBytes bytes, std::size_t answers, std::chrono::nanoseconds time) override;
  void read(Bytes into) override;
  void flush() override;

 private:
  using Nanoseconds = std::chrono::nanoseconds;
  struct Slot;

  static void finished(libusb_transfer* transfer);
  void finished(Slot& slot);
  void take(ConstBytes packets);
  void fail(int status);
  Slot& free_slot(bool in);
  void submit(Slot& slot, bool in, std::size_t size);
  void post_reads();
  template <typename Done>
  void wait_until(const Done& done);
  void handle_events(Nanoseconds longest);

  FtdiDevice& device_;
  SystemClock clock_;
  std::size_t packet_;                        ///< bytes, two of them status
  std::vector<std::unique_ptr<Slot>> slots_;  ///< of both directions, reused
  Buffer received_;
  std::size_t taken_ = 0;     ///< of `received_`, by `read`
  std::size_t expected_ = 0;  ///< answers announced and not received
  std::size_t posted_ = 0;    ///< answers that the reads under way have room for
  std::size_t reads_ = 0;     ///< under way
  std::size_t writes_ = 0;    ///< under way
  std::size_t unsent_ = 0;    ///< bytes in them
  Nanoseconds due_{0};        ///< when the device should be done with all that it was given
  Nanoseconds progress_{0};   ///< when it last took or answered anything
  std::string failure_;       ///< why the link is broken
};

}  // namespace romwright::flash
