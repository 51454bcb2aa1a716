// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/full_check.h"

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/extraction.h"
#include "toolkit/vendor/recipe_run.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace {

namespace fs = std::filesystem;

/// The reason alone: an error about all addresses has that of the only one behind it.
std::string reason_of(const VendorError& error, const std::string& url) {
  std::string text = error.others().empty() ? error.line() : error.others().front();
  if (const std::string front = url + ": "; text.starts_with(front)) text.erase(0, front.size());
  return text;
}

}  // namespace

FullCheck check_in_full(const manifests::Recipe& recipe, const fs::path& folder,
                        const DownloadLimits& limits, Run& run) {
  FullCheck check;
  std::optional<Content> package;
  for (const std::string& url : recipe.download->urls) {
    manifests::Download one = *recipe.download;
    one.urls = {url};
    UrlCheck& answer = check.addresses.emplace_back();
    answer.address = url;
    const FileCache own(folder / "package");
    try {
      package = map_file(download(one, own, limits, run));
      answer.alive = true;
      answer.size = package->size();
    } catch (const VendorError& error) {
      answer.problem = reason_of(error, url);
    }
    // The next address is to give it anew; what is mapped stays.
    fs::remove_all(own.folder());
  }
  if (!package) return check;
  Workshop workshop{run, folder};
  const auto failed = [&](const Error& error) {
    check.problem = error.line();
    check.details = error.others();
  };
  try {
    (void)extract_results(recipe, {package_name(*recipe.download, recipe.name), *package},
                          workshop);
  } catch (const VendorError& error) {
    failed(error);
  } catch (const ImageError& error) {
    failed(error);
  }
  return check;
}

}  // namespace romwright::vendor
