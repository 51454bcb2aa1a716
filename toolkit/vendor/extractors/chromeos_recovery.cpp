// SPDX-License-Identifier: GPL-2.0-or-later
// chromeos_recovery: the firmware in a ChromeOS recovery image, or in its firmware updater alone.
#include <algorithm>

#include <fmt/format.h>

#include "toolkit/vendor/chromeos/ext2_files.h"
#include "toolkit/vendor/chromeos/gpt.h"
#include "toolkit/vendor/chromeos/shell_archive.h"
#include "toolkit/vendor/each_file.h"
#include "toolkit/vendor/file_pattern.h"
#include "toolkit/vendor/member_path.h"

namespace romwright::vendor {

namespace {

std::string list_names(const std::vector<GptPartition>& partitions) {
  constexpr std::size_t most = 16;
  std::string names;
  for (std::size_t i = 0; i < std::min(partitions.size(), most); ++i)
    names += (i == 0 ? "" : ", ") + partitions[i].name;
  return names;
}

/// The paths of `files` in `container`.
std::string list_members(ExtractedFiles files, const std::string& container) {
  for (ExtractedFile& file : files) file.path.erase(0, container.size() + 1);
  return list_paths(files);
}

Range partition_range(ConstBytes disk, const std::string& name) {
  const std::vector<GptPartition> partitions = read_gpt(disk);
  const auto found = std::ranges::find(partitions, name, &GptPartition::name);
  if (found == partitions.end())
    throw ImageError(fmt::format("GPT: no partition {}", name),
                     partitions.empty() ? "" : fmt::format("there are {}", list_names(partitions)));
  return found->range;
}

ExtractedFiles chromeos_recovery(const ExtractedFiles& files, const nlohmann::json& parameters,
                                 Workshop& workshop) {
  const std::string partition = parameters.value("partition", "ROOT-A");
  const std::string updater = parameters.value("updater", "/usr/sbin/chromeos-firmwareupdate");
  const std::string image = parameters.value("image", "bios.bin");
  const auto updater_path = member_path(updater.substr(updater.starts_with('/') ? 1 : 0));
  if (!updater_path)
    throw VendorError(fmt::format("chromeos_recovery: updater: \"{}\" is no path", updater));
  UnpackBudget budget(workshop.limits, files);
  return from_each_file(
      files, workshop,
      fmt::format("chromeos_recovery: no recovery image and no updater in {}", list_paths(files)),
      [&](const ExtractedFile& file, ExtractedFiles& found) {
        ExtractedFile script = file;
        if (has_gpt(file.content.bytes())) {
          const Range range = partition_range(file.content.bytes(), partition);
          script.path = fmt::format("{}/{}/{}", file.path, partition, *updater_path);
          script.content = within(partition, [&] {
            return read_ext2_file(slice(file.content.bytes(), range, "partition"),
                                  "/" + *updater_path, budget, workshop);
          });
        } else if (!is_shell_script(file.content.bytes())) {
          return;
        }
        const ExtractedFiles inside = read_shell_archive(script, budget, workshop);
        const std::size_t before = found.size();
        for (const ExtractedFile& one : inside)
          if (path_matches(image, one.path)) found.push_back(one);
        if (found.size() == before)
          throw ImageError(fmt::format("no {} in the updater", image),
                           fmt::format("there are {}", list_members(inside, script.path)));
      });
}

}  // namespace

extern const ExtractorEntry extractor_chromeos_recovery{"chromeos_recovery", chromeos_recovery};

}  // namespace romwright::vendor
