// SPDX-License-Identifier: GPL-2.0-or-later
// Tar archives for tests, of any members and any compression.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <stdexcept>
#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::test {

struct TarMember {
  std::string path;
  Buffer content;
  unsigned type = AE_IFREG;
  std::string link;       ///< target of a symbolic link
  std::string hard_link;  ///< target of a hard link
};

/// The archive as bytes; `filter` is ARCHIVE_FILTER_NONE, _XZ, _GZIP, _ZSTD, ...
inline Buffer make_tarball(const std::vector<TarMember>& members,
                           int filter = ARCHIVE_FILTER_NONE) {
  Buffer bytes(1 << 20);
  for (const TarMember& member : members) bytes.resize(bytes.size() + member.content.size() + 4096);
  std::size_t used = 0;
  archive* tar = archive_write_new();
  archive_write_set_format_pax_restricted(tar);
  archive_write_add_filter(tar, filter);
  archive_write_open_memory(tar, bytes.data(), bytes.size(), &used);
  for (const TarMember& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<std::int64_t>(member.content.size()));
    if (!member.link.empty()) archive_entry_set_symlink(entry, member.link.c_str());
    if (!member.hard_link.empty()) archive_entry_set_hardlink(entry, member.hard_link.c_str());
    if (archive_write_header(tar, entry) < ARCHIVE_WARN ||
        archive_write_data(tar, member.content.data(), member.content.size()) < 0)
      throw std::runtime_error(archive_error_string(tar));
    archive_entry_free(entry);
  }
  archive_write_close(tar);
  archive_write_free(tar);
  bytes.resize(used);
  return bytes;
}

inline Buffer text_bytes(std::string_view text) {
  const ConstBytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace romwright::test
