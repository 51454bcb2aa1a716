// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mtd/mtd_flash.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <sys/ioctl.h>

#include <fmt/format.h>
#include <mtd/mtd-user.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t read_piece = 64U << 10;  // between two looks at the request to stop
constexpr std::uint64_t page = 256;            // of nearly every NOR chip; sysfs does not tell it
constexpr nanoseconds page_time = std::chrono::microseconds(700);
constexpr nanoseconds erase_4k = std::chrono::milliseconds(45);
constexpr nanoseconds erase_64k = std::chrono::milliseconds(150);

Geometry geometry_of(const MtdInfo& info) {
  Geometry geometry;
  geometry.size = info.size;
  geometry.page_size = static_cast<std::uint32_t>(
      std::max(info.write_size, std::min(align_down(page, info.write_size), info.erase_size)));
  // A chip whose pages have check bits is written once after an erase.
  geometry.bits_clear_again =
      info.has(MTD_NO_ERASE) || (info.write_size == 1 && info.has(MTD_BIT_WRITEABLE));
  const auto block = static_cast<std::uint32_t>(info.erase_size);
  const nanoseconds typical = info.has(MTD_NO_ERASE) ? nanoseconds(0)
                              : block <= 4096
                                  ? erase_4k
                                  : erase_64k * static_cast<std::int64_t>((block + 65535ULL) >> 16);
  geometry.erase_types.push_back(
      {0, {{block, static_cast<std::uint32_t>(info.size / info.erase_size)}}, typical});
  geometry.page_program_time = info.has(MTD_NO_ERASE) ? nanoseconds(0) : page_time;
  return geometry;
}

}  // namespace

MtdFlash::MtdFlash(Kernel& kernel, Clock& clock, MtdInfo info)
    : clock_(clock), info_(std::move(info)), geometry_(geometry_of(info_)) {
  OpenedFile opened;
  if (info_.has(MTD_WRITEABLE)) {
    opened = kernel.open(info_.device(), true);
    if (opened.error == EACCES || opened.error == EPERM || opened.error == EROFS) {
      read_only_ = fmt::format("{} may not be written by you (run it as root)", info_.device());
      opened = kernel.open(info_.device(), false);
    }
  } else {
    read_only_ = fmt::format(
        "the kernel's driver has made {} read-only (a PC's controller: load spi_intel with "
        "writeable=1, which opens it unless the firmware protects a range)",
        info_.device());
    opened = kernel.open(info_.device(), false);
  }
  if (!opened.file) throw_not_opened(info_.device(), opened.error, "", {});
  file_ = std::move(opened.file);
}

Access MtdFlash::access(Range /*range*/) { return {true, read_only_.empty(), read_only_}; }

std::vector<Protection> MtdFlash::protections() {
  // Locked at each power-up, and unlocked for each write: that protects from nothing.
  if (info_.has(MTD_POWERUP_LOCK)) return {};
  std::vector<Protection> found;
  for (const Range& range : MtdLocks(*file_, info_).locked())
    found.push_back({range, "the chip's lock bits", true});
  return found;
}

void MtdFlash::failed(const char* what, std::uint64_t offset, std::int64_t error) const {
  const std::string line =
      fmt::format("{}: {} at {:#x}: {}", info_.device(), what, offset,
                  error == 0 ? "nothing was moved" : error_text(static_cast<int>(-error)));
  if (error == -ETIMEDOUT) throw TimeoutError(line, "the chip does not become ready");
  if (error == -EROFS || error == -EACCES || error == -EPERM)
    throw ProtectedError({offset, 1}, line, "the chip or its controller protects it");
  throw DeviceError(line);
}

void MtdFlash::read(std::uint64_t offset, Bytes into, Run& run) {
  const Timed timed(clock_, statistics_.read);
  for (std::size_t at = 0; at < into.size();) {
    if (run.stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("reading stopped at {:#x}", offset + at));
    const std::size_t size = std::min(into.size() - at, read_piece);
    const std::ptrdiff_t got = file_->read_at(offset + at, into.subspan(at, size));
    if (got == -EINTR) continue;
    if (got <= 0 || static_cast<std::size_t>(got) > size) failed("reading", offset + at, got);
    at += static_cast<std::size_t>(got);
    statistics_.read_bytes += static_cast<std::size_t>(got);
  }
}

