// SPDX-License-Identifier: GPL-2.0-or-later
// A BulkPipe on two endpoints of a USB device, with libusb's asynchronous transfers.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>

#include "flash/host/bulk_pipe.h"
#include "flash/host/usb_device.h"

namespace romwright::flash {

struct UsbPipeShape {
  std::uint8_t out = 0;        ///< the endpoints' addresses
  std::uint8_t in = 0;         ///< bit 7 is set
  std::size_t in_packet = 0;   ///< room for each packet in
  std::size_t under_way = 32;  ///< transfers in each direction at most
};

class UsbPipe final : public BulkPipe {
 public:
  /// The device outlives it.
  UsbPipe(UsbDevice& device, UsbPipeShape shape);
  ~UsbPipe() override;
  void exchange(std::span<const ConstBytes> transfers, PacketSink& sink) override;

 private:
  struct Transfer;
  void send(ConstBytes data);
  void post();
  void submit(Transfer& transfer, std::uint8_t endpoint, Bytes data);
  bool take_finished(PacketSink& sink);
  void wait(std::chrono::microseconds time);
  /// Ends whatever is still under way; false where a transfer does not come back.
  bool cancel_all() noexcept;

  UsbDevice& device_;
  UsbPipeShape shape_;
  std::deque<std::unique_ptr<Transfer>> out_, in_, idle_;
};

}  // namespace romwright::flash
