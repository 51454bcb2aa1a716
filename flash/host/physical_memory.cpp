// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/physical_memory.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/host/device_file.h"

namespace romwright::flash {
namespace {

constexpr const char* device = "/dev/mem";

[[noreturn]] void refused(const std::string& what, int error) {
  const std::string lockdown = machine_kernel().text("/sys/kernel/security/lockdown").value_or("");
  throw NoDeviceError(fmt::format("{}: {}: {}", device, what, error_text(error)),
                      memory_refusal(error, lockdown));
}

class MappedRegisters final : public Registers {
 public:
  MappedRegisters(void* mapping, std::size_t mapped, std::size_t skip)
      : mapping_(mapping),
        mapped_(mapped),
        base_(static_cast<volatile std::uint8_t*>(mapping) + skip) {}
  ~MappedRegisters() override { ::munmap(mapping_, mapped_); }

  std::uint8_t read8(std::uint32_t offset) override { return base_[offset]; }
  std::uint16_t read16(std::uint32_t offset) override { return *at<std::uint16_t>(offset); }
  std::uint32_t read32(std::uint32_t offset) override { return *at<std::uint32_t>(offset); }
  void write8(std::uint32_t offset, std::uint8_t value) override { base_[offset] = value; }
  void write16(std::uint32_t offset, std::uint16_t value) override {
    *at<std::uint16_t>(offset) = value;
  }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    *at<std::uint32_t>(offset) = value;
  }

 private:
  template <typename T>
  volatile T* at(std::uint32_t offset) {
    return reinterpret_cast<volatile T*>(base_ + offset);
  }
  void* mapping_;
  std::size_t mapped_;
  volatile std::uint8_t* base_;
};

class MachineMemory final : public PhysicalMemory {
 public:
  MachineMemory() = default;
  ~MachineMemory() override {
    if (file_ >= 0) ::close(file_);
  }
  std::unique_ptr<Registers> map(std::uint64_t address, std::size_t size) override {
    if (file_ < 0) file_ = ::open(device, O_RDWR | O_SYNC | O_CLOEXEC);
    if (file_ < 0) refused("it cannot be opened", errno);
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t first = address / page * page;
    const auto skip = static_cast<std::size_t>(address - first);
    const std::size_t whole = (skip + size + page - 1) / page * page;
    void* const mapping = ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED, file_,
                                 static_cast<off_t>(first));
    if (mapping == MAP_FAILED) refused(fmt::format("{:#x} cannot be mapped", address), errno);
    return std::make_unique<MappedRegisters>(mapping, whole, skip);
  }

 private:
  int file_ = -1;
};

}  // namespace

std::string memory_refusal(int error, std::string_view lockdown) {
  if (lockdown.find('[') != std::string_view::npos &&
      lockdown.find("[none]") == std::string_view::npos)
    return "the kernel is locked down, mostly because of Secure Boot: switch that off in the "
           "firmware's setup (iomem=relaxed does not lift it)";
  if (error == ENOENT || error == ENODEV || error == ENXIO)
    return "this kernel has no /dev/mem: use one that has, or -p linux_mtd";
  if (error == EACCES) return "run it as root";
  if (error == EPERM)
    return "run it as root; where that is done, the kernel is strict (STRICT_DEVMEM): boot once "
           "with iomem=relaxed, or unload the driver that holds the registers (spi_intel_platform, "
           "lpc_ich)";
  return "";
}

std::unique_ptr<PhysicalMemory> machine_memory() { return std::make_unique<MachineMemory>(); }

}  // namespace romwright::flash
