// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/ftdi_link.h"

#include <algorithm>
#include <ftdi.h>
#include <libusb.h>
#include <sys/time.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t status_bytes = 2;  // at the start of every packet that comes in
constexpr std::size_t transfer_size = 16384;
constexpr std::size_t most_reads = 8;
constexpr std::size_t most_unsent = 65536;
constexpr nanoseconds patience = std::chrono::seconds(2);
constexpr nanoseconds cancel_patience = std::chrono::seconds(1);
constexpr nanoseconds longest_nap = milliseconds(100);

}  // namespace

struct FtdiLink::Slot {
  explicit Slot(FtdiLink& owner) : link(&owner), transfer(libusb_alloc_transfer(0)) {
    if (transfer == nullptr) throw DeviceError("libusb: out of memory");
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { libusb_free_transfer(transfer); }

  FtdiLink* link;
  libusb_transfer* transfer;
  Buffer data;
  std::size_t room = 0;  ///< of a read: answer bytes
  bool in = false;
  bool busy = false;
};

FtdiLink::FtdiLink(FtdiDevice& device)
    : device_(device),
      packet_(std::max<std::size_t>(device.context().max_packet_size, status_bytes + 1)) {}

FtdiLink::~FtdiLink() {
  for (const auto& slot : slots_)
    if (slot->busy) libusb_cancel_transfer(slot->transfer);
  const nanoseconds until = clock_.now() + cancel_patience;
  while (reads_ + writes_ != 0 && clock_.now() < until) {
    timeval nap{.tv_sec = 0, .tv_usec = 10'000};
    if (libusb_handle_events_timeout_completed(device_.context().usb_ctx, &nap, nullptr) != 0)
      break;
  }
  if (reads_ + writes_ == 0) return;
  // What libusb still holds must not be freed.
  for (auto& slot : slots_)
    if (slot->busy) static_cast<void>(slot.release());
  device_.abandon();
}

void FtdiLink::write(ConstBytes bytes, std::size_t answers, nanoseconds time) {
  if (!failure_.empty()) throw DeviceError(failure_);
  const nanoseconds now = clock_.now();
  if (unsent_ == 0 && expected_ == 0) progress_ = now;
  due_ = std::max(due_, now) + time;
  expected_ += answers;
  handle_events(nanoseconds(0));
  post_reads();
  while (!bytes.empty()) {
    wait_until([this] { return unsent_ < most_unsent; });
    const ConstBytes part = bytes.first(std::min(bytes.size(), transfer_size));
    Slot& slot = free_slot(false);
    slot.data.assign(part.begin(), part.end());
    submit(slot, false, part.size());
    bytes = bytes.subspan(part.size());
  }
}

void FtdiLink::read(Bytes into) {
  wait_until([&] { return received_.size() - taken_ >= into.size(); });
  std::copy_n(received_.begin() + static_cast<std::ptrdiff_t>(taken_), into.size(), into.begin());
  taken_ += into.size();
  if (taken_ != received_.size()) return;
  received_.clear();
  taken_ = 0;
}

void FtdiLink::flush() {
  wait_until([this] { return writes_ == 0; });
}

FtdiLink::Slot& FtdiLink::free_slot(bool in) {
  for (const auto& slot : slots_)
    if (!slot->busy && slot->in == in) return *slot;
  slots_.push_back(std::make_unique<Slot>(*this));
  slots_.back()->in = in;
  return *slots_.back();
}

void FtdiLink::submit(Slot& slot, bool in, std::size_t size) {
  const ftdi_context& context = device_.context();
  // libftdi names the endpoints from the device's side.
  const int endpoint = in ? context.out_ep : context.in_ep;
  libusb_fill_bulk_transfer(slot.transfer, context.usb_dev, static_cast<unsigned char>(endpoint),
                            slot.data.data(), static_cast<int>(size), &FtdiLink::finished, &slot,
                            0);
  const int error = libusb_submit_transfer(slot.transfer);
  if (error != 0) {
    failure_ = error == LIBUSB_ERROR_NO_DEVICE
                   ? "the FTDI device was unplugged"
                   : fmt::format("the FTDI device takes no transfer (libusb error {})", error);
    throw DeviceError(failure_, "is the cable plugged in?");
  }
  slot.busy = true;
  if (in) {
    ++reads_;
    posted_ += slot.room;
  } else {
    ++writes_;
    unsent_ += size;
  }
}

void FtdiLink::post_reads() {
  const std::size_t payload = packet_ - status_bytes;
  while (posted_ < expected_ && reads_ < most_reads) {
    const std::size_t packets =
        std::min((expected_ - posted_ + payload - 1) / payload, transfer_size / packet_);
    Slot& slot = free_slot(true);
    slot.data.resize(transfer_size);
    slot.room = packets * payload;
    submit(slot, true, packets * packet_);
  }
}

void LIBUSB_CALL FtdiLink::finished(libusb_transfer* transfer) {
  Slot& slot = *static_cast<Slot*>(transfer->user_data);
  slot.link->finished(slot);
}

void FtdiLink::finished(Slot& slot) {
  const libusb_transfer& transfer = *slot.transfer;
  const auto size = static_cast<std::size_t>(std::max(transfer.actual_length, 0));
  slot.busy = false;
  if (slot.in) {
    --reads_;
    posted_ -= slot.room;
    take(ConstBytes(slot.data).first(std::min(size, slot.data.size())));
  } else {
    --writes_;
    unsent_ -= static_cast<std::size_t>(transfer.length);
    if (size != 0) progress_ = clock_.now();
  }
  if (transfer.status != LIBUSB_TRANSFER_COMPLETED)
    fail(transfer.status);
  else if (!slot.in && transfer.actual_length != transfer.length)
    failure_ = "the FTDI device took a part of a transfer only";
}

void FtdiLink::take(ConstBytes packets) {
  while (packets.size() > status_bytes) {
    const ConstBytes packet = packets.first(std::min(packets.size(), packet_));
    const ConstBytes answer = packet.subspan(status_bytes);
    if (answer.size() > expected_) {
      failure_ = fmt::format("the FTDI device sent {} bytes more than it was asked for",
                             answer.size() - expected_);
      return;
    }
    expected_ -= answer.size();
    received_.insert(received_.end(), answer.begin(), answer.end());
    progress_ = clock_.now();
    packets = packets.subspan(packet.size());
  }
}

void FtdiLink::fail(int status) {
  if (!failure_.empty()) return;
  failure_ = status == LIBUSB_TRANSFER_NO_DEVICE
                 ? "the FTDI device was unplugged"
                 : fmt::format("a transfer of the FTDI device failed (libusb status {})", status);
}

template <typename Done>
void FtdiLink::wait_until(const Done& done) {
  for (;;) {
    if (!failure_.empty()) throw DeviceError(failure_, "is the cable plugged in?");
    if (done()) return;
    const nanoseconds left = std::max(due_, progress_) + patience - clock_.now();
    // A process that was stopped for long looks once more before it gives up.
    const nanoseconds before = progress_;
    handle_events(std::clamp(left, nanoseconds(0), longest_nap));
    if (!failure_.empty()) continue;
    post_reads();
    if (left.count() <= 0 && progress_ == before && !done()) {
      failure_ = fmt::format("the FTDI device stands still: {} bytes not taken, {} not answered",
                             unsent_, expected_);
      throw TimeoutError(failure_, "unplug it and plug it in again");
    }
  }
}

void FtdiLink::handle_events(nanoseconds longest) {
  const auto microseconds = std::chrono::ceil<std::chrono::microseconds>(longest).count();
  timeval nap{.tv_sec = 0, .tv_usec = static_cast<suseconds_t>(microseconds)};
  const int error =
      libusb_handle_events_timeout_completed(device_.context().usb_ctx, &nap, nullptr);
  if (error != 0 && error != LIBUSB_ERROR_INTERRUPTED)
    failure_ = fmt::format("libusb fails to wait for the FTDI device (error {})", error);
}

}  // namespace romwright::flash
