// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/exit_status.h"

namespace romwright::cli {

namespace {

template <typename... Kinds>
bool is_any(const Error& error) {
  return (... || (dynamic_cast<const Kinds*>(&error) != nullptr));
}

}  // namespace

int exit_status(const Error& error) {
  if (const auto* stopped = dynamic_cast<const InterruptedError*>(&error))
    return 128 + stopped->signal();
  if (is_any<UsageError>(error)) return exit_usage;
  if (is_any<ManifestError, ImageError>(error)) return exit_input;
  if (is_any<VendorError>(error)) return exit_vendor;
  if (is_any<NoDeviceError>(error)) return exit_no_device;
  if (is_any<RefusedError, ProtectedError>(error)) return exit_refused;
  if (is_any<ChangedError>(error)) return exit_changed;
  return exit_failed;
}

}  // namespace romwright::cli
