// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a release to a .tar.xz.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <stop_token>
#include <variant>

#include "flash/base/output_file.h"
#include "toolkit/images/archive_writer.h"
#include "toolkit/images/release_writer.h"
#include "toolkit/images/spool.h"
#include "toolkit/images/xz_encoder.h"

namespace romwright::images {

/// Members go into the tarball in the order of their names. The thread that brings the next one
/// compresses it and all that wait behind it; members that come too early wait in memory, up to a
/// limit, then in a file.
class TarballWriter final : public ReleaseWriter {
 public:
  TarballWriter(const std::filesystem::path& path, ReleaseContents contents, std::stop_token stop);

  void put(std::string_view member, Buffer content) override;
  void finish() override;

 private:
  using Waiting = std::variant<Buffer, Range>;  ///< in memory, or in `spool_`

  Waiting keep(std::size_t index, Buffer content, std::unique_lock<std::mutex>& lock);
  void write_waiting(std::unique_lock<std::mutex>& lock);
  void write(std::size_t index, const Buffer& content);

  ReleaseContents contents_;
  std::stop_token stop_;
  OutputFile file_;
  XzEncoder xz_;
  ArchiveWriter tar_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, Waiting> waiting_;  ///< by the index of the member
  std::uint64_t held_ = 0;                  ///< bytes in memory of what waits
  std::size_t next_ = 0;                    ///< index of the member whose turn it is
  bool writing_ = false;                    ///< a thread is writing
  std::exception_ptr failed_;               ///< what ended the output
  Spool spool_;
};

}  // namespace romwright::images
