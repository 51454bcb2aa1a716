// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/chip_id.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace romwright::flash {
namespace {

constexpr std::uint8_t read_id = 0x9f;
constexpr std::uint8_t read_manufacturer = 0x90;
constexpr std::uint8_t wake = 0xab;
constexpr std::uint8_t read_at25f = 0x15;
constexpr std::uint8_t continuation = 0x7f;
constexpr std::chrono::microseconds wake_time{30};  // tRES1 of the slowest data sheets

/// The answer to a command; empty when it is all 00 or all ff.
Buffer ask(SpiBus& bus, const SpiCommand& command, std::size_t size, bool& low) {
  if (!bus.limits().allows(command.opcode) || bus.limits().max_in < size) return {};
  Buffer answer(size, 0xff);
  SpiCommand asked = command;
  asked.in = answer;
  const SpiOp op = asked;
  bus.run({&op, 1}, {});
  low = all_equal(answer, 0x00);
  if (low || all_equal(answer, 0xff)) return {};
  return answer;
}

}  // namespace

Buffer ChipId::bytes() const {
  if (rdid.empty()) return !rems.empty() ? rems : !res.empty() ? res : at25f;
  std::size_t size = 3;
  while (size < rdid.size() && rdid[size - 3] == continuation) ++size;
  return {rdid.begin(), rdid.begin() + static_cast<std::ptrdiff_t>(size)};
}

ChipId read_chip_id(SpiBus& bus) {
  if (bus.limits().allows(wake)) {
    const std::array<SpiOp, 2> program{SpiCommand{.opcode = wake}, SpiWait{wake_time}};
    bus.run(program, {});
  }
  ChipId id;
  id.rdid = ask(bus, {.opcode = read_id}, std::min<std::size_t>(6, bus.limits().max_in), id.low);
  if (!id.rdid.empty()) return id;
  bool low = false;
  id.rems = ask(bus, {.opcode = read_manufacturer, .address_bytes = 3}, 2, low);
  id.res = ask(bus, {.opcode = wake, .address_bytes = 3}, 3, low);
  id.at25f = ask(bus, {.opcode = read_at25f}, 2, low);
  return id;
}

namespace {

bool matches_rdid(const Chip& chip, ConstBytes rdid) {
  std::size_t at = 0;
  for (int shift = 24; shift >= 0; shift -= 8) {
    const auto byte = static_cast<std::uint8_t>(chip.manufacturer >> shift);
    if (byte == 0 && at == 0) continue;
    if (at >= rdid.size() || rdid[at] != byte) return false;
    ++at;
  }
  const ConstBytes model = rdid.subspan(at);
  if (at == 0 || model.size() < 2) return false;
  if (chip.model > 0xffff)
    return model.size() >= 5 &&
           chip.model == (std::uint32_t{model[0]} << 24 | std::uint32_t{model[1]} << 16 |
                          std::uint32_t{model[3]} << 8 | model[4]);
  return chip.model == load_be<std::uint16_t>(model);
}

/// Manufacturer, then one byte of model.
bool matches_pair(const Chip& chip, ConstBytes answer) {
  return answer.size() >= 2 && answer[0] == chip.manufacturer && answer[1] == chip.model;
}

}  // namespace

bool matches(const Chip& chip, const ChipId& id) {
  switch (chip.id_method) {
    case IdMethod::rdid:
      return matches_rdid(chip, id.rdid);
    case IdMethod::rems:
      return matches_pair(chip, id.rems);
    case IdMethod::res2:
      return matches_pair(chip, id.res);
    case IdMethod::at25f:
      return matches_pair(chip, id.at25f);
    case IdMethod::res1:
      break;
  }
  return id.rdid.empty() && id.rems.empty() && !id.res.empty() && id.res[0] == chip.model;
}

}  // namespace romwright::flash
