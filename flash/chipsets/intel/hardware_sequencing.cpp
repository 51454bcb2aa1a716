// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/hardware_sequencing.h"

#include <algorithm>
#include <array>
#include <csignal>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash::intel {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::uint32_t page = 256;  // no cycle may cross it
constexpr std::uint32_t sector = 4096, block = 65536;
constexpr int attempts = 3;
constexpr nanoseconds idle_deadline = seconds(5);  // another master's erase may be under way
constexpr nanoseconds read_deadline = seconds(1);
constexpr nanoseconds program_deadline = seconds(5);
constexpr nanoseconds erase_deadline = seconds(30);
/// Typical of the chips that PCs have; the controller does not tell.
constexpr nanoseconds page_time = std::chrono::microseconds(700);
constexpr nanoseconds sector_time = milliseconds(45), block_time = milliseconds(150);
constexpr std::array<std::uint32_t, 4> erase_sizes{256, 4096, 8192, 65536};

bool changes(std::uint32_t cycle) {
  return cycle == cycle_write || cycle == cycle_erase || cycle == cycle_erase_64k;
}

std::string_view name_of(std::uint32_t cycle) {
  switch (cycle) {
    case cycle_read:
      return "read";
    case cycle_write:
      return "program";
    case cycle_status:
      return "status";
    default:
      return "erase";
  }
}

}  // namespace

HardwareSequencing::HardwareSequencing(Controller& controller)
    : controller_(controller),
      kept_address_(controller.read32(controller.layout().address) &
                    ~controller.layout().address_mask),
      status_(controller.read16(hsfs)),
      clear_(static_cast<std::uint16_t>((status_ & hsfs_locks) | hsfs_clear)) {
  if (!controller.has_descriptor())
    throw NoDeviceError(
        fmt::format("{}: hardware sequencing needs a flash descriptor, and the chip has none",
                    controller.chipset().name()),
        "internal:bus=swseq");
  make_geometry();
  controller_.set_test_read([this](std::uint64_t offset) {
    std::array<std::uint8_t, cycle_bytes> ignored{};
    try {
      read_cycle(offset, ignored);
    } catch (const DeviceError&) {
      return false;
    }
    return true;
  });
}

/// Another master's cycle may be under way.
void HardwareSequencing::wait_idle(const std::string& what) {
  const auto idle = controller_.wait([this] { return ~(status_ = controller_.read16(hsfs)); },
                                     hsfs_busy, idle_deadline);
  if (!idle) controller_.timed_out(what, status_);
}

/// BERASE tells the size of the block at FADDR.
std::uint32_t HardwareSequencing::erase_size_at(std::uint64_t offset) {
  if (controller_.generation().engine == Engine::pch100) return sector;
  wait_idle("waiting until it is idle");
  controller_.write32(controller_.layout().address,
                      kept_address_ | static_cast<std::uint32_t>(offset));
  return erase_sizes.at((controller_.read16(hsfs) >> 3) & 3U);
}

void HardwareSequencing::make_geometry() {
  const std::vector<std::uint64_t> components = controller_.components();
  for (const std::uint64_t size : components) geometry_.size += size;
  if (geometry_.size == 0)
    throw NoDeviceError(
        fmt::format("{}: the flash descriptor cannot be read", controller_.chipset().name()),
        "internal:bus=swseq");
  geometry_.page_size = page;
  geometry_.page_program_time = page_time;
  const bool pch100 = controller_.generation().engine == Engine::pch100;
  std::uint64_t boundary = 0;
  if (controller_.generation().has_fpb)
    boundary = std::uint64_t{controller_.read32(controller_.layout().fpb) & 0x1fffU} << 12;
  if (boundary >= geometry_.size) boundary = 0;
  EraseType type{.opcode = 0, .runs = {}, .typical = sector_time};
  const auto add = [&](Range range) {
    const std::uint32_t size = erase_size_at(range.offset);
    if (range.empty() || range.size % size != 0 || range.offset % size != 0)
      throw NoDeviceError(fmt::format("{}: the controller's erase size of {} does not fit the chip",
                                      controller_.chipset().name(), human_size(size)),
                          "internal:bus=swseq");
    type.runs.push_back({size, static_cast<std::uint32_t>(range.size / size)});
    if (size > sector) type.typical = block_time;
  };
  if (boundary != 0) add({0, boundary});
  add({boundary, geometry_.size - boundary});
  if (type.runs.size() == 2 && type.runs[0].size == type.runs[1].size) {
    type.runs[0].count += type.runs[1].count;
    type.runs.pop_back();
  }
  geometry_.erase_types.push_back(type);
  if (pch100)
    geometry_.erase_types.push_back(
        {0, {{block, static_cast<std::uint32_t>(geometry_.size / block)}}, block_time});
}

Access HardwareSequencing::access(Range range) {
  if (!Range{0, geometry_.size}.contains(range))
    return {false, false, fmt::format("lies outside the chip's {}", human_size(geometry_.size))};
  return controller_.access(range);
}

std::vector<Protection> HardwareSequencing::protections() {
  std::vector<Protection> found = controller_.protections();
  for (Protection& one : found) one.range = one.range.intersect({0, geometry_.size});
  return found;
}