void MtdFlash::erase(Range range) {
  const Timed timed(clock_, statistics_.erase);
  erase_info_user64 wide{range.offset, range.size};
  erase_info_user narrow{static_cast<std::uint32_t>(range.offset),
                         static_cast<std::uint32_t>(range.size)};
  // A signal may interrupt it; erasing again changes nothing.
  int result = -EINTR;
  while (result == -EINTR) {
    result = file_->control(MEMERASE64, &wide);
    if (result == -ENOTTY) result = file_->control(MEMERASE, &narrow);
  }
  if (result < 0) failed("erasing", range.offset, result);
  statistics_.erased_bytes += range.size;
}

void MtdFlash::put(std::uint64_t offset, ConstBytes data) {
  for (std::size_t at = 0; at < data.size();) {
    const std::ptrdiff_t put = file_->write_at(offset + at, data.subspan(at));
    if (put == -EINTR) continue;
    if (put <= 0 || static_cast<std::size_t>(put) > data.size() - at)
      failed("writing", offset + at, put);
    at += static_cast<std::size_t>(put);
  }
}

void MtdFlash::program(const Write& write) {
  const Timed timed(clock_, statistics_.program);
  const std::uint64_t unit = info_.write_size;
  const std::uint64_t end = write.range().end();
  for (std::uint64_t at = write.offset; at < end;) {
    const std::uint64_t next =
        std::min(align_down(at, geometry_.page_size) + geometry_.page_size, end);
    const ConstBytes data = slice(write.data, {at - write.offset, next - at}, "program");
    // What stays erased needs no program.
    if (!all_equal(data, geometry_.erased_value)) {
      Buffer whole(align_up(next, unit) - align_down(at, unit), geometry_.erased_value);
      std::copy(data.begin(), data.end(),
                whole.begin() + static_cast<std::ptrdiff_t>(at - align_down(at, unit)));
      put(align_down(at, unit), whole);
    }
    at = next;
  }
  statistics_.programmed_bytes += write.data.size();
}

/// Without erases: the block is written once, as the erase and its programs would leave it.
void MtdFlash::overwrite(const FlashStep& step) {
  const Timed timed(clock_, statistics_.program);
  Buffer block;
  if (step.erase) block.assign(step.erase->range.size, geometry_.erased_value);
  for (const Write& write : step.programs) {
    statistics_.programmed_bytes += write.data.size();
    if (step.erase && step.erase->range.contains(write.range()))
      std::copy(
          write.data.begin(), write.data.end(),
          block.begin() + static_cast<std::ptrdiff_t>(write.offset - step.erase->range.offset));
    else
      put(write.offset, write.data);
  }
  if (step.erase) put(step.erase->range.offset, block);
}

void MtdFlash::step(const FlashStep& step) {
  if (info_.has(MTD_NO_ERASE)) return overwrite(step);
  if (step.erase) erase(step.erase->range);
  for (const Write& write : step.programs) program(write);
}

void MtdFlash::apply(std::span<const FlashStep> steps, const std::function<void(std::size_t)>& done,
                     Run& run) {
  if (!read_only_.empty()) throw ProtectedError({0, info_.size}, read_only_);
  MtdLocks locks(*file_, info_);
  const std::vector<Range> locked =
      info_.has(MTD_POWERUP_LOCK) ? std::vector<Range>{} : locks.locked();
  if (run.stop.stop_requested())
    throw InterruptedError(SIGINT, fmt::format("stopped behind step 0 of {}", steps.size()));
  locks.unlock();
  try {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (run.stop.stop_requested())
        throw InterruptedError(SIGINT,
                               fmt::format("stopped behind step {} of {}", i, steps.size()));
      step(steps[i]);
      done(i);
    }
  } catch (Error& error) {
    try {
      locks.lock(locked);
    } catch (const Error& second) {
      error.also(second);
    }
    throw;
  }
  locks.lock(locked);
}

std::unique_ptr<MtdFlash> open_mtd(Kernel& kernel, Clock& clock, unsigned number, bool allow_ram) {
  MtdInfo info = mtd_info(kernel, number);
  if (const auto refusal = refuse_mtd(info, allow_ram))
    throw NoDeviceError(refusal->reason, refusal->hint);
  return std::make_unique<MtdFlash>(kernel, clock, std::move(info));
}

}  // namespace romwright::flash
