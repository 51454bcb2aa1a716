// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/firmware_hub.h"

#include <fmt/format.h>

namespace romwright::flash::intel {
namespace {

constexpr std::uint64_t half = 512U << 10, whole = 1U << 20;
/// What is decoded in any case, or by bits that are not ours: the 1 MiB blocks' bits are 3 to 0.
constexpr std::uint8_t low_blocks = 0x0f;

}  // namespace

bool has_firmware_hub(const Chipset& chipset) {
  switch (chipset.id->generation) {
    case GenerationId::ich0:
    case GenerationId::ich2_5:
    case GenerationId::ich6:
    case GenerationId::ich7:
      return true;
    default:
      return false;
  }
}

std::uint64_t decoded_below_4gib(std::uint16_t enable, std::uint32_t select_1,
                                 std::uint16_t select_2) {
  std::uint64_t size = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (((enable >> (15 - i)) & 1U) == 0 || ((select_1 >> (28 - 4 * i)) & 15U) != 0) return size;
    size += half;
  }
  for (unsigned i = 0; i < 4; ++i) {
    if (((enable >> (3 - i)) & 1U) == 0 || ((select_2 >> (12 - 4 * i)) & 15U) != 0) return size;
    size += whole;
  }
  return size;
}

FirmwareHub::Offsets FirmwareHub::offsets(const Chipset& chipset) {
  switch (chipset.id->generation) {
    case GenerationId::ich0:
      return {0xe8, 0, 0, 0xe3, 0x4e};
    case GenerationId::ich2_5:
      return {0xe8, 0xee, 0xf0, 0xe3, 0x4e};
    default:
      return {0xd0, 0xd4, 0xd8, 0xd9, 0xdc};
  }
}

FirmwareHub::FirmwareHub(Machine& machine, const Chipset& chipset)
    : pci_(machine.pci),
      chipset_(chipset),
      at_(offsets(chipset)),
      bios_control_(
          {[&pci = pci_, at = chipset.found, offset = at_.bios_control] {
             return std::uint32_t{pci.read8(at, offset)};
           },
           [&pci = pci_, at = chipset.found, offset = at_.bios_control](std::uint32_t value) {
             pci.write8(at, offset, static_cast<std::uint8_t>(value));
           }},
          chipset.generation().smm_bwp_bit) {}

void FirmwareHub::set(std::uint8_t offset, std::uint8_t value) {
  const std::uint8_t before = pci_.read8(chipset_.found, offset);
  if (before == value) return;
  changed_.emplace_back(offset, before);
  pci_.write8(chipset_.found, offset, value);
}

std::optional<std::string> FirmwareHub::open() {
  set(at_.enable_high, 0xff);
  if (at_.enable_low != 0)
    set(at_.enable_low, pci_.read8(chipset_.found, at_.enable_low) | low_blocks);
  return bios_control_.allow();
}

std::uint64_t FirmwareHub::reach() {
  const auto low = static_cast<std::uint16_t>(
      at_.enable_low != 0 ? pci_.read8(chipset_.found, at_.enable_low) : 0);
  const auto enable =
      static_cast<std::uint16_t>(pci_.read8(chipset_.found, at_.enable_high) << 8 | low);
  const std::uint32_t select_1 = pci_.read32(chipset_.found, at_.select_1);
  const std::uint16_t select_2 =
      at_.select_2 != 0 ? pci_.read16(chipset_.found, at_.select_2) : std::uint16_t{0};
  return decoded_below_4gib(enable, select_1, select_2);
}

std::vector<Finding> FirmwareHub::findings() {
  if (chipset_.id->status == ChipsetStatus::ok)
    return {{"chipset", FindingStatus::ok, chipset_.name(), ""}};
  return {{"chipset", FindingStatus::warning,
           chipset_.name() + ": nobody has reported that this chipset works",
           "read first, twice, and compare"}};
}

void FirmwareHub::close() {
  bios_control_.restore();
  for (auto one = changed_.rbegin(); one != changed_.rend(); ++one)
    pci_.write8(chipset_.found, one->first, one->second);
  changed_.clear();
}

}  // namespace romwright::flash::intel
