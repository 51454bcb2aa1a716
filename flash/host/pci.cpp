// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/pci.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <map>

#include <fmt/format.h>

extern "C" {
#include <pci/pci.h>
}

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

/// libpci calls this in place of leaving the program; it must not return, which its type
/// says in libpci's own spelling.
[[gnu::noreturn]] void failed(char* format, ...) {
  std::array<char, 256> text{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  throw NoDeviceError(fmt::format("PCI configuration space: {}", text.data()),
                      "run it as root; lockdown (Secure Boot) blocks the ports of hidden devices");
}

void quiet(char* /*format*/, ...) {}

using Access = std::unique_ptr<pci_access, decltype(&pci_cleanup)>;
using Device = std::unique_ptr<pci_dev, decltype(&pci_free_dev)>;

Access open_access(unsigned method) {
  Access access(pci_alloc(), &pci_cleanup);
  access->method = method;
  access->writeable = 1;
  access->error = failed;
  access->warning = quiet;
  access->debug = quiet;
  // Where the method is not there this leaves by an exception, and nothing is to be cleaned up.
  pci_access* const raw = access.release();
  pci_init(raw);
  return {raw, &pci_cleanup};
}

class MachinePci final : public PciBus {
 public:
  MachinePci() : listed_(open_access(PCI_ACCESS_AUTO)), ports_(nullptr, &pci_cleanup) {
    pci_scan_bus(listed_.get());
    for (pci_dev* device = listed_->devices; device != nullptr; device = device->next) {
      pci_fill_info(device, PCI_FILL_IDENT | PCI_FILL_CLASS);
      const PciAddress address{static_cast<std::uint16_t>(device->domain), device->bus, device->dev,
                               device->func};
      functions_.push_back({address, device->vendor_id, device->device_id, device->device_class});
      by_address_.emplace(address, device);
    }
  }

  std::vector<PciFunction> functions() override { return functions_; }
  std::uint8_t read8(PciAddress at, std::uint8_t offset) override {
    return pci_read_byte(device(at), offset);
  }
  std::uint16_t read16(PciAddress at, std::uint8_t offset) override {
    return pci_read_word(device(at), offset);
  }
  std::uint32_t read32(PciAddress at, std::uint8_t offset) override {
    return pci_read_long(device(at), offset);
  }
  void write8(PciAddress at, std::uint8_t offset, std::uint8_t value) override {
    written(at, pci_write_byte(device(at), offset, value));
  }
  void write16(PciAddress at, std::uint8_t offset, std::uint16_t value) override {
    written(at, pci_write_word(device(at), offset, value));
  }
  void write32(PciAddress at, std::uint8_t offset, std::uint32_t value) override {
    written(at, pci_write_long(device(at), offset, value));
  }

 private:
  static void written(PciAddress at, int done) {
    if (done == 0)
      throw NoDeviceError(
          fmt::format("PCI {}: the system does not let its configuration be set", to_string(at)),
          "run it as root; lockdown (Secure Boot) blocks it too");
  }

  pci_dev* device(PciAddress at) {
    if (const auto found = by_address_.find(at); found != by_address_.end()) return found->second;
    if (!ports_) ports_ = open_access(PCI_ACCESS_I386_TYPE1);
    Device hidden(pci_get_dev(ports_.get(), at.domain, at.bus, at.device, at.function),
                  &pci_free_dev);
    pci_dev* const raw = hidden.get();
    hidden_.push_back(std::move(hidden));
    by_address_.emplace(at, raw);
    return raw;
  }

  Access listed_, ports_;
  std::vector<Device> hidden_;  ///< before their access in destruction
  std::vector<PciFunction> functions_;
  std::map<PciAddress, pci_dev*> by_address_;
};

}  // namespace

std::string to_string(const PciAddress& address) {
  const std::string local =
      fmt::format("{:02x}:{:02x}.{:x}", address.bus, address.device, address.function);
  return address.domain == 0 ? local : fmt::format("{:04x}:{}", address.domain, local);
}

std::unique_ptr<PciBus> machine_pci() { return std::make_unique<MachinePci>(); }

}  // namespace romwright::flash
