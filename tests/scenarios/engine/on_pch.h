// SPDX-License-Identifier: GPL-2.0-or-later
// A modelled Intel machine with its chips, the internal driver and the engine above it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/intel_descriptor.h"
#include "flash/chipsets/driver.h"
#include "flash/sim/pch_model.h"
#include "tests/scenarios/engine/bench.h"

namespace romwright::flash::scenario {

/// A region of the descriptor, and what the host may do with it.
struct MadeRegion {
  unsigned index;
  Range range;
  bool readable = true, writable = true;
};

/// Writes a flash descriptor for chips of `sizes` into the first 4 KiB.
inline void put_descriptor(Bytes content, DescriptorVersion version,
                           const std::vector<std::uint64_t>& sizes,
                           const std::vector<MadeRegion>& regions) {
  std::fill_n(content.begin(), 0x1000, std::uint8_t{0xff});
  store_le<std::uint32_t>(content, 0x10, 0x0ff0a55a);
  store_le<std::uint32_t>(content, 0x14,
                          0x00040003U | static_cast<std::uint32_t>(sizes.size() - 1) << 8);
  store_le<std::uint32_t>(content, 0x18, 0x00000008);
  std::uint32_t component = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    std::uint32_t density = 0;
    while ((std::uint64_t{512U << 10} << density) < sizes[i]) ++density;
    component |= density << ((version == DescriptorVersion::v1 ? 3 : 4) * i);
  }
  store_le<std::uint32_t>(content, 0x30, component);
  std::uint32_t master = 0;
  const unsigned read_from = version == DescriptorVersion::v1 ? 16 : 8;
  const unsigned write_from = version == DescriptorVersion::v1 ? 24 : 20;
  for (unsigned i = 0; i < 12; ++i)
    store_le<std::uint32_t>(
        content, 0x40 + 4 * i,
        i < 5 || version == DescriptorVersion::v2 ? encode_region({}) : 0xffffffffU);
  for (const MadeRegion& region : regions) {
    store_le<std::uint32_t>(content, 0x40 + 4 * region.index, encode_region(region.range));
    if (region.readable) master |= 1U << (read_from + region.index);
    if (region.writable) master |= 1U << (write_from + region.index);
  }
  store_le<std::uint32_t>(content, 0x80, master);
}

/// The value of a PR register.
constexpr std::uint32_t forbids(Range range, bool writing = true, bool reading = false) {
  return encode_region(range) | (writing ? 1U << 31 : 0) | (reading ? 1U << 15 : 0);
}

/// The machine, powered on: everything before `open` is as the firmware left it.
class OnPch {
 public:
  explicit OnPch(PchSettings settings, std::string_view chip_name = "W25Q80BV", unsigned count = 1)
      : row(chip_named(chip_name)), settings_(settings), content(count * row.size, 0xff) {
    const Buffer random = random_bytes(content.size(), 11);
    content = random;
    count_ = count;
  }

  [[nodiscard]] bool v2() const {
    return settings_.kind == PchKind::pch100 || settings_.kind == PchKind::pch500;
  }
  /// Descriptor, ME and BIOS; the ME's region closed where `me` says so.
  void usual_descriptor(bool me_readable = true, bool me_writable = true,
                        const std::vector<MadeRegion>& more = {}) {
    std::vector<MadeRegion> regions{{0, {0, 0x1000}, true, false},
                                    {1, {0x40000, content.size() - 0x40000}},
                                    {2, {0x3000, 0x3d000}, me_readable, me_writable}};
    regions.insert(regions.end(), more.begin(), more.end());
    put_descriptor(content, v2() ? DescriptorVersion::v2 : DescriptorVersion::v1,
                   std::vector<std::uint64_t>(count_, row.size), regions);
  }
  void power_on() {
    std::vector<NorModel*> all;
    for (unsigned i = 0; i < count_; ++i) {
      chips.push_back(
          std::make_unique<NorModel>(row, Bytes(content).subspan(i * row.size, row.size), clock));
      all.push_back(chips.back().get());
    }
    model.emplace(settings_, all, clock);
  }
  void open(Sequencing sequencing = Sequencing::automatic) {
    if (!model) power_on();
    machine.emplace(model->machine());
    programmer = open_internal(*machine, {sequencing});
    if (SpiBus* bus = programmer->spi()) {
      found.emplace(probe(*bus, {}));
      nor.emplace(*bus, found->chip);
    }
    device.emplace(flash(), clock);
  }
  Flash& flash() { return nor ? *nor : *programmer->flash(); }
  WriteReport write(const Buffer& image, WriteOptions options = {}) {
    const WritePlan plan = device->plan(image, std::move(options), run);
    return device->write(plan, bench.guard, run);
  }
  void close() {
    nor.reset();
    programmer->close();
  }
  [[nodiscard]] std::uint64_t erases() const {
    std::uint64_t sum = 0;
    for (const auto& chip : chips) sum += chip->counts().erases;
    return sum;
  }

  Chip row;

 private:
  PchSettings settings_;
  unsigned count_ = 1;
  Silence events_;

 public:
  Buffer content;
  VirtualClock clock;
  std::vector<std::unique_ptr<NorModel>> chips;
  std::optional<PchModel> model;
  std::optional<Machine> machine;
  std::unique_ptr<Programmer> programmer;
  std::optional<ProbeResult> found;
  std::optional<SpiNor> nor;
  std::optional<FlashDevice> device;
  Bench bench{"W25Q80BV"};
  romwright::Run run{{}, events_};
};

}  // namespace romwright::flash::scenario
