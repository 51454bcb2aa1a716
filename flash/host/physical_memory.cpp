// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/physical_memory.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/host/device_file.h"

namespace romwright::flash {
namespace {

constexpr const char* device = "/dev/mem";

/// `mapped` is what was to be mapped, nothing where the device itself did not open.
[[noreturn]] void refused(int error, std::optional<Range> mapped) {
  const SystemFiles files = SystemFiles::of_machine();
  std::optional<std::vector<std::string>> held;
  if (mapped) held = holders(files.text("/proc/iomem").value_or(""), *mapped);
  throw ClosedMemoryError(fmt::format("{}: {}: {}", device,
                                      mapped ? fmt::format("{:#x} cannot be mapped", mapped->offset)
                                             : std::string("it cannot be opened"),
                                      error_text(error)),
                          memory_refusal(error, read_kernel_facts(files), held));
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
    if (file_ < 0) refused(errno, {});
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t first = address / page * page;
    const auto skip = static_cast<std::size_t>(address - first);
    const std::size_t whole = (skip + size + page - 1) / page * page;
    void* const mapping = ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED, file_,
                                 static_cast<off_t>(first));
    if (mapping == MAP_FAILED) refused(errno, Range{first, whole});
    return std::make_unique<MappedRegisters>(mapping, whole, skip);
  }

 private:
  int file_ = -1;
};

}  // namespace

std::string memory_refusal(int error, const KernelFacts& kernel,
                           const std::optional<std::vector<std::string>>& holders) {
  if (error == ENOENT || error == ENODEV || error == ENXIO)
    return "this kernel does not have it: use one that has, or -p linux_mtd";
  if (error != EACCES && error != EPERM) return "";
  if (!kernel.root) return "run it as root";
  if (kernel.lockdown.value_or("none") != "none")
    return "the kernel is locked down: switch Secure Boot off in the firmware's set-up, or boot "
           "without lockdown= (iomem=relaxed does not lift it)";
  if (!holders)
    return "the kernel is locked down (Secure Boot, lockdown=), or a container or a security "
           "policy closes it; iomem=relaxed does not lift that";
  return fmt::format(
      "IO_STRICT_DEVMEM closes what a driver holds{}: unload or unbind it, or boot once with "
      "iomem=relaxed",
      holders->empty() ? std::string(" (spi_intel, iTCO_wdt)")
                       : fmt::format(", here {}", fmt::join(*holders, ", ")));
}

std::unique_ptr<PhysicalMemory> machine_memory() { return std::make_unique<MachineMemory>(); }

}  // namespace romwright::flash