CycleEnd HardwareSequencing::try_cycle(std::uint32_t cycle, std::uint64_t offset, std::size_t count,
                                       nanoseconds deadline) {
  controller_.write32(controller_.layout().address,
                      kept_address_ | static_cast<std::uint32_t>(offset));
  const std::uint32_t length = count == 0 ? 0 : static_cast<std::uint32_t>(count - 1);
  // An error that still stands keeps the next cycle from starting.
  controller_.write16(hsfs, clear_);
  controller_.write16(hsfc, static_cast<std::uint16_t>(hsfc_go | cycle << hsfc_cycle_shift |
                                                       length << hsfc_count_shift));
  const auto status = controller_.wait([this] { return status_ = controller_.read16(hsfs); },
                                       hsfs_done | hsfs_error, deadline);
  if (!status) return CycleEnd::timeout;
  controller_.answered();
  if ((*status & hsfs_error) != 0)
    return (*status & hsfs_denied) != 0 ? CycleEnd::denied : CycleEnd::error;
  return CycleEnd::done;
}

void HardwareSequencing::cycle(std::uint32_t cycle, std::uint64_t offset, ConstBytes data,
                               std::size_t count, nanoseconds deadline) {
  const auto what = [&] { return fmt::format("{} at {:#x}", name_of(cycle), offset); };
  for (int attempt = 1;; ++attempt) {
    // The last cycle's own status says when there is no other.
    if ((status_ & hsfs_busy) != 0 || attempt > 1) wait_idle(what());
    if (!data.empty()) controller_.put_data(data);
    switch (try_cycle(cycle, offset, count, deadline)) {
      case CycleEnd::done:
        changed_ |= changes(cycle);
        return;
      case CycleEnd::timeout:
        controller_.timed_out(what(), status_);
      case CycleEnd::denied: {
        if (changes(cycle) && attempt < attempts && controller_.allowed_again()) {
          ++statistics_.retries;
          continue;
        }
        const std::string line =
            fmt::format("{}: the controller denies access (HSFS {:#06x})", what(), status_);
        if (changes(cycle)) controller_.write_denied({offset, count}, line, changed_);
        throw DeviceError(line);
      }
      case CycleEnd::error:
        if (attempt == attempts)
          throw DeviceError(
              fmt::format("{}: the controller reports an error, {} times (HSFS "
                          "{:#06x})",
                          what(), attempts, status_));
        ++statistics_.retries;
    }
  }
}

std::optional<std::uint8_t> HardwareSequencing::chip_status() {
  if (controller_.generation().engine != Engine::pch100) return std::nullopt;
  std::array<std::uint8_t, 1> status{};
  try {
    cycle(cycle_status, 0, {}, status.size(), read_deadline);
  } catch (const DeviceError&) {
    return std::nullopt;
  }
  controller_.get_data(status);
  return status[0];
}

void HardwareSequencing::read_cycle(std::uint64_t offset, Bytes into) {
  cycle(cycle_read, offset, {}, into.size(), read_deadline);
  controller_.get_data(into);
}

void HardwareSequencing::read(std::uint64_t offset, Bytes into, Run& run) {
  if (!Range{0, geometry_.size}.contains(Range{offset, into.size()}))
    throw DeviceError(fmt::format("read {}: lies outside the chip's {}",
                                  to_string(Range{offset, into.size()}),
                                  human_size(geometry_.size)));
  const Timed timed(controller_.clock(), statistics_.read);
  for (std::size_t at = 0; at < into.size();) {
    if (run.stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("reading stopped at {:#x}", offset + at));
    const std::uint64_t from = offset + at;
    const std::size_t size =
        std::min<std::size_t>(into.size() - at, cycle_bytes - from % cycle_bytes);
    read_cycle(from, into.subspan(at, size));
    statistics_.read_bytes += size;
    at += size;
  }
}

void HardwareSequencing::erase(const Erase& erase) {
  const Timed timed(controller_.clock(), statistics_.erase);
  cycle(erase.type == 0 ? cycle_erase : cycle_erase_64k, erase.range.offset, {}, 0, erase_deadline);
  statistics_.erased_bytes += erase.range.size;
}

void HardwareSequencing::program(const Write& write) {
  const Timed timed(controller_.clock(), statistics_.program);
  for (std::size_t at = 0; at < write.data.size();) {
    const std::uint64_t to = write.offset + at;
    const std::size_t size =
        std::min<std::size_t>(write.data.size() - at, cycle_bytes - to % cycle_bytes);
    const ConstBytes data = write.data.subspan(at, size);
    at += size;
    // What stays erased needs no cycle.
    if (!all_equal(data, geometry_.erased_value))
      cycle(cycle_write, to, data, size, program_deadline);
  }
  statistics_.programmed_bytes += write.data.size();
}

void HardwareSequencing::apply(std::span<const FlashStep> steps,
                               const std::function<void(std::size_t)>& done, Run& run) {
  std::vector<Range> ranges;
  for (const FlashStep& step : steps) {
    if (step.erase) ranges.push_back(step.erase->range);
    for (const Write& write : step.programs) ranges.push_back(write.range());
  }
  controller_.before_writing(ranges);
  changed_ = false;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (run.stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("stopped behind step {} of {}", i, steps.size()));
    if (steps[i].erase) erase(*steps[i].erase);
    for (const Write& write : steps[i].programs) program(write);
    done(i);
  }
}

}  // namespace romwright::flash::intel
