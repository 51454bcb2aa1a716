// SPDX-License-Identifier: GPL-2.0-or-later
// Gets files that are pinned by their hash from one of several addresses.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "flash/base/event.h"
#include "toolkit/manifests/recipe.h"
#include "toolkit/vendor/file_cache.h"
#include "toolkit/vendor/http_client.h"

namespace romwright::vendor {

struct DownloadLimits {
  HttpLimits http;
  std::uint64_t unknown_size = 1ULL << 30;  ///< of a file whose size the recipe does not pin
  int resumes = 256;  ///< how often a connection that breaks, but brings more, is made again
};

/// The file in `cache`, got from the first of the addresses that gives it. What is there already,
/// or another process has just got, is not got again; a download that was interrupted is resumed.
/// An address that gives something else is named in a warning. Throws VendorError where no address
/// gives it, each with its reason in `others`; InterruptedError where `run.stop` was requested,
/// with what came so far kept in the cache; Error where the cache cannot be written.
std::filesystem::path download(const manifests::Download& wanted, const FileCache& cache,
                               const DownloadLimits& limits, Run& run);

/// What an address answers.
struct UrlCheck {
  bool alive = false;  ///< it gives a file, and of the right size where both are known
  int status = 0;      ///< of HTTP, behind all redirects; 0 without an answer
  std::optional<std::uint64_t> size;  ///< as the server tells it
  std::string address;                ///< where the redirects led
  std::string problem;                ///< why it is not alive; else empty
};

/// Asks for the headers, or for the first byte where that is refused or tells no size. Throws
/// InterruptedError only.
UrlCheck check_url(const std::string& url, std::optional<std::uint64_t> size,
                   const HttpLimits& limits, Run& run);

}  // namespace romwright::vendor
