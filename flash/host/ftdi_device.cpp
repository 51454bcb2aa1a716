// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/ftdi_device.h"

#include <array>
#include <ftdi.h>
#include <libusb.h>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr unsigned char latency_ms = 16;  // answers that matter end with 0x87 and do not wait
constexpr int claim_failed = -5;          // of ftdi_usb_open_dev

class DeviceList {
 public:
  DeviceList(ftdi_context& context, const FtdiSelection& selection) {
    const int found = ftdi_usb_find_all(&context, &list_, selection.vendor, selection.product);
    if (found < 0)
      throw NoDeviceError(
          fmt::format("cannot list the USB devices: {}", ftdi_get_error_string(&context)));
  }
  DeviceList(const DeviceList&) = delete;
  DeviceList& operator=(const DeviceList&) = delete;
  ~DeviceList() { ftdi_list_free(&list_); }
  [[nodiscard]] const ftdi_device_list* first() const noexcept { return list_; }

 private:
  ftdi_device_list* list_ = nullptr;
};

/// A string that is not there reads empty.
std::string device_string(ftdi_context& context, libusb_device* device, bool serial) {
  std::array<char, 256> text{};
  const int size = static_cast<int>(text.size()) - 1;
  if (serial)
    ftdi_usb_get_strings2(&context, device, nullptr, 0, nullptr, 0, text.data(), size);
  else
    ftdi_usb_get_strings2(&context, device, nullptr, 0, text.data(), size, nullptr, 0);
  return text.data();
}

UsbCandidate look_at(ftdi_context& context, libusb_device* device, std::string_view model) {
  UsbCandidate seen{.device = device, .kind = std::string(model), .bus = usb_place(device)};
  libusb_device_handle* handle = nullptr;
  seen.open_error = libusb_open(device, &handle);
  if (seen.open_error != 0) return seen;
  libusb_close(handle);
  seen.serial = device_string(context, device, true);
  seen.description = device_string(context, device, false);
  return seen;
}

UsbCandidate choose(ftdi_context& context, const DeviceList& devices,
                    const FtdiSelection& selection) {
  std::vector<UsbCandidate> all;
  for (const auto* at = devices.first(); at != nullptr; at = at->next)
    all.push_back(look_at(context, at->dev, selection.model));
  return choose_usb(
      all, fmt::format("{} ({:04x}:{:04x})", selection.model, selection.vendor, selection.product),
      selection.choice, "another board is named with type=, see 'romwright programmers'");
}

FtdiChip chip_of(ftdi_chip_type type) {
  switch (type) {
    case TYPE_2232C:
      return {"FT2232C/D", false, 1};
    case TYPE_2232H:
      return {"FT2232H", true, 2};
    case TYPE_4232H:
      return {"FT4232H", true, 2};
    case TYPE_232H:
      return {"FT232H", true, 1};
    case TYPE_AM:
      return {"FT232AM", false, 0};
    case TYPE_R:
      return {"FT232R", false, 0};
    case TYPE_230X:
      return {"FT230X", false, 0};
    default:
      return {};
  }
}

}  // namespace

void FtdiDevice::Free::operator()(ftdi_context* context) const noexcept { ftdi_free(context); }

FtdiDevice::FtdiDevice(const FtdiSelection& selection) : context_(ftdi_new()) {
  if (!context_) throw NoDeviceError("libftdi1 does not start", "is USB there?");
  ftdi_context* const context = context_.get();
  const DeviceList devices(*context, selection);
  const UsbCandidate chosen = choose(*context, devices, selection);
  serial_ = chosen.serial;
  bus_ = chosen.bus;
  const std::string name = chosen.name();
  ftdi_set_interface(context, static_cast<ftdi_interface>(INTERFACE_A + selection.channel));
  const int error = ftdi_usb_open_dev(context, chosen.device);
  if (error == claim_failed) refuse_usb(LIBUSB_ERROR_BUSY, name);
  if (error != 0)
    throw NoDeviceError(
        fmt::format("{}: cannot be opened: {}", name, ftdi_get_error_string(context)),
        "another program may have it, or it needs to be plugged in again");
  chip_ = chip_of(context->type);
}

FtdiDevice::~FtdiDevice() = default;

void FtdiDevice::start_mpsse() {
  ftdi_context* const context = context_.get();
  const auto check = [&](int error, std::string_view what) {
    if (error != 0)
      throw DeviceError(
          fmt::format("{} of the FTDI device failed: {}", what, ftdi_get_error_string(context)),
          "unplug it and plug it in again");
  };
  check(ftdi_usb_reset(context), "reset");
  check(ftdi_set_latency_timer(context, latency_ms), "setting the latency timer");
  check(ftdi_set_bitmode(context, 0, BITMODE_RESET), "leaving the old mode");
  check(ftdi_set_bitmode(context, 0, BITMODE_MPSSE), "starting the MPSSE");
  check(ftdi_tcioflush(context), "purging");
}

void FtdiDevice::abandon() noexcept { static_cast<void>(context_.release()); }

}  // namespace romwright::flash
