// SPDX-License-Identifier: GPL-2.0-or-later
// Scripts that unpack themselves, for tests.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <string>

#include "flash/base/bytes.h"
#include "tests/support/tarballs.h"

namespace romwright::test {

inline constexpr std::string_view script_text = "#!/bin/sh\n# unpacks itself\nexit 0\n";

/// `script_text` and `payload` behind it.
inline Buffer script_with(ConstBytes payload) {
  Buffer script = text_bytes(script_text);
  script.insert(script.end(), payload.begin(), payload.end());
  return script;
}

/// As uuencode writes `content`, three bytes to four characters.
inline Buffer uuencoded(ConstBytes content, std::string_view name) {
  std::string text = "begin 644 " + std::string(name) + "\n";
  const auto letter = [](unsigned bits) { return static_cast<char>(bits == 0 ? '`' : bits + 32); };
  for (std::size_t at = 0; at < content.size(); at += 45) {
    const ConstBytes line = content.subspan(at, std::min<std::size_t>(45, content.size() - at));
    text += letter(static_cast<unsigned>(line.size()));
    for (std::size_t i = 0; i < line.size(); i += 3) {
      unsigned bits = 0;
      for (std::size_t n = 0; n < 3; ++n)
        bits = bits << 8 | (i + n < line.size() ? line[i + n] : 0U);
      for (int shift = 18; shift >= 0; shift -= 6) text += letter(bits >> shift & 63U);
    }
    text += '\n';
  }
  return text_bytes(text + "`\nend\n");
}

/// As zip stores `members` behind `prefix` bytes, which its offsets count where `counted`.
inline Buffer zip_behind(std::size_t prefix, const std::vector<TarMember>& members, bool counted) {
  Buffer bytes(1 << 20);
  for (const TarMember& member : members) bytes.resize(bytes.size() + member.content.size() + 4096);
  std::size_t used = 0;
  archive* zip = archive_write_new();
  archive_write_set_format_zip(zip);
  archive_write_set_bytes_in_last_block(zip, 1);
  archive_write_open_memory(zip, bytes.data(), bytes.size(), &used);
  for (const TarMember& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<std::int64_t>(member.content.size()));
    if (archive_write_header(zip, entry) < ARCHIVE_WARN ||
        archive_write_data(zip, member.content.data(), member.content.size()) < 0)
      throw std::runtime_error(archive_error_string(zip));
    archive_entry_free(entry);
  }
  archive_write_close(zip);
  archive_write_free(zip);
  bytes.resize(used);
  if (!counted) return bytes;
  const auto add = [&](std::size_t at) {
    store_le(bytes, at, static_cast<std::uint32_t>(load_le<std::uint32_t>(bytes, at) + prefix));
  };
  std::size_t record = load_le<std::uint32_t>(bytes, used - 22 + 16);
  for (const std::size_t end = used - 22; record < end;
       record += 46U + load_le<std::uint16_t>(bytes, record + 28) +
                 load_le<std::uint16_t>(bytes, record + 30) +
                 load_le<std::uint16_t>(bytes, record + 32))
    add(record + 42);
  add(used - 22 + 16);
  return bytes;
}

}  // namespace romwright::test
