// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/usb_device.h"

#include <array>
#include <libusb.h>
#include <vector>

#include <fmt/format.h>

#include "flash/base/bytes.h"
#include "flash/base/error.h"

namespace romwright::flash {
namespace {

class DeviceList {
 public:
  explicit DeviceList(libusb_context* context) : size_(libusb_get_device_list(context, &list_)) {
    if (size_ < 0)
      throw NoDeviceError(
          fmt::format("cannot list the USB devices (libusb error {})", static_cast<int>(size_)));
  }
  DeviceList(const DeviceList&) = delete;
  DeviceList& operator=(const DeviceList&) = delete;
  ~DeviceList() { libusb_free_device_list(list_, 1); }
  [[nodiscard]] std::span<libusb_device* const> devices() const {
    return {list_, static_cast<std::size_t>(size_)};
  }

 private:
  libusb_device** list_ = nullptr;
  ssize_t size_;
};

/// The kind that `device` is of, or nullptr.
const UsbKind* kind_of(libusb_device* device, std::span<const UsbKind> kinds) {
  libusb_device_descriptor descriptor{};
  if (libusb_get_device_descriptor(device, &descriptor) != 0) return nullptr;
  for (const UsbKind& kind : kinds)
    if (descriptor.idVendor == kind.vendor && descriptor.idProduct == kind.product) return &kind;
  return nullptr;
}

std::string serial_of(libusb_device* device, libusb_device_handle* handle) {
  libusb_device_descriptor descriptor{};
  std::array<unsigned char, 256> text{};
  if (libusb_get_device_descriptor(device, &descriptor) != 0 || descriptor.iSerialNumber == 0 ||
      libusb_get_string_descriptor_ascii(handle, descriptor.iSerialNumber, text.data(),
                                         static_cast<int>(text.size())) < 0)
    return {};
  return c_string(text);
}

std::vector<UsbCandidate> look_at(const DeviceList& list, std::span<const UsbKind> kinds) {
  std::vector<UsbCandidate> found;
  for (libusb_device* device : list.devices()) {
    const UsbKind* const kind = kind_of(device, kinds);
    if (kind == nullptr) continue;
    UsbCandidate seen{.device = device, .kind = std::string(kind->name), .bus = usb_place(device)};
    libusb_device_handle* handle = nullptr;
    seen.open_error = libusb_open(device, &handle);
    if (seen.open_error == 0) {
      seen.serial = serial_of(device, handle);
      libusb_close(handle);
    }
    found.push_back(std::move(seen));
  }
  return found;
}

/// "CH347T (1a86:55db, 1a86:55de)"
std::string kinds_text(std::span<const UsbKind> kinds) {
  std::string numbers;
  for (const UsbKind& kind : kinds)
    numbers +=
        fmt::format("{}{:04x}:{:04x}", numbers.empty() ? "" : ", ", kind.vendor, kind.product);
  return fmt::format("{} ({})", kinds.front().name, numbers);
}

/// The number of the first interface of the vendor's own class.
int vendor_interface(libusb_device* device, int fallback) {
  libusb_config_descriptor* config = nullptr;
  if (libusb_get_config_descriptor(device, 0, &config) != 0) return fallback;
  int found = fallback;
  for (int i = config->bNumInterfaces; i-- > 0;) {
    const libusb_interface& interface = config->interface[i];
    if (interface.num_altsetting > 0 &&
        interface.altsetting[0].bInterfaceClass == LIBUSB_CLASS_VENDOR_SPEC)
      found = interface.altsetting[0].bInterfaceNumber;
  }
  libusb_free_config_descriptor(config);
  return found;
}

libusb_context* start() {
  libusb_context* context = nullptr;
  if (const int error = libusb_init(&context); error != 0)
    throw NoDeviceError(fmt::format("libusb does not start (error {})", error), "is USB there?");
  return context;
}

}  // namespace

void UsbDevice::Exit::operator()(libusb_context* context) const noexcept { libusb_exit(context); }

void UsbDevice::Close::operator()(libusb_device_handle* handle) const noexcept {
  libusb_close(handle);
}

UsbDevice::UsbDevice(std::span<const UsbKind> kinds, const UsbChoice& choice) : context_(start()) {
  const DeviceList devices(context_.get());
  const UsbCandidate chosen =
      choose_usb(look_at(devices, kinds), kinds_text(kinds), choice,
                 "'lsusb' lists what is; a mode jumper may give it another number");
  kind_ = kind_of(chosen.device, kinds);
  name_ = chosen.name();
  serial_ = chosen.serial;
  libusb_device_handle* handle = nullptr;
  if (const int error = libusb_open(chosen.device, &handle); error != 0) refuse_usb(error, name_);
  handle_.reset(handle);
  // A kernel driver comes back when the interface is released.
  libusb_set_auto_detach_kernel_driver(handle, 1);
  const int number = kind_->vendor_interface ? vendor_interface(chosen.device, kind_->interface)
                                             : kind_->interface;
  if (const int error = libusb_claim_interface(handle, number); error != 0)
    refuse_usb(error, name_);
  interface_ = number;
}

UsbDevice::~UsbDevice() {
  if (handle_ && interface_ >= 0) libusb_release_interface(handle_.get(), interface_);
}

void UsbDevice::abandon() noexcept {
  static_cast<void>(handle_.release());
  static_cast<void>(context_.release());
}

}  // namespace romwright::flash
