// SPDX-License-Identifier: GPL-2.0-or-later
// Which devices are plugged in, from the environment.
#include <charconv>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "tests/emulation/usb_device.h"

namespace romwright::emulation {
namespace {

std::map<std::string, UsbDeviceKind::Make, std::less<>>& kinds() {
  static std::map<std::string, UsbDeviceKind::Make, std::less<>> all;
  return all;
}

}  // namespace

Settings::Settings(std::string_view text) {
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    const std::size_t equals = std::min(item.find('='), item.size());
    values_.emplace(item.substr(0, equals),
                    equals < item.size() ? item.substr(equals + 1) : std::string_view{});
    text = text.substr(std::min(comma + 1, text.size()));
  }
}

std::string Settings::take(std::string_view key, std::string fallback) {
  const auto at = values_.find(key);
  if (at == values_.end()) return fallback;
  std::string value = at->second;
  values_.erase(at);
  return value;
}

std::uint64_t Settings::take_number(std::string_view key, std::uint64_t fallback) {
  const std::string text = take(key);
  if (text.empty()) return fallback;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw Error(fmt::format("emulated USB: {}={} is no number", key, text));
  return value;
}

UsbDeviceKind::UsbDeviceKind(std::string_view name, Make maker) {
  kinds().emplace(std::string(name), maker);
}

std::unique_ptr<UsbDevice> UsbDeviceKind::make(std::string_view name, Settings& settings) {
  const auto at = kinds().find(name);
  if (at == kinds().end()) throw Error(fmt::format("emulated USB: no device '{}'", name));
  return at->second(settings);
}

}  // namespace romwright::emulation
