// SPDX-License-Identifier: GPL-2.0-or-later
// regions PROGRAMMER: reads a chip and lists the regions of the image on it.
// Such as: regions sim:chip=W25Q64FV,image=bottom.chip
#include <cinttypes>
#include <cstdio>

#include "flash/base/error.h"
#include "flash/base/range.h"
#include "flash/device/flash_device.h"
#include "toolkit/images/layout.h"
#include "toolkit/pipeline/device.h"

namespace {

class Warnings final : public romwright::EventSink {
 public:
  void warning(std::string_view text) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
  }
};

void list(const char* programmer) {
  Warnings warnings;
  romwright::Run run{{}, warnings};
  auto device = romwright::pipeline::Device::open({{programmer}, {}, {}}, warnings);
  std::printf("%s\n", describe(device.chips().front()).c_str());
  const romwright::Buffer image =
      romwright::flash::FlashDevice(device.flash(), device.clock()).read(false, run);
  for (const romwright::images::Region& region : romwright::images::image_layout(image).regions)
    std::printf("%-16s 0x%08" PRIx64 " %10" PRIu64 " (%s)\n", region.name.c_str(),
                region.range.offset, region.range.size, region.source.c_str());
  device.close();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: regions PROGRAMMER\n");
    return 2;
  }
  try {
    list(argv[1]);
    return 0;
  } catch (const romwright::Error& error) {
    std::fprintf(stderr, "regions: %s\n", error.line().c_str());
    return 1;
  }
}
