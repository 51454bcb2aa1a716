// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mtd/mtd_locks.h"

#include <cerrno>
#include <sys/ioctl.h>

#include <fmt/format.h>
#include <mtd/mtd-user.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

/// The kernel's own ENOTSUPP, which some flash drivers return.
constexpr int not_supported = 524;

bool no_such_thing(int result) {
  return result == -EOPNOTSUPP || result == -ENOTTY || result == -not_supported;
}

}  // namespace

int MtdLocks::ask(unsigned long request, Range range) {
  erase_info_user argument{static_cast<std::uint32_t>(range.offset),
                           static_cast<std::uint32_t>(range.size)};
  return file_.control(request, &argument);
}

std::vector<Range> MtdLocks::locked() {
  const Range whole{0, info_.size};
  const int all = ask(MEMISLOCKED, whole);
  if (all < 0) return {};
  if (all > 0) return {whole};
  // 0 means that a part of it at least is not locked.
  std::vector<Range> found;
  for (std::uint64_t at = 0; at < info_.size; at += info_.erase_size) {
    if (ask(MEMISLOCKED, {at, info_.erase_size}) <= 0) continue;
    if (!found.empty() && found.back().end() == at)
      found.back().size += info_.erase_size;
    else
      found.push_back({at, info_.erase_size});
  }
  return found;
}

void MtdLocks::unlock() {
  const Range whole{0, info_.size};
  const int result = ask(MEMUNLOCK, whole);
  if (result >= 0 || no_such_thing(result)) return;
  throw ProtectedError(
      whole, fmt::format("{}: it cannot be unlocked: {}", info_.device(), error_text(-result)),
      "its status register may be locked by the WP# pin");
}

void MtdLocks::lock(const std::vector<Range>& ranges) {
  for (const Range& range : ranges)
    if (const int result = ask(MEMLOCK, range); result < 0)
      throw DeviceError(fmt::format("{}: {} could not be locked again: {}", info_.device(),
                                    to_string(range), error_text(-result)));
}

}  // namespace romwright::flash
