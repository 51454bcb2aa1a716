// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/usb_selection.h"

#include <charconv>
#include <libusb.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

std::string place(unsigned bus, unsigned address) {
  return fmt::format("{:03}:{:03}", bus, address);
}

/// "3:7", "003:007" and "3/7" name the same device.
std::string parse_place(const std::string& text) {
  unsigned bus = 0;
  unsigned address = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, bus);
  const bool separated =
      first.ec == std::errc{} && first.ptr != end && (*first.ptr == ':' || *first.ptr == '/');
  const auto second = separated ? std::from_chars(first.ptr + 1, end, address) : first;
  if (!separated || second.ec != std::errc{} || second.ptr != end || bus > 255 || address > 255)
    throw UsageError(fmt::format("bus={} is no place on USB", text),
                     "BUS:ADDRESS as lsusb prints them, such as 3:7");
  return place(bus, address);
}

std::string list(const std::vector<UsbCandidate>& candidates) {
  std::string text;
  for (const UsbCandidate& candidate : candidates) {
    text += fmt::format("{}bus={}", text.empty() ? "" : ", ", candidate.bus);
    if (!candidate.serial.empty()) text += fmt::format(" serial={}", candidate.serial);
  }
  return text;
}

}  // namespace

std::string usb_place(libusb_device* device) {
  return place(libusb_get_bus_number(device), libusb_get_device_address(device));
}

UsbCandidate choose_usb(const std::vector<UsbCandidate>& all, std::string_view kinds,
                        const UsbChoice& choice, std::string_view absent) {
  const std::string bus = choice.bus ? parse_place(*choice.bus) : "";
  if (all.empty())
    throw NoDeviceError(fmt::format("no {} is plugged in", kinds), std::string(absent));
  std::vector<UsbCandidate> matching;
  const UsbCandidate* closed = nullptr;
  for (const UsbCandidate& candidate : all) {
    if (choice.bus && bus != candidate.bus) continue;
    // The strings of a device that cannot be opened are not known.
    if ((choice.serial || choice.description) && candidate.open_error != 0) closed = &candidate;
    if (choice.serial && *choice.serial != candidate.serial) continue;
    if (choice.description && *choice.description != candidate.description) continue;
    matching.push_back(candidate);
  }
  if (matching.empty() && closed != nullptr) refuse_usb(closed->open_error, closed->name());
  if (matching.empty())
    throw NoDeviceError(fmt::format("no {} is as asked for", kinds),
                        fmt::format("there is {}", list(all)));
  if (matching.size() > 1)
    throw NoDeviceError(
        fmt::format("{} devices {} are plugged in: {}", matching.size(), kinds, list(matching)),
        "choose one by serial= or bus=");
  const UsbCandidate& chosen = matching.front();
  if (chosen.open_error != 0) refuse_usb(chosen.open_error, chosen.name());
  return chosen;
}

void refuse_usb(int error, std::string_view name) {
  switch (error) {
    case LIBUSB_ERROR_ACCESS:
      throw NoDeviceError(fmt::format("{}: no permission to open it", name),
                          "install romwright's udev rule and plug it in again, or run as root");
    case LIBUSB_ERROR_BUSY:
      throw NoDeviceError(fmt::format("{}: in use by another program", name),
                          "end it, or choose another device by serial= or bus=");
    case LIBUSB_ERROR_NO_DEVICE:
      throw NoDeviceError(fmt::format("{}: unplugged while it was opened", name));
    default:
      throw NoDeviceError(fmt::format("{}: cannot be opened (libusb error {})", name, error));
  }
}

}  // namespace romwright::flash
