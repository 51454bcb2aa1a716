// SPDX-License-Identifier: GPL-2.0-or-later
// Where the real input lies that is not part of the project, and small helpers to read files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "flash/base/bytes.h"

namespace romwright::test {

/// The folder that holds `fixtures/` and `facts/`: $ROMWRIGHT_SHARED, or `shared` beside the
/// checkout.
inline std::optional<std::filesystem::path> shared() {
  const char* set = std::getenv("ROMWRIGHT_SHARED");
  const std::filesystem::path at =
      set != nullptr ? set : std::filesystem::path(ROMWRIGHT_SOURCE_DIR) / ".." / "shared";
  if (!std::filesystem::is_directory(at)) return std::nullopt;
  return std::filesystem::canonical(at);
}

inline std::optional<std::filesystem::path> fixtures() {
  const auto at = shared();
  return at ? std::optional(*at / "fixtures") : std::nullopt;
}

inline Buffer read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  Buffer bytes(static_cast<std::size_t>(file.tellg()));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

inline void write_file(const std::filesystem::path& path, ConstBytes bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

/// byte i = (factor * i + seed) mod 256: data that is neither blank nor random.
inline Buffer pattern(std::size_t size, unsigned seed, unsigned factor = 7) {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(factor * i + seed);
  return bytes;
}

/// A folder of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "romwright-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace romwright::test
