// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/amd/controller.h"
#include "flash/chipsets/amd/layout.h"

namespace romwright::flash::amd {

IndexedController::IndexedController(Machine& machine, const Chipset& chipset,
                                     std::unique_ptr<Registers> registers)
    : Controller(machine, chipset, std::move(registers)) {}

void IndexedController::transfer(std::uint8_t opcode, ConstBytes out, Bytes in) {
  if (out.size() + in.size() > largest_buffer)
    throw DeviceError(fmt::format("opcode {:#04x}: {} bytes are more than the controller moves",
                                  opcode, out.size() + in.size()));
  const bool spi100 = chipset().generation().engine == Engine::spi100;
  wait_idle();
  registers().write8(spi100 ? opcode_register : control_register, opcode);
  registers().write8(out_count_register, static_cast<std::uint8_t>(out.size()));
  registers().write8(in_count_register, static_cast<std::uint8_t>(in.size()));
  for (std::size_t i = 0; i < out.size(); ++i)
    registers().write8(buffer_register + static_cast<std::uint32_t>(i), out[i]);
  const std::string what = fmt::format("opcode {:#04x}", opcode);
  if (spi100) {
    registers().write8(trigger_register, trigger);
    wait([this] { return (registers().read32(status_register) & status_busy) == 0; }, what);
  } else {
    registers().write8(start_register, registers().read8(start_register) | execute);
    wait([this] { return (registers().read8(start_register) & execute) == 0; }, what);
  }
  check_refused(opcode);
  for (std::size_t i = 0; i < in.size();) {
    const auto at = buffer_register + static_cast<std::uint32_t>(out.size() + i);
    // Four at a time where the newer ones let themselves be read so.
    if (spi100 && at % 4 == 0 && in.size() - i >= 4) {
      store_le(in, i, registers().read32(at));
      i += 4;
    } else {
      in[i++] = registers().read8(at);
    }
  }
  if (!in.empty()) answered();
}

}  // namespace romwright::flash::amd
