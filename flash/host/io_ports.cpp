// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/io_ports.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/host/device_file.h"
#include "flash/host/physical_memory.h"

namespace romwright::flash {
namespace {

constexpr const char* device = "/dev/port";

class MachinePorts final : public IoPorts {
 public:
  MachinePorts() = default;
  ~MachinePorts() override {
    if (file_ >= 0) ::close(file_);
  }
  std::uint8_t read8(std::uint16_t port) override {
    std::uint8_t value = 0xff;
    if (::pread(opened(), &value, 1, port) != 1) refused(errno);
    return value;
  }
  void write8(std::uint16_t port, std::uint8_t value) override {
    if (::pwrite(opened(), &value, 1, port) != 1) refused(errno);
  }

 private:
  [[noreturn]] static void refused(int error) {
    throw NoDeviceError(fmt::format("{}: {}", device, error_text(error)),
                        memory_refusal(error, read_kernel_facts(SystemFiles::of_machine())));
  }
  int opened() {
    if (file_ < 0) file_ = ::open(device, O_RDWR | O_CLOEXEC);
    if (file_ < 0) refused(errno);
    return file_;
  }

  int file_ = -1;
};

}  // namespace

std::unique_ptr<IoPorts> machine_ports() { return std::make_unique<MachinePorts>(); }

}  // namespace romwright::flash
