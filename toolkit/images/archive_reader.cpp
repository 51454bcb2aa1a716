// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/archive_reader.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <csignal>
#include <cstring>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/archive_pipe.h"

namespace romwright::images {

namespace {

constexpr std::size_t read_size = 1U << 16;
constexpr std::uint64_t most_members = 100'000;
constexpr std::uint64_t most_bytes = std::uint64_t{4} << 30;

ArchiveReader::Type type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return ArchiveReader::Type::link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return ArchiveReader::Type::file;
    case AE_IFDIR:
      return ArchiveReader::Type::folder;
    case AE_IFLNK:
      return ArchiveReader::Type::link;
    default:
      return ArchiveReader::Type::other;
  }
}

bool leaves(std::string_view path) {
  if (path.starts_with('/')) return true;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part == "..") return true;
    path.remove_prefix(std::min(path.size(), part.size() + 1));
  }
  return false;
}

/// What cannot stand in a message or a file name: control characters.
bool is_printable(std::string_view path) {
  return std::none_of(path.begin(), path.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

/// Without leading "./" and without the slash behind a folder.
std::string normal(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path == "." ? std::string() : std::string(path);
}

archive* new_reader() {
  archive* reader = archive_read_new();
  if (reader == nullptr) throw std::bad_alloc();
  archive_read_support_format_tar(reader);
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_lzma(reader);
  archive_read_support_filter_lz4(reader);
  // Reads to the true end, so that the checksum of the last compressed block is compared too.
  archive_read_set_options(reader, "read_concatenated_archives");
  return reader;
}

int open_path(archive* reader, const std::filesystem::path& path, const std::stop_token& stop) {
  std::error_code ignored;
  return std::filesystem::is_fifo(path, ignored)
             ? open_pipe(reader, path, stop)
             : archive_read_open_filename(reader, path.c_str(), read_size);
}

}  // namespace

void ArchiveReader::Close::operator()(archive* reader) const noexcept { archive_read_free(reader); }

ArchiveReader::ArchiveReader(const std::filesystem::path& path, std::stop_token stop)
    : name_(path.string()), stop_(std::move(stop)), archive_(new_reader()) {
  if (open_path(archive_.get(), path, stop_) != ARCHIVE_OK) fail({});
}

ArchiveReader::ArchiveReader(ConstBytes bytes, std::string name)
    : name_(std::move(name)), archive_(new_reader()) {
  if (archive_read_open_memory(archive_.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) fail({});
}

void ArchiveReader::fail(std::string_view member) {
  check_stop();
  const char* reason = archive_error_string(archive_.get());
  throw ImageError(fmt::format("{}{}: {}", name_, member.empty() ? "" : fmt::format(": {}", member),
                               reason != nullptr ? reason : "cannot be read"),
                   "the archive is damaged or incomplete: get it again");
}

void ArchiveReader::check_stop() const {
  if (stop_.stop_requested()) throw InterruptedError(SIGINT, fmt::format("{}: stopped", name_));
}

bool ArchiveReader::next(Member& member) {
  check_stop();
  if (members_ > 0 && archive_read_data_skip(archive_.get()) < ARCHIVE_WARN) fail(member_.path);
  const std::int64_t end_of_data = archive_filter_bytes(archive_.get(), 0);
  archive_entry* entry = nullptr;
  const int result = archive_read_next_header(archive_.get(), &entry);
  if (result == ARCHIVE_EOF) {
    // A tar archive ends with blocks of zeros; where there is none, the file was cut there.
    if (archive_filter_bytes(archive_.get(), 0) == end_of_data)
      throw ImageError(fmt::format("{}: truncated behind '{}'", name_, member_.path),
                       "the archive is incomplete: get it again");
    return false;
  }
  if (result < ARCHIVE_WARN) fail(members_ > 0 ? fmt::format("behind {}", member_.path) : "");
  const char* path = archive_entry_pathname(entry);
  if (path == nullptr || *path == '\0' || !is_printable(path))
    throw ImageError(fmt::format("{}: member {} has no readable name", name_, members_ + 1));
  if (leaves(path))
    throw ImageError(fmt::format("{}: member '{}' leads out of the archive", name_, path),
                     "no release has such names: do not trust this file");
  member_.path = normal(path);
  member_.type = type_of(entry);
  const std::int64_t size = archive_entry_size(entry);
  member_.size = size > 0 ? static_cast<std::uint64_t>(size) : 0;
  if (++members_ > most_members)
    throw ImageError(fmt::format("{}: more than {} members", name_, most_members),
                     "no release has so many");
  if (member_.size > most_bytes - bytes_)
    throw ImageError(fmt::format("{}: unpacks to more than {}", name_, human_size(most_bytes)),
                     "no release is so large");
  bytes_ += member_.size;
  member = member_;
  return true;
}

Buffer ArchiveReader::content(std::uint64_t largest) {
  const auto too_large = [&](std::uint64_t size) {
    throw ImageError(fmt::format("{}: {}: {} is more than the {} that can be", name_, member_.path,
                                 human_size(size), human_size(largest)));
  };
  if (member_.size > largest) too_large(member_.size);
  Buffer content;
  content.reserve(member_.size);
  while (true) {
    check_stop();
    const void* block = nullptr;
    std::size_t size = 0;
    std::int64_t offset = 0;
    const int result = archive_read_data_block(archive_.get(), &block, &size, &offset);
    if (result == ARCHIVE_EOF) break;
    if (result < ARCHIVE_WARN) fail(member_.path);
    // Offsets leave holes in sparse files only.
    const auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(offset, 0));
    if (at < content.size() || at > largest || size > largest - at) too_large(at + size);
    content.resize(at);
    const auto* bytes = static_cast<const std::uint8_t*>(block);
    content.insert(content.end(), bytes, bytes + size);
  }
  if (content.size() < member_.size) content.resize(member_.size);
  return content;
}

}  // namespace romwright::images
