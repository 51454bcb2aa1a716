// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/kept_chip.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/nearest.h"
#include "flash/base/output_file.h"
#include "flash/base/read_file.h"
#include "flash/chips/table.h"

namespace romwright::flash {
namespace {

const Chip& chip_named(std::string_view programmer, const Parameters& parameters) {
  const auto name = parameters.get("chip");
  if (!name)
    throw UsageError(fmt::format("programmer {}: no chip given", programmer),
                     fmt::format("{}:chip=W25Q64FV,image=FILE", programmer));
  const std::vector<const Chip*> found = find_chips(*name);
  if (!found.empty()) return *found.front();
  std::vector<std::string_view> names;
  for (const Chip* chip : all_chips()) names.push_back(chip->name);
  const std::string close = nearest(*name, names);
  throw UsageError(
      fmt::format("programmer {}: unknown chip '{}'", programmer, *name),
      close.empty() ? "see 'romwright chips'" : fmt::format("did you mean '{}'?", close));
}

std::string image_of(std::string_view programmer, const Parameters& parameters) {
  const auto image = parameters.get("image");
  if (!image || image->empty())
    throw UsageError(fmt::format("programmer {}: no image given", programmer),
                     "image=FILE keeps the chip's content");
  return *image;
}

}  // namespace

KeptChip::KeptChip(std::string_view programmer, const Parameters& parameters, VirtualClock& clock,
                   const Faults& faults)
    : chip_(chip_named(programmer, parameters)),
      image_(image_of(programmer, parameters)),
      content_(image_, chip_.size, 0xff),
      model_(chip_, content_.bytes(), clock, faults) {
  StatusRegisters registers{};
  if (std::filesystem::exists(registers_file())) {
    const Buffer kept = read_file(registers_file(), registers.size());
    std::copy(kept.begin(), kept.end(), registers.begin());
  }
  if (const auto text = parameters.get("sr1")) {
    const std::uint64_t value = parse_number("sr1", *text);
    if (value > 0xff)
      throw UsageError(fmt::format("programmer {}: sr1={} is no register value", programmer, *text),
                       "0 to 0xff");
    registers[0] = static_cast<std::uint8_t>(value);
  }
  model_.set_registers(registers);
  loaded_ = registers;
}

void KeptChip::close() {
  const StatusRegisters& lasting = model_.stored_registers();
  if (lasting != loaded_) write_whole(registers_file(), lasting);
}

}  // namespace romwright::flash
