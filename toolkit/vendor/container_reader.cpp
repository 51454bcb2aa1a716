// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/container_reader.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <csignal>
#include <cstdio>
#include <memory>
#include <new>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/archive_extent.h"
#include "toolkit/vendor/member_path.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace {

struct Close {
  void operator()(archive* reader) const noexcept { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Close>;

void support_compression(archive* reader) {
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_zstd(reader);
}

/// Only what the signature says is looked for, so that nothing is taken for something else. What
/// is compressed is a tar archive or, with `raw`, one file.
void support(archive* reader, ContainerKind kind, bool raw) {
  switch (kind) {
    case ContainerKind::zip:
      archive_read_support_format_zip_seekable(reader);
      break;
    case ContainerKind::seven_zip:
      archive_read_support_format_7zip(reader);
      break;
    case ContainerKind::rar:
      archive_read_support_format_rar(reader);
      archive_read_support_format_rar5(reader);
      break;
    case ContainerKind::cab:
      archive_read_support_format_cab(reader);
      break;
    case ContainerKind::iso9660:
      archive_read_support_format_iso9660(reader);
      break;
    case ContainerKind::tar:
      archive_read_support_format_tar(reader);
      break;
    case ContainerKind::script_tar:
      archive_read_support_filter_uu(reader);
      support_compression(reader);
      archive_read_support_format_tar(reader);
      break;
    case ContainerKind::compressed:
      support_compression(reader);
      if (!raw) archive_read_support_format_tar(reader);
      archive_read_support_format_raw(reader);
      archive_read_support_format_empty(reader);
      break;
    case ContainerKind::none:
    case ContainerKind::pe:
      break;
  }
}

/// A container as it is read: in blocks, each forgotten when the next one is asked for.
struct Source {
  Content content;
  std::uint64_t at = 0;
  Range last;
};

la_ssize_t read_source(archive* /*reader*/, void* data, const void** block) {
  constexpr std::uint64_t most = 1U << 20;
  Source& source = *static_cast<Source*>(data);
  source.content.forget(source.last);
  const std::uint64_t left = source.content.size() - source.at;
  source.last = {source.at, std::min(most, left)};
  *block = source.content.bytes().data() + source.at;
  source.at += source.last.size;
  return static_cast<la_ssize_t>(source.last.size);
}

la_int64_t skip_source(archive* /*reader*/, void* data, la_int64_t request) {
  Source& source = *static_cast<Source*>(data);
  const auto left = static_cast<la_int64_t>(source.content.size() - source.at);
  const la_int64_t skipped = std::clamp<la_int64_t>(request, 0, left);
  source.at += static_cast<std::uint64_t>(skipped);
  return skipped;
}

la_int64_t seek_source(archive* /*reader*/, void* data, la_int64_t offset, int whence) {
  Source& source = *static_cast<Source*>(data);
  const auto size = static_cast<la_int64_t>(source.content.size());
  const la_int64_t from = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? static_cast<la_int64_t>(source.at)
                                               : size;
  if (offset < -from) return ARCHIVE_FATAL;
  source.at = static_cast<std::uint64_t>(offset > size - from ? size : from + offset);
  return static_cast<la_int64_t>(source.at);
}

/// The name of the one file in "x.rom.gz": "x.rom".
std::string name_without_suffix(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  for (const std::string_view suffix : {".gz", ".xz", ".bz2", ".zst"})
    if (name.size() > suffix.size() && name.ends_with(suffix))
      return name.substr(0, name.size() - suffix.size());
  return "content";
}

class ContainerReader {
 public:
  ContainerReader(const ExtractedFile& container, ContainerKind kind, bool raw,
                  UnpackBudget& budget, Workshop& workshop)
      : container_(container), budget_(budget), workshop_(workshop), reader_(archive_read_new()) {
    if (reader_ == nullptr) throw std::bad_alloc();
    support(reader_.get(), kind, raw);
    // The library looks for the end of the archive in the last 16 KiB only.
    const std::uint64_t size = kind == ContainerKind::zip
                                   ? archive_size(container.content.bytes(), kind)
                                   : container.content.size();
    source_.content = container.content.part({0, size}, container.path);
    if (archive_read_set_read_callback(reader_.get(), read_source) != ARCHIVE_OK ||
        archive_read_set_skip_callback(reader_.get(), skip_source) != ARCHIVE_OK ||
        archive_read_set_seek_callback(reader_.get(), seek_source) != ARCHIVE_OK ||
        archive_read_set_callback_data(reader_.get(), &source_) != ARCHIVE_OK ||
        archive_read_open1(reader_.get()) != ARCHIVE_OK)
      fail(container.path);
  }

  ExtractedFiles read() {
    ExtractedFiles files;
    archive_entry* entry = nullptr;
    while (true) {
      check_stop();
      const int result = archive_read_next_header(reader_.get(), &entry);
      if (result == ARCHIVE_EOF) return files;
      if (result == ARCHIVE_RETRY) continue;
      if (result < ARCHIVE_WARN) fail(container_.path);
      // Also of what is passed over: a container of a million folders ends too.
      budget_.add_file(container_.path);
      if (!is_file(entry)) continue;
      if (const auto name = name_of(entry))
        files.push_back({fmt::format("{}/{}", container_.path, *name), content(entry)});
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) {
    const char* reason = archive_error_string(reader_.get());
    throw ImageError(fmt::format("{}: {}", what, reason != nullptr ? reason : "cannot be unpacked"),
                     "it is damaged, incomplete or encrypted");
  }

  void check_stop() const {
    if (workshop_.run.stop.stop_requested())
      throw InterruptedError(SIGINT, fmt::format("{}: stopped", container_.path));
  }

  /// Not every archiver says what an entry is: one with content is a file.
  static bool is_file(archive_entry* entry) {
    if (archive_entry_hardlink(entry) != nullptr) return false;
    const auto type = archive_entry_filetype(entry);
    return type == AE_IFREG || (type == 0 && archive_entry_size(entry) > 0);
  }

  std::optional<std::string> name_of(archive_entry* entry) {
    if (archive_format(reader_.get()) == ARCHIVE_FORMAT_RAW)
      return name_without_suffix(container_.path);
    const char* stored = archive_entry_pathname_utf8(entry);
    if (stored == nullptr) stored = archive_entry_pathname(entry);
    auto name = member_path(stored != nullptr ? stored : "");
    if (!name)
      workshop_.run.events.warning(fmt::format(
          "{}: a file in it has a name that leads elsewhere: not unpacked", container_.path));
    return name;
  }

  Content content(archive_entry* entry) {
    const char* stored = archive_entry_pathname(entry);
    const std::string name =
        fmt::format("{}/{}", container_.path, member_path(stored ? stored : "").value_or("?"));
    const std::int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
    if (size > 0 && static_cast<std::uint64_t>(size) > budget_.limits().file_size)
      budget_.add_bytes(name, 0, static_cast<std::uint64_t>(size), 1, 0);
    ContentWriter writer(workshop_.folder, budget_.in_memory());
    while (true) {
      check_stop();
      const void* block = nullptr;
      std::size_t length = 0;
      std::int64_t offset = 0;
      const int result = archive_read_data_block(reader_.get(), &block, &length, &offset);
      if (result == ARCHIVE_EOF) break;
      if (result == ARCHIVE_RETRY) continue;
      if (result < ARCHIVE_OK) fail(name);
      // Offsets leave holes in sparse files only.
      const auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(offset, 0));
      if (at < writer.size()) fail(name);
      const std::uint64_t grown = at - writer.size() + length;
      unpacked_ += grown;
      budget_.add_bytes(name, grown, at + length, container_.content.size(), unpacked_);
      writer.skip_to(at);
      writer.write({static_cast<const std::uint8_t*>(block), length});
    }
    if (writer.in_memory()) budget_.keep_in_memory(writer.size());
    return writer.finish();
  }

  const ExtractedFile& container_;
  UnpackBudget& budget_;
  Workshop& workshop_;
  Source source_;
  Reader reader_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

ExtractedFiles read_container(const ExtractedFile& container, ContainerKind kind,
                              UnpackBudget& budget, Workshop& workshop) {
  ExtractedFiles files = ContainerReader(container, kind, false, budget, workshop).read();
  // A file that begins with zeros looks like the end of a tar archive.
  if (files.empty() && kind == ContainerKind::compressed)
    files = ContainerReader(container, kind, true, budget, workshop).read();
  return files;
}

}  // namespace romwright::vendor
