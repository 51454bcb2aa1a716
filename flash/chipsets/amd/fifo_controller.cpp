// SPDX-License-Identifier: GPL-2.0-or-later
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chipsets/amd/controller.h"
#include "flash/chipsets/amd/layout.h"

namespace romwright::flash::amd {
namespace {

constexpr int attempts = 3;

}  // namespace

FifoController::FifoController(Machine& machine, const Chipset& chipset,
                               std::unique_ptr<Registers> registers)
    : Controller(machine, chipset, std::move(registers)) {}

void FifoController::rewind() {
  registers().write8(start_register, registers().read8(start_register) | clear_pointer);
  wait([this] { return (registers().read8(pointer_register) & 7U) == 0; }, "rewinding its FIFO");
}

bool FifoController::pointer_is(std::size_t count) {
  return (registers().read8(pointer_register) & 7U) == count % fifo_size;
}

void FifoController::transfer(std::uint8_t opcode, ConstBytes out, Bytes in) {
  if (out.size() > fifo_size)
    throw DeviceError(fmt::format("opcode {:#04x}: {} bytes are more than the controller sends",
                                  opcode, out.size()));
  // Without bytes behind the opcode the controller counts one byte less than it reads.
  const auto counts =
      static_cast<std::uint8_t>((in.size() + (out.empty() ? 1 : 0)) << 4 | out.size());
  for (int attempt = 1;; ++attempt) {
    wait_idle();
    registers().write8(control_register, opcode);
    registers().write8(count_register, counts);
    rewind();
    for (const std::uint8_t byte : out) registers().write8(fifo_register, byte);
    bool good = pointer_is(out.size());
    if (good) {
      // It sends from where the pointer is.
      rewind();
      registers().write8(start_register, registers().read8(start_register) | execute);
      wait([this] { return (registers().read8(start_register) & execute) == 0; },
           fmt::format("opcode {:#04x}", opcode));
      good = pointer_is(out.size() + in.size());
    }
    if (good && !in.empty()) {
      rewind();
      for (std::size_t i = 0; i < out.size(); ++i) (void)registers().read8(fifo_register);
      good = pointer_is(out.size());
      for (std::uint8_t& byte : in) byte = registers().read8(fifo_register);
      good = good && pointer_is(out.size() + in.size());
    }
    good = good && registers().read8(count_register) == counts;
    if (good) break;
    // Somebody else's command came in between, or nothing but memory is there. A chip that has done
    // it already takes no notice of the second time: it is busy, or no longer write-enabled.
    if (attempt < attempts) continue;
    const std::string line =
        fmt::format("{}: opcode {:#04x}: the FIFO's pointer is not where it should be",
                    chipset().name(), opcode);
    if (!has_answered()) throw NoDeviceError(line, "no SPI controller is behind these registers");
    throw DeviceError(line, "something else uses the controller too");
  }
  // A byte that went in and out proves that it is there.
  if (!in.empty()) answered();
}

}  // namespace romwright::flash::amd
