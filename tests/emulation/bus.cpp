// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/emulation/bus.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/prctl.h>

#include "flash/base/error.h"

namespace romwright::emulation {
namespace {

/// The host's pause before a transfer for which nothing was queued: one microframe.
constexpr Time microframe = std::chrono::microseconds(125);

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

Bus& Bus::get() {
  static Bus bus;
  return bus;
}

Bus::Bus() {
  // Naps end when they are due, as an interrupt of a real host controller would end them.
  prctl(PR_SET_TIMERSLACK, 1);
  try {
    Settings host(std::string("haste=") + std::string(environment("ROMWRIGHT_EMULATED_HASTE")));
    haste_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(host.take_number("haste", 1)));
    std::string_view rest = environment("ROMWRIGHT_EMULATED_USB");
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view item = rest.substr(0, end);
      rest = rest.substr(std::min(end + 1, rest.size()));
      const std::size_t colon = std::min(item.find(':'), item.size());
      Settings settings(item.substr(std::min(colon + 1, item.size())));
      auto device = std::make_unique<libusb_device>();
      device->busy = settings.take("busy") == "yes";
      device->denied = settings.take("permission") == "denied";
      device->address = static_cast<std::uint8_t>(devices_.size() + 2);
      device->model = UsbDeviceKind::make(item.substr(0, colon), settings);
      if (!settings.empty())
        throw Error("emulated USB: unknown setting " + settings.rest().begin()->first);
      devices_.push_back(std::move(device));
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.line().c_str());
    std::abort();
  }
}

Time Bus::now() const { return (Clock::now() - start_) * haste_; }

Bus::Clock::time_point Bus::real(Time time) const {
  return time == never ? Clock::time_point::max() : start_ + time / haste_ + Time(1);
}

int Bus::control(libusb_device& device, const UsbSetup& setup, Bytes data) {
  const std::unique_lock lock(mutex_);
  const Time at = now();
  advance(at);
  const auto moved = device.model->control(setup, data, at);
  return moved ? static_cast<int>(*moved) : LIBUSB_ERROR_PIPE;
}

int Bus::submit(libusb_transfer& transfer) {
  const std::unique_lock lock(mutex_);
  if (transfer.length < 0) return LIBUSB_ERROR_INVALID_PARAM;
  if (std::ranges::any_of(flights_, [&](const Flight& f) { return f.transfer == &transfer; }))
    return LIBUSB_ERROR_BUSY;
  const Time at = now();
  advance(at);
  UsbDevice& model = *transfer.dev_handle->device->model;
  const bool queued = std::ranges::any_of(flights_, [&](const Flight& flight) {
    return flight.model == &model && flight.request.endpoint == transfer.endpoint &&
           !flight.cancelled && flight.request.completes > at;
  });
  Flight& flight = flights_.emplace_back();
  flight.transfer = &transfer;
  flight.model = &model;
  flight.request.endpoint = transfer.endpoint;
  flight.request.data = {transfer.buffer, static_cast<std::size_t>(transfer.length)};
  flight.request.starts = queued ? at : at + microframe;
  if (transfer.timeout != 0)
    flight.gives_up = Clock::now() + std::chrono::milliseconds(transfer.timeout);
  model.submit(flight.request, at);
  changed_.notify_all();
  return 0;
}

int Bus::cancel(libusb_transfer& transfer) {
  const std::unique_lock lock(mutex_);
  const Time at = now();
  advance(at);
  const auto flight = std::ranges::find(flights_, &transfer, &Flight::transfer);
  if (flight == flights_.end()) return LIBUSB_ERROR_NOT_FOUND;
  if (!flight->cancelled && flight->request.completes > at) {
    flight->model->cancel(flight->request, at);
    flight->cancelled = true;
  }
  changed_.notify_all();
  return 0;
}

void Bus::advance(Time now) {
  for (const auto& device : devices_) device->model->advance(now);
}

Bus::Clock::time_point Bus::next_event() const {
  auto next = Clock::time_point::max();
  for (const Flight& flight : flights_)
    next = std::min({next, flight.gives_up, real(flight.request.completes)});
  return next;
}

/// Delivers one transfer, its callback without the lock.
bool Bus::finish_one(Time at, std::unique_lock<std::mutex>& lock) {
  auto first = flights_.end();
  for (auto flight = flights_.begin(); flight != flights_.end(); ++flight) {
    if (flight->cancelled) {
      first = flight;
      break;
    }
    if (flight->request.completes <= at &&
        (first == flights_.end() || flight->request.completes < first->request.completes))
      first = flight;
  }
  libusb_transfer_status status = LIBUSB_TRANSFER_COMPLETED;
  if (first == flights_.end()) {
    first = std::ranges::find_if(
        flights_, [](const Flight& flight) { return Clock::now() >= flight.gives_up; });
    if (first == flights_.end()) return false;
    first->model->cancel(first->request, at);
    status = LIBUSB_TRANSFER_TIMED_OUT;
  } else if (first->cancelled) {
    status = LIBUSB_TRANSFER_CANCELLED;
  } else {
    if (first->request.failed) status = LIBUSB_TRANSFER_NO_DEVICE;
    first->model->delivered(first->request, at);
  }
  libusb_transfer& transfer = *first->transfer;
  transfer.status = status;
  transfer.actual_length = static_cast<int>(first->request.actual);
  flights_.erase(first);
  const bool free = (transfer.flags & LIBUSB_TRANSFER_FREE_TRANSFER) != 0;
  lock.unlock();
  if (transfer.callback != nullptr) transfer.callback(&transfer);
  if (free) libusb_free_transfer(&transfer);
  lock.lock();
  return true;
}

void Bus::handle_events(std::chrono::nanoseconds timeout, const int* completed) {
  std::unique_lock lock(mutex_);
  const auto until = Clock::now() + timeout;
  for (;;) {
    if (completed != nullptr && *completed != 0) return;
    const Time at = now();
    advance(at);
    bool delivered = false;
    while (finish_one(at, lock)) delivered = true;
    if (delivered || Clock::now() >= until) {
      changed_.notify_all();
      return;
    }
    changed_.wait_until(lock, std::min(until, next_event()));
  }
}

}  // namespace romwright::emulation
