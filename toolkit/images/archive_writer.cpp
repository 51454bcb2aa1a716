// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

/// Larger than tar's own records, for the speed of what is below; the end is tar's record of 10
/// KiB.
constexpr int block_size = 1 << 18;
constexpr int record_size = 10240;

struct FreeEntry {
  void operator()(archive_entry* entry) const noexcept { archive_entry_free(entry); }
};

}  // namespace

void ArchiveWriter::Close::operator()(archive* writer) const noexcept {
  archive_write_free(writer);
}

ArchiveWriter::ArchiveWriter(std::int64_t date, Sink sink)
    : date_(date), sink_(std::move(sink)), archive_(archive_write_new()) {
  if (archive_ == nullptr) throw std::bad_alloc();
  check(archive_write_set_format_pax_restricted(archive_.get()));
  check(archive_write_set_bytes_per_block(archive_.get(), block_size));
  check(archive_write_set_bytes_in_last_block(archive_.get(), record_size));
  check(archive_write_open(archive_.get(), this, nullptr, on_write, nullptr));
}

ArchiveWriter::~ArchiveWriter() {
  // To be freed without a leak, libarchive closes the archive, which would write its end.
  sink_ = nullptr;
}

std::int64_t ArchiveWriter::on_write(archive* /*writer*/, void* self, const void* bytes,
                                     std::size_t size) {
  auto& that = *static_cast<ArchiveWriter*>(self);
  // No exception may pass through libarchive, which never hears of a failure either: it would leak
  // what it has. `check` throws, and what comes afterwards goes nowhere.
  try {
    if (that.sink_ && !that.thrown_) that.sink_({static_cast<const std::uint8_t*>(bytes), size});
  } catch (...) {
    that.thrown_ = std::current_exception();
  }
  return static_cast<std::int64_t>(size);
}

void ArchiveWriter::check(int result) {
  if (thrown_) std::rethrow_exception(thrown_);
  if (result >= ARCHIVE_WARN) return;
  const char* reason = archive_error_string(archive_.get());
  throw Error(fmt::format("tar: {}", reason != nullptr ? reason : "cannot be written"));
}

void ArchiveWriter::header(const std::string& path, bool folder, std::uint64_t size) {
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  if (entry == nullptr) throw std::bad_alloc();
  archive_entry_set_pathname(entry.get(), path.c_str());
  archive_entry_set_filetype(entry.get(), folder ? AE_IFDIR : AE_IFREG);
  archive_entry_set_perm(entry.get(), folder ? 0755 : 0644);
  archive_entry_set_mtime(entry.get(), static_cast<time_t>(date_), 0);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  archive_entry_set_uname(entry.get(), "root");
  archive_entry_set_gname(entry.get(), "root");
  archive_entry_set_size(entry.get(), static_cast<std::int64_t>(size));
  check(archive_write_header(archive_.get(), entry.get()));
}

void ArchiveWriter::add_folders(const std::string& path) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash + 1);
    if (folders_.insert(folder).second) header(folder, true, 0);
  }
}

void ArchiveWriter::add(const std::string& path, ConstBytes content) {
  add_folders(path);
  header(path, false, content.size());
  while (!content.empty()) {
    const auto written = archive_write_data(archive_.get(), content.data(), content.size());
    check(written < 0 ? static_cast<int>(written) : ARCHIVE_OK);
    if (written == 0) throw Error(fmt::format("tar: {} cannot be written", path));
    content = content.subspan(static_cast<std::size_t>(written));
  }
}

void ArchiveWriter::finish() { check(archive_write_close(archive_.get())); }

}  // namespace romwright::images
