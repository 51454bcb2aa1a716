// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/pipeline/doctor.h"

namespace romwright::pipeline {

namespace {

using enum FindingStatus;

Finding memory(const flash::KernelFacts& kernel) {
  if (!kernel.memory_there)
    return {"dev_mem", problem, "there is no /dev/mem",
            "not inside a container; on the machine itself, a kernel with CONFIG_DEVMEM"};
  if (kernel.memory_readable)
    return {"dev_mem", ok,
            kernel.strict_memory == true && !kernel.memory_relaxed
                ? "/dev/mem opens; STRICT_DEVMEM closes RAM to it, and leaves registers open"
                : "/dev/mem opens",
            ""};
  return {"dev_mem", problem, "/dev/mem does not open",
          kernel.root ? "a lockdown or a security policy closes it: see lockdown" : "run as root"};
}

Finding registers(const flash::KernelFacts& kernel) {
  const std::string claimed = fmt::format("{}", fmt::join(kernel.modules, ", "));
  if (kernel.memory_relaxed) return {"io_strict", ok, "iomem=relaxed is given", ""};
  if (kernel.strict_registers == false)
    return {"io_strict", ok, "the kernel leaves claimed registers open (no IO_STRICT_DEVMEM)", ""};
  if (kernel.modules.empty())
    return {"io_strict", kernel.strict_registers ? ok : unknown,
            "no loaded module that is known claims the flash controller", ""};
  const std::string remedy = fmt::format(
      "unload or unbind what claims them ({}: 'modprobe -r', or its driver's 'unbind' in /sys), or "
      "boot once with iomem=relaxed",
      claimed);
  if (!kernel.strict_registers)
    return {"io_strict", warning,
            "the kernel's configuration is not readable: it may close claimed registers", remedy};
  return {"io_strict", problem,
          fmt::format("IO_STRICT_DEVMEM closes the registers that {} claim{}", claimed,
                      kernel.modules.size() == 1 ? "s" : ""),
          remedy};
}

Finding lockdown(const flash::KernelFacts& kernel) {
  if (!kernel.lockdown)
    return {"lockdown", unknown, "the kernel does not tell its lockdown",
            "as root, with securityfs mounted: /sys/kernel/security/lockdown"};
  if (*kernel.lockdown == "none") return {"lockdown", ok, "none", ""};
  return {"lockdown", problem,
          fmt::format("{}: /dev/mem and I/O ports are closed, and with them a hidden SPI function",
                      *kernel.lockdown),
          kernel.secure_boot.value_or(false)
              ? "switch Secure Boot off in the firmware's set-up; iomem=relaxed does not lift it"
              : "boot without lockdown= on the command line; iomem=relaxed does not lift it"};
}

Finding secure_boot(const flash::KernelFacts& kernel) {
  if (!kernel.secure_boot)
    return {"secure_boot", unknown, "the firmware's variable is not readable", ""};
  if (!*kernel.secure_boot) return {"secure_boot", ok, "off", ""};
  return {"secure_boot", warning, "on: distributions' kernels lock themselves down for it",
          "switch it off in the firmware's set-up where lockdown is a problem"};
}

Finding mtd(const flash::KernelFacts& kernel) {
  if (kernel.mtd.empty())
    return {"mtd", unknown, "the kernel offers no MTD device",
            "where /dev/mem is closed: load spi_intel_pci or spi_intel_platform with writeable=1, "
            "if the kernel has it"};
  return {"mtd", ok, fmt::format("{}", fmt::join(kernel.mtd, ", ")),
          "-p linux_mtd:dev=N reaches it without /dev/mem; spi_intel is read-only without "
          "writeable=1"};
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
