// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as a MAC pattern and as a GbE region, and sets a MAC in a copy of it: an Error is the
// only way out.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "flash/base/error.h"
#include "toolkit/images/formats/gbe.h"

namespace {

using namespace romwright;

void read_pattern(ConstBytes bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const images::Mac mac = images::make_mac(text, [] { return std::uint8_t{0xff}; });
  if ((mac[0] & 1) != 0 || mac == images::Mac{}) __builtin_trap();
  if (images::make_mac(images::to_string(mac), {}) != mac) __builtin_trap();
}

/// The two parts that the fuzzer's bytes begin, in a region of the smallest size: few inputs would
/// have that size by themselves.
Buffer region_of(ConstBytes bytes) {
  constexpr std::size_t size = 8U << 10, part = 128;
  Buffer region(size, 0xff);
  for (std::size_t i = 0; i < 2 && bytes.size() >= (i + 1) * part; ++i)
    std::ranges::copy(bytes.subspan(i * part, part),
                      region.begin() + static_cast<std::ptrdiff_t>(i * size / 2));
  return region;
}

void change(Buffer region) {
  (void)images::GbeView(region).check();
  const images::Mac mac{0x02, 0x00, 0x5e, 0x10, 0x20, 0x30};
  (void)images::set_gbe_mac(region, mac);
  const images::GbeView after(region);
  if (after.mac() != mac) __builtin_trap();
}

template <typename Body>
void attempt(Body body) {
  try {
    body();
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ConstBytes bytes(data, size);
  attempt([&] { read_pattern(bytes); });
  attempt([&] { change(Buffer(bytes.begin(), bytes.end())); });
  attempt([&] { change(region_of(bytes)); });
  return 0;
}
