// SPDX-License-Identifier: GPL-2.0-or-later
// libusb's functions over emulated devices: what libftdi1, flashrom and romwright call.
#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <libusb.h>
#include <string>
#include <sys/time.h>

#include "tests/emulation/bus.h"

struct libusb_context {};

namespace {

using romwright::Bytes;
using romwright::emulation::Bus;
using romwright::emulation::UsbDescription;

libusb_context context_object;

std::chrono::nanoseconds duration(const timeval* time) {
  return time == nullptr
             ? std::chrono::seconds(60)
             : std::chrono::seconds(time->tv_sec) + std::chrono::microseconds(time->tv_usec);
}

const UsbDescription& described(const libusb_device* device) {
  return device->model->description();
}

void LIBUSB_CALL set_done(libusb_transfer* transfer) {
  *static_cast<int*>(transfer->user_data) = 1;
}

int synchronous(libusb_device_handle* handle, unsigned char endpoint, unsigned char* data,
                int length, int* moved, unsigned int timeout, unsigned char type) {
  int done = 0;
  libusb_transfer* const transfer = libusb_alloc_transfer(0);
  libusb_fill_bulk_transfer(transfer, handle, endpoint, data, length, set_done, &done, timeout);
  transfer->type = type;
  const int error = libusb_submit_transfer(transfer);
  if (error == 0)
    while (done == 0) Bus::get().handle_events(std::chrono::seconds(60), &done);
  if (moved != nullptr) *moved = error == 0 ? transfer->actual_length : 0;
  const libusb_transfer_status status = transfer->status;
  libusb_free_transfer(transfer);
  if (error != 0) return error;
  switch (status) {
    case LIBUSB_TRANSFER_COMPLETED:
      return 0;
    case LIBUSB_TRANSFER_TIMED_OUT:
      return LIBUSB_ERROR_TIMEOUT;
    case LIBUSB_TRANSFER_NO_DEVICE:
      return LIBUSB_ERROR_NO_DEVICE;
    default:
      return LIBUSB_ERROR_IO;
  }
}

const std::string* string_at(const UsbDescription& description, int index) {
  const std::string* const all[] = {&description.manufacturer, &description.name,
                                    &description.serial};
  if (index < 1 || index > 3 || all[index - 1]->empty()) return nullptr;
  return all[index - 1];
}

/// All parts of a configuration in one allocation's reach, freed by its first member.
struct Configuration {
  libusb_config_descriptor descriptor{};
  std::vector<libusb_interface> interfaces;
  std::vector<libusb_interface_descriptor> settings;
  std::vector<std::vector<libusb_endpoint_descriptor>> endpoints;
};

}  // namespace

