// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/version.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace romwright {

const std::string_view version = ROMWRIGHT_VERSION;

std::vector<LibraryVersion> library_versions() {
  return {{"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)},
          {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                              FMT_VERSION % 100)}};
}

}  // namespace romwright
