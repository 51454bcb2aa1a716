// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/tarball_writer.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::uint64_t most_held = std::uint64_t{32} << 20;
constexpr std::size_t stop_check_size = std::size_t{1} << 20;

/// How far back the encoder looks: the two ROMs before, where there are as many.
std::uint64_t window_for(const ReleaseContents& contents) {
  constexpr std::uint64_t slack = std::uint64_t{1} << 20;
  const auto roms = static_cast<std::uint64_t>(
      std::count_if(contents.members.begin(), contents.members.end(),
                    [](const std::string& member) { return member.ends_with(".rom"); }));
  const std::uint64_t before = std::clamp<std::uint64_t>(roms, 2, 3) - 1;
  return std::min(contents.largest, std::uint64_t{64} << 20) * before + slack;
}

std::filesystem::path folder_beside(const std::filesystem::path& path) {
  std::error_code error;
  const bool device =
      std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
  if (device) return std::filesystem::temp_directory_path();
  return path.has_parent_path() ? path.parent_path() : ".";
}

}  // namespace

TarballWriter::TarballWriter(const std::filesystem::path& path, ReleaseContents contents,
                             std::stop_token stop)
    : contents_(std::move(contents)),
      stop_(std::move(stop)),
      file_(path),
      xz_(window_for(contents_), [this](ConstBytes bytes) { file_.write(bytes); }),
      tar_(contents_.date,
           [this](ConstBytes bytes) {
             for (; !bytes.empty();
                  bytes = bytes.subspan(std::min(stop_check_size, bytes.size()))) {
               if (stop_.stop_requested())
                 throw InterruptedError(SIGINT, fmt::format("{}: stopped", file_.path().string()));
               xz_.write(bytes.first(std::min(stop_check_size, bytes.size())));
             }
           }),
      spool_(folder_beside(path)) {}

void TarballWriter::write(std::size_t index, const Buffer& content) {
  tar_.add(contents_.members[index], content);
}

TarballWriter::Waiting TarballWriter::keep(std::size_t index, Buffer content,
                                           std::unique_lock<std::mutex>& lock) {
  const auto fits = [&] { return index == next_ || held_ + content.size() <= most_held; };
  // While another thread writes, there will be room.
  changed_.wait(lock, [&] { return !writing_ || fits(); });
  if (!fits()) return spool_.put(content);
  held_ += content.size();
  return content;
}

void TarballWriter::write_waiting(std::unique_lock<std::mutex>& lock) {
  writing_ = true;
  while (!failed_ && !waiting_.empty() && waiting_.begin()->first == next_) {
    auto node = waiting_.extract(waiting_.begin());
    lock.unlock();
    std::uint64_t freed = 0;
    std::exception_ptr thrown;
    try {
      if (auto* content = std::get_if<Buffer>(&node.mapped())) {
        freed = content->size();
        write(node.key(), *content);
      } else {
        write(node.key(), spool_.get(std::get<Range>(node.mapped())));
      }
    } catch (...) {
      thrown = std::current_exception();
    }
    node = {};
    lock.lock();
    held_ -= freed;
    ++next_;
    if (thrown) failed_ = thrown;
    changed_.notify_all();
  }
  writing_ = false;
  changed_.notify_all();
}

void TarballWriter::put(std::string_view member, Buffer content) {
  const auto at = std::lower_bound(contents_.members.begin(), contents_.members.end(), member);
  if (at == contents_.members.end() || *at != member)
    throw Error(fmt::format("{}: '{}' was not announced", file_.path().string(), member));
  const auto index = static_cast<std::size_t>(at - contents_.members.begin());
  std::unique_lock lock(mutex_);
  if (index < next_ || waiting_.contains(index))
    throw Error(fmt::format("{}: '{}' comes twice", file_.path().string(), member));
  Waiting kept = keep(index, std::move(content), lock);
  waiting_.emplace(index, std::move(kept));
  if (!writing_) write_waiting(lock);
  if (failed_) std::rethrow_exception(failed_);
}

void TarballWriter::finish() {
  if (next_ != contents_.members.size())
    throw Error(
        fmt::format("{}: '{}' is missing", file_.path().string(), contents_.members[next_]));
  tar_.finish();
  xz_.finish();
  file_.commit();
}

}  // namespace romwright::images
