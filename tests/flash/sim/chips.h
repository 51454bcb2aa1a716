// SPDX-License-Identifier: GPL-2.0-or-later
// A simulated chip with its content and clock, spoken to command by command.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "flash/chips/table.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash::test {

using namespace std::chrono_literals;

inline const Chip& chip_named(std::string_view name) { return *find_chips(name).at(0); }

/// Content is `fill` to begin with.
struct SimChip {
  explicit SimChip(const Chip& kind, Faults faults = {}, std::uint8_t fill = 0xff)
      : chip(kind), content(kind.size, fill), model(chip, content, clock, std::move(faults)) {}
  explicit SimChip(std::string_view name, Faults faults = {}, std::uint8_t fill = 0xff)
      : SimChip(chip_named(name), std::move(faults), fill) {}

  void send(std::initializer_list<std::uint8_t> out) {
    model.cycle(std::vector<std::uint8_t>(out), {});
  }
  Buffer ask(std::initializer_list<std::uint8_t> out, std::size_t size) {
    Buffer in(size);
    model.cycle(std::vector<std::uint8_t>(out), in);
    return in;
  }
  std::uint8_t status() { return ask({0x05}, 1)[0]; }
  /// Until the operation under way is over.
  void wait() { clock.advance(model.busy_until() - clock.now()); }
  /// Write enable, the command, and its time.
  void write(std::initializer_list<std::uint8_t> out) {
    send({0x06});
    send(out);
    wait();
  }

  const Chip& chip;
  Buffer content;
  VirtualClock clock;
  NorModel model;
};

}  // namespace romwright::flash::test
