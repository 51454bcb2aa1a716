// SPDX-License-Identifier: GPL-2.0-or-later
// Requests over HTTP and HTTPS, by libcurl: the only file that knows it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/error.h"

namespace romwright::vendor {

struct HttpLimits {
  std::chrono::milliseconds connect{20'000};  ///< until a connection stands, TLS included
  /// Ends where less than `slow_bytes` came within `slow`.
  std::chrono::milliseconds slow{30'000};
  std::uint64_t slow_bytes = 30 * 1024;
  int redirects = 8;
  /// Authorities to trust, in PEM; empty: those that CURL_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR
  /// name in the environment, else the system's.
  std::filesystem::path certificates;
};

struct HttpRequest {
  std::string url;
  bool body = true;                  ///< false asks for the headers only (HEAD)
  std::vector<std::string> headers;  ///< "Range: bytes=100-"
};

/// The start of an answer.
struct HttpAnswer {
  int status = 0;
  std::string url;                      ///< behind all redirects
  std::optional<std::uint64_t> length;  ///< of the body, where it is told
  std::string content_type;
  std::string content_range;
  std::string etag;
  std::string last_modified;
};

/// No answer, or not all of one. The line does not name the URL.
class HttpError : public VendorError {
  using VendorError::VendorError;
};

/// The other side took the request, and ended the connection.
class HttpUnansweredError : public HttpError {
  using HttpError::HttpError;
};

/// The connection ended in the middle of an answer's body.
class HttpBrokenError : public HttpError {
  using HttpError::HttpError;
};

/// Where an answer goes.
struct HttpReceiver {
  /// Called once; false where the body is not wanted, which ends the request.
  std::function<bool(const HttpAnswer&)> start;
  /// A piece of the body. What this throws ends the request, and is thrown from it.
  std::function<void(ConstBytes)> receive;
};

/// Asks for `request.url`, http or https, and follows redirects between these, but never from https
/// to http. Certificates are verified; proxies are those of the environment (http_proxy,
/// https_proxy, all_proxy, no_proxy). Throws HttpError, and InterruptedError as soon as `stop` is
/// requested.
void http_request(const HttpRequest& request, const HttpReceiver& receiver,
                  const HttpLimits& limits, const std::stop_token& stop);

}  // namespace romwright::vendor
