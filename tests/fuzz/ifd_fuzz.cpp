// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as an image with a flash descriptor, and changes copies of it as every platform
// would: an Error is the only way out.
#include <cstdint>
#include <vector>

#include "flash/base/error.h"
#include "toolkit/images/formats/ifd.h"

namespace {

using namespace romwright;

template <typename Body>
void attempt(Body body) {
  try {
    body();
  } catch (const Error&) {
  }
}

void read(const images::IfdView& ifd) {
  (void)ifd.components();
  (void)ifd.masters();
  (void)ifd.straps();
  (void)images::to_string(ifd.chipset());
  for (const images::IfdRegion& region : ifd.regions())
    if (region.range.size == 0 || !ifd.region(region.name)) __builtin_trap();
  attempt([&] { (void)ifd.check(); });
  attempt([&] { (void)ifd.me_disabled(); });
}

void change(ConstBytes image, const images::IfdPlatform* platform) {
  const Buffer original(image.begin(), image.end());
  const auto on_copy = [&](auto body) {
    attempt([&] {
      Buffer copy = original;
      images::IfdEditor editor(copy, platform);
      body(editor);
    });
  };
  on_copy([](auto& editor) { editor.unlock(); });
  on_copy([](auto& editor) { editor.lock(); });
  on_copy([](auto& editor) { editor.set_me_disabled(true); });
  on_copy([](auto& editor) { editor.set_me_disabled(false); });
}

void change_regions(ConstBytes image, const images::IfdView& ifd) {
  const Buffer content(64, 0xa5);
  for (const images::IfdRegion& region : ifd.regions())
    attempt([&] {
      Buffer copy(image.begin(), image.end());
      images::IfdEditor editor(copy);
      editor.insert_region(region.name, content);
      editor.erase_region(region.name);
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ConstBytes image(data, size);
  attempt([&] {
    const auto ifd = images::find_ifd(image);
    if (!ifd) return;
    read(*ifd);
    change_regions(image, *ifd);
    change(image, nullptr);
    for (const images::IfdPlatform& platform : images::ifd_platforms()) change(image, &platform);
  });
  return 0;
}
