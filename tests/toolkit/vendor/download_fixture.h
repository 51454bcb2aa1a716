// SPDX-License-Identifier: GPL-2.0-or-later
// A file to download, a cache, and what is heard on the way.
#pragma once

#include <cstdlib>
#include <functional>

#include <gmock/gmock.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "tests/support/http_server.h"
#include "tests/support/recorded_events.h"
#include "toolkit/vendor/download.h"

namespace romwright::vendor {

class Downloads : public testing::Test {
 protected:
  using Asked = romwright::test::HttpAsked;
  using Reply = romwright::test::HttpReply;
  using Server = romwright::test::HttpServer;

  void SetUp() override {
    for (const char* name :
         {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY",
          "ALL_PROXY", "NO_PROXY", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"})
      ::unsetenv(name);
    limits.http.connect = std::chrono::milliseconds(2000);
    limits.http.slow = std::chrono::milliseconds(2000);
    limits.http.slow_bytes = 1;
  }

  [[nodiscard]] manifests::Download wanted(std::vector<std::string> urls) const {
    return {.sha512 = hash, .size = file.size(), .urls = std::move(urls), .source = {}};
  }
  Buffer get(const manifests::Download& what) {
    return romwright::test::read_file(download(what, cache, limits, run));
  }
  /// All lines of the error.
  static std::string problem(const std::function<void()>& body) {
    try {
      body();
    } catch (const Error& error) {
      std::string text = error.line();
      for (const std::string& other : error.others()) text += "\n" + other;
      return text;
    }
    return "no error";
  }
  /// What is thrown where the only address fails for `reason`.
  [[nodiscard]] std::string one_failed(const std::string& url, const std::string& reason) const {
    return "none of its 1 addresses gives the file with SHA-512 " + hash.substr(0, 16) +
           "... (get it by hand and name its directory with --vendor-dir)\n" + url + ": " + reason;
  }
  [[nodiscard]] std::string refusal(const std::string& url) {
    return problem([&] { get(wanted({url})); });
  }
  [[nodiscard]] bool nothing_left() const {
    return std::filesystem::is_empty(folder / "cache/partial");
  }

  romwright::test::TemporaryFolder folder;
  FileCache cache{folder / "cache"};
  Buffer file = romwright::test::pattern(300'000, 3, 251);
  std::string hash = hex_digest(Hash::sha512, file);
  DownloadLimits limits;
  romwright::test::RecordedEvents events;
  std::stop_source stop;
  romwright::Run run{stop.get_token(), events};
};

}  // namespace romwright::vendor
