// SPDX-License-Identifier: GPL-2.0-or-later
// An archive that comes through a pipe.
#pragma once

#include <filesystem>
#include <stop_token>

struct archive;

namespace romwright::images {

/// Lets `reader` read what is written to the pipe `path`; a read that has to wait fails as soon as
/// a stop is requested. Returns libarchive's status, the reason being the reader's error.
int open_pipe(archive* reader, const std::filesystem::path& path, const std::stop_token& stop);

}  // namespace romwright::images
