// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/library_versions.h"

#include <ftdi.h>
#include <libusb.h>

#include <fmt/format.h>
extern "C" {
#include <pci/pci.h>
}
#include <zlib.h>

namespace romwright::flash {

std::vector<LibraryVersion> library_versions() {
  const libusb_version* usb = libusb_get_version();
  const ftdi_version_info ftdi = ftdi_get_library_version();
  // libpci tells only in its headers.
  return {{"libpci", fmt::format("{}.{}.{}", PCI_LIB_VERSION >> 16, PCI_LIB_VERSION >> 8 & 0xff,
                                 PCI_LIB_VERSION & 0xff)},
          {"libusb", fmt::format("{}.{}.{}", usb->major, usb->minor, usb->micro)},
          {"libftdi1", ftdi.version_str},
          {"zlib", zlibVersion()}};
}

}  // namespace romwright::flash
