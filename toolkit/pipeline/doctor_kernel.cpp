// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/pipeline/doctor.h"

namespace romwright::pipeline {

namespace {

using enum FindingStatus;

/// What a closed way is: Linux's own driver goes round it, where it writes the chip.
FindingStatus closed(const flash::KernelFacts& kernel) {
  return drives_chip(kernel, true) ? warning : problem;
}

constexpr const char* not_lifted = "iomem=relaxed does not lift it";

Finding memory(const flash::KernelFacts& kernel) {
  if (!kernel.memory_there)
    return {"dev_mem", closed(kernel), "there is no /dev/mem",
            "not inside a container; on the machine itself, a kernel with CONFIG_DEVMEM"};
  if (kernel.memory_readable)
    return {"dev_mem", ok,
            kernel.strict_memory == true && !kernel.memory_relaxed
                ? "/dev/mem opens; STRICT_DEVMEM closes RAM to it, and leaves registers open"
                : "/dev/mem opens",
            ""};
  return {"dev_mem", closed(kernel), "/dev/mem does not open",
          kernel.root ? "a lockdown closes it (see lockdown), or a container or a security policy"
                      : "run as root"};
}

/// "iTCO_wdt (iTCO_wdt.1.auto)"
std::string text_of(const flash::RegisterClaim& claim) {
  return claim.device == claim.driver ? claim.driver
                                      : fmt::format("{} ({})", claim.driver, claim.device);
}

Finding registers(const flash::KernelFacts& kernel) {
  if (kernel.memory_relaxed) return {"io_strict", ok, "iomem=relaxed is given", ""};
  if (kernel.strict_registers == false)
    return {"io_strict", ok, "the kernel leaves claimed registers open (no IO_STRICT_DEVMEM)", ""};
  if (kernel.claims.empty())
    return {"io_strict", kernel.strict_registers ? ok : unknown,
            "no driver that is known claims the flash controller's registers", ""};
  std::string claimed, remedy;
  for (const flash::RegisterClaim& claim : kernel.claims) {
    claimed += (claimed.empty() ? "" : ", ") + text_of(claim);
    remedy += fmt::format("echo {} >/sys/bus/{}/drivers/{}/unbind, ", claim.device, claim.bus,
                          claim.driver);
  }
  remedy +=
      "or unload its module with modprobe -r (spi_intel_platform and iTCO_wdt go when lpc_ich is "
      "unbound, too), or boot once with iomem=relaxed";
  if (!kernel.strict_registers)
    return {"io_strict", warning,
            fmt::format("{} claim{} registers that the kernel, whose configuration is not "
                        "readable, may close",
                        claimed, kernel.claims.size() == 1 ? "s" : ""),
            remedy};
  return {"io_strict", closed(kernel),
          fmt::format("IO_STRICT_DEVMEM closes the registers that {} claim{}", claimed,
                      kernel.claims.size() == 1 ? "s" : ""),
          remedy};
}

std::string lockdown_remedy(const flash::KernelFacts& kernel) {
  const bool asked = !kernel.lockdown_asked.empty();
  const std::string without = "boot without lockdown= on the command line";
  if (kernel.secure_boot == true)
    return fmt::format("switch Secure Boot off in the firmware's set-up{}; {}",
                       asked ? ", and " + without : "", not_lifted);
  if (asked) return fmt::format("{}; {}", without, not_lifted);
  if (kernel.secure_boot == false)
    return fmt::format(
        "restart the machine: something switched it on since (or the kernel's "
        "configuration does); {}",
        not_lifted);
  return fmt::format(
      "switch Secure Boot off in the firmware's set-up, if it is on; if it is off, restart the "
      "machine; {}",
      not_lifted);
}

Finding lockdown(const flash::KernelFacts& kernel) {
  constexpr const char* closes =
      "/dev/mem and I/O ports are closed, and with them a hidden SPI function";
  if (kernel.lockdown == "none") return {"lockdown", ok, "none", ""};
  if (kernel.lockdown)
    return {"lockdown", closed(kernel), fmt::format("{}: {}", *kernel.lockdown, closes),
            lockdown_remedy(kernel)};
  // securityfs is not mounted: /dev/mem itself tells, since every lockdown keeps it from opening.
  if (kernel.memory_readable) return {"lockdown", ok, "none: /dev/mem opens", ""};
  if (!kernel.lockdown_asked.empty())
    return {"lockdown", closed(kernel),
            fmt::format("{}, by the command line: {}", kernel.lockdown_asked, closes),
            lockdown_remedy(kernel)};
  return {"lockdown", unknown, "the kernel does not tell its lockdown",
          "mount -t securityfs none /sys/kernel/security, and look at its file lockdown"};
}

Finding secure_boot(const flash::KernelFacts& kernel) {
  if (!kernel.secure_boot)
    return {"secure_boot", unknown, "the firmware's variable is not readable",
            "mokutil --sb-state tells, with efivarfs mounted at /sys/firmware/efi/efivars"};
  if (!*kernel.secure_boot) return {"secure_boot", ok, "off", ""};
  return {"secure_boot", warning, "on: distributions' kernels lock themselves down for it",
          "switch it off in the firmware's set-up where lockdown is a problem"};
}

Finding mtd(const flash::KernelFacts& kernel) {
  std::vector<std::string> all;
  bool chip = false, writable = false;
  for (const flash::MtdDevice& device : kernel.mtd) {
    all.push_back(fmt::format("{} ({}, {}{})", device.name, device.label, device.type,
                              device.writable ? "" : ", read-only"));
    if (device.type != "nor") continue;
    chip = true;
    writable = writable || device.writable;
  }
  const std::string what = fmt::format("{}", fmt::join(all, ", "));
  if (!chip)
    return {"mtd", unknown,
            all.empty() ? "the kernel offers no MTD device"
                        : fmt::format("the kernel drives no flash chip: {}", what),
            "where /dev/mem is closed: load spi_intel_pci or spi_intel_platform, and spi_intel "
            "with writeable=1, if the kernel has them"};
  if (!writable)
    return {"mtd", warning, what,
            "a write by -p linux_mtd:dev=N, which does without /dev/mem, needs spi_intel loaded "
            "with writeable=1; it stays read-only where the firmware protects a range"};
  return {"mtd", ok, what, "-p linux_mtd:dev=N reaches it without /dev/mem"};
}

}  // namespace

Findings kernel_findings(const flash::KernelFacts& kernel) {
  Findings all;
  all.push_back(kernel.root ? Finding{"root", ok, "running as root", ""}
                            : Finding{"root", problem, "not running as root", "use sudo"});
  for (Finding& finding : Findings{memory(kernel), registers(kernel), lockdown(kernel),
                                   secure_boot(kernel), mtd(kernel)})
    all.push_back(std::move(finding));
  return all;
}

}  // namespace romwright::pipeline