extern "C" {

int LIBUSB_CALL libusb_init(libusb_context** context) {
  Bus::get();
  if (context != nullptr) *context = &context_object;
  return 0;
}
void LIBUSB_CALL libusb_exit(libusb_context*) {}
void LIBUSB_CALL libusb_set_debug(libusb_context*, int) {}
int LIBUSB_CALL libusb_set_option(libusb_context*, enum libusb_option, ...) { return 0; }
const struct libusb_version* LIBUSB_CALL libusb_get_version(void) {
  static const libusb_version version{1, 0, 26, 0, "", "emulated"};
  return &version;
}
int LIBUSB_CALL libusb_has_capability(std::uint32_t capability) {
  return capability == LIBUSB_CAP_HAS_CAPABILITY ? 1 : 0;
}
const char* LIBUSB_CALL libusb_error_name(int error) {
  switch (error) {
    case 0:
      return "LIBUSB_SUCCESS";
    case LIBUSB_ERROR_ACCESS:
      return "LIBUSB_ERROR_ACCESS";
    case LIBUSB_ERROR_BUSY:
      return "LIBUSB_ERROR_BUSY";
    case LIBUSB_ERROR_TIMEOUT:
      return "LIBUSB_ERROR_TIMEOUT";
    case LIBUSB_ERROR_NO_DEVICE:
      return "LIBUSB_ERROR_NO_DEVICE";
    default:
      return "LIBUSB_ERROR_OTHER";
  }
}
const char* LIBUSB_CALL libusb_strerror(int error) { return libusb_error_name(error); }

ssize_t LIBUSB_CALL libusb_get_device_list(libusb_context*, libusb_device*** list) {
  const auto& devices = Bus::get().devices();
  *list = static_cast<libusb_device**>(std::calloc(devices.size() + 1, sizeof(libusb_device*)));
  for (std::size_t i = 0; i < devices.size(); ++i) (*list)[i] = devices[i].get();
  return static_cast<ssize_t>(devices.size());
}
void LIBUSB_CALL libusb_free_device_list(libusb_device** list, int) { std::free(list); }
libusb_device* LIBUSB_CALL libusb_ref_device(libusb_device* device) { return device; }
void LIBUSB_CALL libusb_unref_device(libusb_device*) {}
std::uint8_t LIBUSB_CALL libusb_get_bus_number(libusb_device*) { return 1; }
std::uint8_t LIBUSB_CALL libusb_get_device_address(libusb_device* device) {
  return device->address;
}
std::uint8_t LIBUSB_CALL libusb_get_port_number(libusb_device* device) {
  return static_cast<std::uint8_t>(device->address - 1);
}
int LIBUSB_CALL libusb_get_port_numbers(libusb_device* device, std::uint8_t* ports, int size) {
  if (size < 1) return LIBUSB_ERROR_OVERFLOW;
  ports[0] = libusb_get_port_number(device);
  return 1;
}
int LIBUSB_CALL libusb_get_device_speed(libusb_device* device) {
  return described(device).high_speed ? LIBUSB_SPEED_HIGH : LIBUSB_SPEED_FULL;
}
int LIBUSB_CALL libusb_get_device_descriptor(libusb_device* device,
                                             libusb_device_descriptor* into) {
  const UsbDescription& from = described(device);
  *into = {};
  into->bLength = LIBUSB_DT_DEVICE_SIZE;
  into->bDescriptorType = LIBUSB_DT_DEVICE;
  into->bcdUSB = 0x0200;
  into->bMaxPacketSize0 = 64;
  into->idVendor = from.vendor;
  into->idProduct = from.product;
  into->bcdDevice = from.release;
  into->iManufacturer = from.manufacturer.empty() ? 0 : 1;
  into->iProduct = from.name.empty() ? 0 : 2;
  into->iSerialNumber = from.serial.empty() ? 0 : 3;
  into->bNumConfigurations = 1;
  return 0;
}
int LIBUSB_CALL libusb_get_config_descriptor(libusb_device* device, std::uint8_t,
                                             libusb_config_descriptor** into) {
  const UsbDescription& from = described(device);
  auto* const made = new Configuration;
  for (std::size_t i = 0; i < from.interfaces.size(); ++i) {
    auto& endpoints = made->endpoints.emplace_back();
    for (const auto& endpoint : from.interfaces[i]) {
      libusb_endpoint_descriptor descriptor{};
      descriptor.bLength = LIBUSB_DT_ENDPOINT_SIZE;
      descriptor.bDescriptorType = LIBUSB_DT_ENDPOINT;
      descriptor.bEndpointAddress = endpoint.address;
      descriptor.bmAttributes = LIBUSB_TRANSFER_TYPE_BULK;
      descriptor.wMaxPacketSize = endpoint.packet;
      endpoints.push_back(descriptor);
    }
    libusb_interface_descriptor setting{};
    setting.bLength = LIBUSB_DT_INTERFACE_SIZE;
    setting.bDescriptorType = LIBUSB_DT_INTERFACE;
    setting.bInterfaceNumber = static_cast<std::uint8_t>(i);
    setting.bNumEndpoints = static_cast<std::uint8_t>(endpoints.size());
    setting.bInterfaceClass = LIBUSB_CLASS_VENDOR_SPEC;
    made->settings.push_back(setting);
  }
  for (std::size_t i = 0; i < made->settings.size(); ++i) {
    made->settings[i].endpoint = made->endpoints[i].data();
    made->interfaces.push_back({&made->settings[i], 1});
  }
  made->descriptor.bLength = LIBUSB_DT_CONFIG_SIZE;
  made->descriptor.bDescriptorType = LIBUSB_DT_CONFIG;
  made->descriptor.bNumInterfaces = static_cast<std::uint8_t>(made->interfaces.size());
  made->descriptor.bConfigurationValue = 1;
  made->descriptor.interface = made->interfaces.data();
  *into = &made->descriptor;
  return 0;
}
int LIBUSB_CALL libusb_get_active_config_descriptor(libusb_device* device,
                                                    libusb_config_descriptor** into) {
  return libusb_get_config_descriptor(device, 0, into);
}
void LIBUSB_CALL libusb_free_config_descriptor(libusb_config_descriptor* descriptor) {
  delete reinterpret_cast<Configuration*>(descriptor);
}

int LIBUSB_CALL libusb_open(libusb_device* device, libusb_device_handle** handle) {
  if (device->denied) return LIBUSB_ERROR_ACCESS;
  *handle = new libusb_device_handle{device, {}};
  return 0;
}
void LIBUSB_CALL libusb_close(libusb_device_handle* handle) { delete handle; }
libusb_device* LIBUSB_CALL libusb_get_device(libusb_device_handle* handle) {
  return handle->device;
}
libusb_device_handle* LIBUSB_CALL libusb_open_device_with_vid_pid(libusb_context*,
                                                                  std::uint16_t vendor,
                                                                  std::uint16_t product) {
  for (const auto& device : Bus::get().devices()) {
    libusb_device_handle* handle = nullptr;
    if (described(device.get()).vendor == vendor && described(device.get()).product == product &&
        libusb_open(device.get(), &handle) == 0)
      return handle;
  }
  return nullptr;
}
int LIBUSB_CALL libusb_get_configuration(libusb_device_handle*, int* value) {
  *value = 1;
  return 0;
}
int LIBUSB_CALL libusb_set_configuration(libusb_device_handle*, int) { return 0; }
int LIBUSB_CALL libusb_claim_interface(libusb_device_handle* handle, int number) {
  if (handle->device->busy) return LIBUSB_ERROR_BUSY;
  if (number < 0 || static_cast<std::size_t>(number) >= described(handle->device).interfaces.size())
    return LIBUSB_ERROR_NOT_FOUND;
  handle->claimed.insert(number);
  return 0;
}
int LIBUSB_CALL libusb_release_interface(libusb_device_handle* handle, int number) {
  return handle->claimed.erase(number) != 0 ? 0 : LIBUSB_ERROR_NOT_FOUND;
}
int LIBUSB_CALL libusb_set_interface_alt_setting(libusb_device_handle*, int, int) { return 0; }
int LIBUSB_CALL libusb_clear_halt(libusb_device_handle*, unsigned char) { return 0; }
int LIBUSB_CALL libusb_reset_device(libusb_device_handle*) { return 0; }
int LIBUSB_CALL libusb_kernel_driver_active(libusb_device_handle*, int) { return 0; }
int LIBUSB_CALL libusb_detach_kernel_driver(libusb_device_handle*, int) {
  return LIBUSB_ERROR_NOT_FOUND;
}
int LIBUSB_CALL libusb_attach_kernel_driver(libusb_device_handle*, int) {
  return LIBUSB_ERROR_NOT_FOUND;
}
int LIBUSB_CALL libusb_set_auto_detach_kernel_driver(libusb_device_handle*, int) { return 0; }
int LIBUSB_CALL libusb_get_string_descriptor_ascii(libusb_device_handle* handle, std::uint8_t index,
                                                   unsigned char* data, int size) {
  const std::string* const text = string_at(described(handle->device), index);
  if (text == nullptr || size < 1) return LIBUSB_ERROR_INVALID_PARAM;
  const std::size_t count = std::min(text->size(), static_cast<std::size_t>(size) - 1);
  std::memcpy(data, text->data(), count);
  data[count] = 0;
  return static_cast<int>(count);
}

int LIBUSB_CALL libusb_control_transfer(libusb_device_handle* handle, std::uint8_t type,
                                        std::uint8_t request, std::uint16_t value,
                                        std::uint16_t index, unsigned char* data,
                                        std::uint16_t length, unsigned int) {
  return Bus::get().control(*handle->device, {type, request, value, index}, Bytes(data, length));
}
int LIBUSB_CALL libusb_bulk_transfer(libusb_device_handle* handle, unsigned char endpoint,
                                     unsigned char* data, int length, int* moved,
                                     unsigned int timeout) {
  return synchronous(handle, endpoint, data, length, moved, timeout, LIBUSB_TRANSFER_TYPE_BULK);
}
int LIBUSB_CALL libusb_interrupt_transfer(libusb_device_handle* handle, unsigned char endpoint,
                                          unsigned char* data, int length, int* moved,
                                          unsigned int timeout) {
  return synchronous(handle, endpoint, data, length, moved, timeout,
                     LIBUSB_TRANSFER_TYPE_INTERRUPT);
}

libusb_transfer* LIBUSB_CALL libusb_alloc_transfer(int packets) {
  return static_cast<libusb_transfer*>(
      std::calloc(1, sizeof(libusb_transfer) +
                         static_cast<std::size_t>(packets) * sizeof(libusb_iso_packet_descriptor)));
}
void LIBUSB_CALL libusb_free_transfer(libusb_transfer* transfer) { std::free(transfer); }
int LIBUSB_CALL libusb_submit_transfer(libusb_transfer* transfer) {
  if (transfer->type != LIBUSB_TRANSFER_TYPE_BULK &&
      transfer->type != LIBUSB_TRANSFER_TYPE_INTERRUPT)
    return LIBUSB_ERROR_NOT_SUPPORTED;
  return Bus::get().submit(*transfer);
}
int LIBUSB_CALL libusb_cancel_transfer(libusb_transfer* transfer) {
  return Bus::get().cancel(*transfer);
}
int LIBUSB_CALL libusb_handle_events_timeout_completed(libusb_context*, timeval* time,
                                                       int* completed) {
  Bus::get().handle_events(duration(time), completed);
  return 0;
}
int LIBUSB_CALL libusb_handle_events_timeout(libusb_context*, timeval* time) {
  Bus::get().handle_events(duration(time), nullptr);
  return 0;
}
int LIBUSB_CALL libusb_handle_events_completed(libusb_context*, int* completed) {
  Bus::get().handle_events(duration(nullptr), completed);
  return 0;
}
int LIBUSB_CALL libusb_handle_events(libusb_context*) {
  Bus::get().handle_events(duration(nullptr), nullptr);
  return 0;
}

}  // extern "C"
