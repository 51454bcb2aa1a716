// SPDX-License-Identifier: GPL-2.0-or-later
// AMD's chipsets with a flash controller: which id and revision is of which generation, and what is
// the same in all of one. Source: AMD's register references of SB600 to Family 19h.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace romwright::flash::amd {

enum class GenerationId : std::uint8_t {
  sb6xx,
  sb7xx,
  sb89xx,
  hudson234,
  bolton,
  yangtze,
  promontory,
  spi100,
};

/// How a command goes out.
enum class Engine : std::uint8_t {
  fifo,     ///< eight bytes behind one port, with a pointer that counts round
  indexed,  ///< 71 bytes side by side; opcode and start where the older ones have them
  spi100,   ///< the same, with opcode and start in registers of their own
};

/// What others' users reported: works, nobody has, or it hangs on the board.
enum class ChipsetStatus : std::uint8_t { ok, untested, depends };

struct Generation {
  GenerationId id;
  std::string_view title;
  Engine engine = Engine::fifo;
  bool has_imc = true;         ///< may have an embedded controller that runs from the same flash
  bool has_busy = false;       ///< register 0, bit 31
  bool has_pins = false;       ///< SPI may lie on pins that are general purpose ones otherwise
  bool has_psp = false;        ///< the platform security processor starts from the same flash
  std::uint32_t bar_mask = 0;  ///< of dword 0xa0 of the LPC bridge
  std::uint8_t max_in = 8;     ///< data bytes of one command
  std::uint8_t max_out = 5;
};

/// Everything is known of every id.
const Generation& generation(GenerationId id);

/// One kind of chipset: the bridge's id, and the SMBus function's id and revision.
struct Part {
  std::uint16_t lpc_vendor, lpc_device;
  std::uint16_t smbus_vendor, smbus_device;
  std::uint8_t first_revision, last_revision;
  GenerationId generation;
  ChipsetStatus status;
  std::string_view name;
};

/// All of them. Where several rows match, the first counts.
std::span<const Part> parts();

}  // namespace romwright::flash::amd
