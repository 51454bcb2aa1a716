// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/link_tuning.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace romwright::flash {
namespace {

/// What any wiring of a clip carries.
constexpr std::uint32_t low_clock_hz = 2'000'000;
constexpr std::size_t proofs = 16;
constexpr std::uint8_t read_id = 0x9f;
constexpr std::uint8_t read_sfdp = 0x5a;
constexpr std::size_t id_size = 3, header_size = 8;

std::string megahertz(std::uint32_t hz) { return fmt::format("{:.3g} MHz", hz / 1e6); }

}  // namespace

LinkTuning::LinkTuning(SpiBus& bus)
    : bus_(bus),
      wanted_hz_(bus.limits().clock_hz),
      low_hz_(wanted_hz_ > low_clock_hz ? bus.set_clock_hz(low_clock_hz) : wanted_hz_) {}

Buffer LinkTuning::fingerprint() const {
  Buffer answer(id_size + header_size, 0);
  const Bytes id = Bytes(answer).first(id_size);
  const Bytes header = Bytes(answer).last(header_size);
  std::vector<SpiOp> program;
  if (bus_.limits().allows(read_id)) program.emplace_back(SpiCommand{.opcode = read_id, .in = id});
  if (bus_.limits().allows(read_sfdp))
    program.emplace_back(
        SpiCommand{.opcode = read_sfdp, .address_bytes = 3, .dummy_bytes = 1, .in = header});
  bus_.run(program, {});
  // Without SFDP nobody drives the line, and what is read there means nothing.
  if (!std::ranges::equal(header.first(4), as_bytes("SFDP")))
    std::ranges::fill(header, std::uint8_t{0});
  return answer;
}

bool LinkTuning::carries(const Buffer& reference) const {
  for (std::size_t i = 0; i < proofs; ++i)
    if (fingerprint() != reference) return false;
  return true;
}

std::vector<std::string> LinkTuning::raise() {
  const Buffer reference = fingerprint();
  if (low_hz_ == wanted_hz_) {
    if (carries(reference)) return {};
    return {"the chip's id does not read the same every time: check the wiring"};
  }
  for (std::uint32_t hz = wanted_hz_; hz > low_hz_; hz /= 2) {
    const std::uint32_t set = bus_.set_clock_hz(hz);
    for (const SpiSampling sampling : {SpiSampling::usual, SpiSampling::late}) {
      const bool chosen = bus_.set_sampling(sampling);
      if (sampling == SpiSampling::late && !chosen) continue;
      if (!carries(reference)) continue;
      std::vector<std::string> notes;
      if (set < wanted_hz_)
        notes.push_back(fmt::format("the wiring does not carry {}: going on at {}",
                                    megahertz(wanted_hz_), megahertz(set)));
      if (sampling == SpiSampling::late)
        notes.push_back(fmt::format("sampling half a clock later, which {} need", megahertz(set)));
      return notes;
    }
  }
  bus_.set_sampling(SpiSampling::usual);
  bus_.set_clock_hz(low_hz_);
  return {fmt::format("the wiring does not carry {}: going on at {}", megahertz(wanted_hz_),
                      megahertz(low_hz_))};
}

}  // namespace romwright::flash
