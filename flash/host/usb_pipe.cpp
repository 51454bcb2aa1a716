// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/usb_pipe.h"

#include <algorithm>
#include <libusb.h>
#include <sys/time.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(1);  // without anything moving
constexpr auto cancel_patience = std::chrono::seconds(1);

}  // namespace

struct UsbPipe::Transfer {
  explicit Transfer(std::size_t room) : usb(libusb_alloc_transfer(0)), packet(room) {
    if (usb == nullptr) throw std::bad_alloc();
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() { libusb_free_transfer(usb); }

  static void LIBUSB_CALL finished(libusb_transfer* transfer) {
    *static_cast<bool*>(transfer->user_data) = true;
  }

  libusb_transfer* usb;
  Buffer packet;  ///< what comes in, or a copy of what goes out
  bool done = false;
};

UsbPipe::UsbPipe(UsbDevice& device, UsbPipeShape shape) : device_(device), shape_(shape) {}

UsbPipe::~UsbPipe() = default;

void UsbPipe::submit(Transfer& transfer, std::uint8_t endpoint, Bytes data) {
  transfer.done = false;
  libusb_fill_bulk_transfer(transfer.usb, &device_.handle(), endpoint, data.data(),
                            static_cast<int>(data.size()), Transfer::finished, &transfer.done, 0);
  if (const int error = libusb_submit_transfer(transfer.usb); error != 0)
    throw DeviceError(
        error == LIBUSB_ERROR_NO_DEVICE
            ? fmt::format("{}: it was unplugged", device_.name())
            : fmt::format("{}: a transfer is refused (libusb error {})", device_.name(), error));
}

void UsbPipe::post() {
  if (idle_.empty()) idle_.push_back(std::make_unique<Transfer>(shape_.in_packet));
  Transfer& transfer = *idle_.back();
  transfer.packet.resize(shape_.in_packet);
  submit(transfer, shape_.in, transfer.packet);
  in_.push_back(std::move(idle_.back()));
  idle_.pop_back();
}

void UsbPipe::send(ConstBytes data) {
  if (idle_.empty()) idle_.push_back(std::make_unique<Transfer>(data.size()));
  Transfer& transfer = *idle_.back();
  // libusb outlives an exception that would end the caller's bytes.
  transfer.packet.assign(data.begin(), data.end());
  submit(transfer, shape_.out, transfer.packet);
  out_.push_back(std::move(idle_.back()));
  idle_.pop_back();
}

bool UsbPipe::take_finished(PacketSink& sink) {
  bool any = false;
  const auto check = [&](const Transfer& transfer, const char* what) {
    if (transfer.usb->status == LIBUSB_TRANSFER_COMPLETED) return;
    throw DeviceError(transfer.usb->status == LIBUSB_TRANSFER_NO_DEVICE
                          ? fmt::format("{}: it was unplugged", device_.name())
                          : fmt::format("{}: {} failed (libusb status {})", device_.name(), what,
                                        static_cast<int>(transfer.usb->status)),
                      "is the cable plugged in?");
  };
  while (!out_.empty() && out_.front()->done) {
    idle_.push_back(std::move(out_.front()));
    out_.pop_front();
    check(*idle_.back(), "sending");
    if (idle_.back()->usb->actual_length != idle_.back()->usb->length)
      throw DeviceError(fmt::format("{}: it took {} of {} bytes", device_.name(),
                                    idle_.back()->usb->actual_length, idle_.back()->usb->length));
    any = true;
  }
  while (!in_.empty() && in_.front()->done) {
    idle_.push_back(std::move(in_.front()));
    in_.pop_front();
    const Transfer& transfer = *idle_.back();
    check(transfer, "reading");
    sink.receive(
        ConstBytes(transfer.packet).first(static_cast<std::size_t>(transfer.usb->actual_length)));
    any = true;
  }
  return any;
}

void UsbPipe::wait(std::chrono::microseconds time) {
  timeval limit{};
  limit.tv_sec = static_cast<time_t>(time.count() / 1'000'000);
  limit.tv_usec = static_cast<suseconds_t>(time.count() % 1'000'000);
  libusb_handle_events_timeout_completed(&device_.context(), &limit, nullptr);
}

bool UsbPipe::cancel_all() noexcept {
  for (auto* queue : {&out_, &in_})
    for (const auto& transfer : *queue)
      if (!transfer->done) libusb_cancel_transfer(transfer->usb);
  const auto pending = [](const auto& queue) {
    return std::ranges::any_of(queue, [](const auto& transfer) { return !transfer->done; });
  };
  const auto end = Clock::now() + cancel_patience;
  while (pending(out_) || pending(in_)) {
    if (Clock::now() >= end) return false;
    wait(std::chrono::milliseconds(50));
  }
  out_.clear();
  in_.clear();
  return true;
}

void UsbPipe::exchange(std::span<const ConstBytes> transfers, PacketSink& sink) {
  try {
    std::size_t sent = 0;
    auto moved = Clock::now();
    for (;;) {
      while (in_.size() < std::min(sink.expected(), shape_.under_way)) post();
      while (sent < transfers.size() && out_.size() < shape_.under_way) send(transfers[sent++]);
      if (sent == transfers.size() && out_.empty() && sink.expected() == 0) {
        // Packets that came joined leave transfers that nothing answers.
        if (!in_.empty() && !cancel_all())
          throw TimeoutError(fmt::format("{}: transfers do not end", device_.name()));
        return;
      }
      if (take_finished(sink)) {
        moved = Clock::now();
        continue;
      }
      const auto left = moved + patience - Clock::now();
      if (left.count() <= 0)
        throw TimeoutError(fmt::format("{}: it does not answer", device_.name()),
                           "unplug it and plug it in again");
      wait(std::chrono::duration_cast<std::chrono::microseconds>(left) +
           std::chrono::microseconds(1));
    }
  } catch (...) {
    if (!cancel_all()) {
      // libusb still holds them: neither they nor the device may end.
      for (auto* queue : {&out_, &in_})
        for (auto& transfer : *queue) static_cast<void>(transfer.release());
      out_.clear();
      in_.clear();
      device_.abandon();
    }
    throw;
  }
}

}  // namespace romwright::flash
