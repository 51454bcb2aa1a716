// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/bundle.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/output_file.h"
#include "toolkit/images/archive_writer.h"
#include "toolkit/images/xz_encoder.h"

namespace romwright::vendor {

namespace {

/// The files are firmware of a few MiB, and some recipes give nearly the same one.
constexpr std::uint64_t xz_window = 16U << 20;

bool is_compressed(const std::filesystem::path& path) { return path.extension() == ".xz"; }

std::string hash_list(const std::map<std::string, const Buffer*>& members) {
  std::string text;
  for (const auto& [path, content] : members)
    text += fmt::format("{}  {}\n", hex_digest(Hash::sha512, *content), path);
  return text;
}

}  // namespace

std::string bundled_path(const std::string& recipe, const std::string& name) {
  return fmt::format("{}/{}", recipe, name);
}

void require_bundle_name(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  if (!name.ends_with(".tar") && !name.ends_with(".tar.xz"))
    throw UsageError(fmt::format("{}: not the name of a bundle", path.string()),
                     "call it .tar or .tar.xz");
}

void write_bundle(const std::filesystem::path& path, const std::vector<BundledFile>& files,
                  Run& run) {
  require_bundle_name(path);
  std::map<std::string, const Buffer*> members;
  for (const BundledFile& file : files)
    members[bundled_path(file.recipe, file.name)] = &file.content;
  OutputFile output(path);
  const auto write = [&](ConstBytes bytes) { output.write(bytes); };
  std::optional<images::XzEncoder> xz;
  if (is_compressed(path)) xz.emplace(xz_window, write);
  images::ArchiveWriter tar(0, [&](ConstBytes bytes) { xz ? xz->write(bytes) : write(bytes); });
  const std::string hashes = hash_list(members);
  tar.add("SHA512SUMS", as_bytes(hashes));
  for (const auto& [member, content] : members) {
    if (run.stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("{}: stopped", path.string()));
    tar.add(member, *content);
  }
  tar.finish();
  if (xz) xz->finish();
  output.commit();
}

}  // namespace romwright::vendor
