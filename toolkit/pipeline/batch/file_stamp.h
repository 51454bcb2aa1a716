// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a file is still the one that it was, without reading it.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace romwright::pipeline {

/// Size, inode, and the times of the last change of content and of state (which no program can
/// set) of the file at `path`, as one word; of a folder, a hash of its files' names and stamps; of
/// a single ROM, those of the hash lists beside it too. Empty where there is none. Two equal
/// stamps: the same content.
[[nodiscard]] std::string file_stamp(const std::filesystem::path& path);
/// As file_stamp, for what a release is read from.
[[nodiscard]] std::string release_stamp(const std::filesystem::path& path);

/// False within a moment of the last change of `path`: the system's clock for files is coarse, and
/// a second change could bear the same stamp.
[[nodiscard]] bool is_settled(const std::filesystem::path& path,
                              std::chrono::system_clock::time_point now);

}  // namespace romwright::pipeline
