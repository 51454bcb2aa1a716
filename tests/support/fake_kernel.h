// SPDX-License-Identifier: GPL-2.0-or-later
// An operating system in memory: text files, folders, and device files that a test makes.
#pragma once

#include <cerrno>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "flash/host/device_file.h"

namespace romwright::flash::test {

class FakeKernel final : public Kernel {
 public:
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::string>> folders;
  std::map<std::string, std::string> links;
  /// What an open of that path brings.
  std::map<std::string, std::function<OpenedFile(bool writable)>> devices;
  std::vector<std::string> opened;  ///< "rw /dev/...", in order

  OpenedFile open(const std::string& path, bool writable) override {
    opened.push_back((writable ? "rw " : "r ") + path);
    const auto at = devices.find(path);
    if (at == devices.end()) return {nullptr, ENOENT};
    return at->second(writable);
  }
  std::optional<std::string> text(const std::string& path) override {
    const auto at = texts.find(path);
    return at == texts.end() ? std::nullopt : std::optional(at->second);
  }
  std::vector<std::string> names(const std::string& folder) override { return folders[folder]; }
  std::optional<std::string> resolve(const std::string& path) override {
    const auto at = links.find(path);
    return at == links.end() ? std::nullopt : std::optional(at->second);
  }
  [[nodiscard]] std::size_t page_size() const override { return 4096; }
};

}  // namespace romwright::flash::test
