// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/http_client.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string_view>
#include <system_error>

#include <curl/curl.h>
#include <fmt/format.h>

#include "flash/base/version.h"

namespace romwright::vendor {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t longest_headers = 256 * 1024;  // of one answer

template <auto function>
struct With {
  template <typename T>
  void operator()(T* object) const noexcept {
    function(object);
  }
};
using Easy = std::unique_ptr<CURL, With<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, With<curl_multi_cleanup>>;
using List = std::unique_ptr<curl_slist, With<curl_slist_free_all>>;
using Url = std::unique_ptr<CURLU, With<curl_url_cleanup>>;

/// What libcurl sets up once for the process.
void initialise() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw Error("libcurl cannot be used here");
}

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string result = text;
  curl_free(text);
  return result;
}

/// `text`, relative to `base` where that is not empty.
Url parse_url(const std::string& base, const std::string& text) {
  Url url(curl_url());
  if (!base.empty()) curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0);
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    throw HttpError(fmt::format("not an address: '{}'", text));
  return url;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto from = text.find_first_not_of(blank);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(blank) - from + 1));
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Writing to a connection that the other side has closed is an error here, never a signal: OpenSSL
/// has no other way to say so than to keep it from this thread.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() {
    if (sigismember(&before_, SIGPIPE) == 1) return;
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_;
  sigset_t before_;
};

/// One request and its answer, without what redirects lead to.
class Exchange {
 public:
  Exchange(const HttpRequest& request, const std::string& url, const HttpReceiver& receiver,
           const HttpLimits& limits)
      : receiver_(receiver), limits_(limits), easy_(curl_easy_init()), multi_(curl_multi_init()) {
    if (!easy_ || !multi_) throw Error("libcurl cannot be used here");
    for (const std::string& header : request.headers) {
      curl_slist* longer = curl_slist_append(headers_.get(), header.c_str());
      if (longer == nullptr) throw std::bad_alloc();
      static_cast<void>(headers_.release());
      headers_.reset(longer);
    }
    const std::string agent = fmt::format("romwright/{}", version);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_USERAGENT, agent.c_str());
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_NOBODY, request.body ? 0L : 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a name that is being looked up does not hold up the end
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    set(CURLOPT_BUFFERSIZE, 256L * 1024);
    set(CURLOPT_ERRORBUFFER, words_);
    trust(limits.certificates);
    set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    set(CURLOPT_WRITEDATA, this);
    answer_.url = url;
    if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK)
      throw Error("libcurl cannot be used here");
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() { curl_multi_remove_handle(multi_.get(), easy_.get()); }

  /// Returns when the answer has come, or all of it that is wanted.
  void perform(const std::stop_token& stop) {
    const std::stop_callback wake(stop, [&] { curl_multi_wakeup(multi_.get()); });
    mark_ = Clock::now();
    while (true) {
      int running = 0;
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) throw HttpError("libcurl failed");
      if (stop.stop_requested()) throw InterruptedError(SIGINT, "the download was stopped");
      if (running == 0) break;
      check_speed();
      curl_multi_poll(multi_.get(), nullptr, 0, patience(), nullptr);
    }
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
    if (message != nullptr) finish(message->data.result);
  }

  /// Where the answer sends us; nothing where it is the last one.
  [[nodiscard]] std::optional<std::string> redirect() const {
    if (!is_redirect(answer_.status) || location_.empty()) return std::nullopt;
    return location_;
  }

 private:
  template <typename T>
  void set(CURLoption option, T value) {
    const CURLcode result = curl_easy_setopt(easy_.get(), option, value);
    if (result != CURLE_OK) throw HttpError(curl_easy_strerror(result));
  }

  void trust(const std::filesystem::path& certificates) {
    if (!certificates.empty()) {
      set(CURLOPT_CAINFO, certificates.c_str());
      return;
    }
    const auto named = [](const char* variable) {
      const char* value = std::getenv(variable);
      return value != nullptr && *value != '\0' ? value : nullptr;
    };
    // curl's own variable stands above those of OpenSSL.
    const char* bundle = named("CURL_CA_BUNDLE");
    const char* file = bundle != nullptr ? bundle : named("SSL_CERT_FILE");
    const char* folder = bundle != nullptr ? nullptr : named("SSL_CERT_DIR");
    if (file != nullptr) set(CURLOPT_CAINFO, file);
    if (folder != nullptr) set(CURLOPT_CAPATH, folder);
  }

  static std::size_t on_header(const char* data, std::size_t one, std::size_t size, void* self) {
    return static_cast<Exchange*>(self)->header({data, one * size}) ? one * size : 0;
  }
  static std::size_t on_body(const char* data, std::size_t one, std::size_t size, void* self) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(data);
    return static_cast<Exchange*>(self)->body({bytes, one * size}) ? one * size : 0;
  }

  bool header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > longest_headers) {
      error_ = std::make_exception_ptr(HttpError("its headers do not end"));
      return false;
    }
    if (line.starts_with("HTTP/")) {
      // One of several: "100 Continue" comes before the last.
      const std::string url = answer_.url;
      answer_ = {};
      answer_.url = url;
      location_.clear();
      const auto space = line.find(' ');
      if (space != std::string_view::npos)
        std::from_chars(line.data() + space + 1, line.data() + line.size(), answer_.status);
      return true;
    }
    if (started_) return true;  // what follows a body in pieces
    if (trimmed(line).empty()) return answer_.status < 200 || begin();
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    std::string name = trimmed(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string value = trimmed(line.substr(colon + 1));
    if (name == "location")
      location_ = std::move(value);
    else if (name == "content-length")
      length(value);
    else if (name == "content-type")
      answer_.content_type = std::move(value);
    else if (name == "content-range")
      answer_.content_range = std::move(value);
    else if (name == "etag")
      answer_.etag = std::move(value);
    else if (name == "last-modified")
      answer_.last_modified = std::move(value);
    return true;
  }

  void length(const std::string& value) {
    std::uint64_t number = 0;
    const char* end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc() && at == end) answer_.length = number;
  }

  /// At the end of the headers; false where that is all that is wanted.
  bool begin() {
    started_ = true;
    if (redirect()) {
      enough_ = true;
      return false;
    }
    try {
      enough_ = !receiver_.start(answer_);
    } catch (...) {
      error_ = std::current_exception();
    }
    return !enough_ && !error_;
  }

  bool body(ConstBytes bytes) {
    received_ += bytes.size();
    try {
      receiver_.receive(bytes);
    } catch (...) {
      error_ = std::current_exception();
    }
    return !error_;
  }

  void check_speed() {
    const auto now = Clock::now();
    if (received_ - marked_ >= limits_.slow_bytes) {
      marked_ = received_;
      mark_ = now;
    } else if (now - mark_ >= limits_.slow) {
      throw HttpError(started_ ? fmt::format("too slow: {} in {}", human_size(received_ - marked_),
                                             seconds(limits_.slow))
                               : fmt::format("no answer within {}", seconds(limits_.slow)));
    }
  }

  /// Milliseconds until the speed must be looked at again.
  [[nodiscard]] int patience() const {
    const auto left = mark_ + limits_.slow - Clock::now();
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<std::int64_t>(rounded, 0, 1000));
  }

  void finish(CURLcode result) {
    if (error_) std::rethrow_exception(error_);
    if (result == CURLE_OK || enough_) {
      if (!started_) throw HttpError("the connection was closed without an answer");
      return;
    }
    const std::string words = *words_ != '\0' ? words_ : curl_easy_strerror(result);
    if (result == CURLE_OPERATION_TIMEDOUT)
      throw HttpError(fmt::format("no connection within {}", seconds(limits_.connect)));
    if (result == CURLE_PEER_FAILED_VERIFICATION)
      throw HttpError("its certificate is not to be trusted: " + words);
    if (!started_ && (result == CURLE_GOT_NOTHING || result == CURLE_RECV_ERROR))
      throw HttpUnansweredError(words);
    if (!started_) throw HttpError(words);
    throw HttpBrokenError(
        answer_.length
            ? fmt::format("the connection broke after {} of {} bytes", received_, *answer_.length)
            : fmt::format("the connection broke after {} bytes", received_));
  }

  const HttpReceiver& receiver_;
  const HttpLimits& limits_;
  List headers_;
  char words_[CURL_ERROR_SIZE] = {};
  Easy easy_;
  Multi multi_;
  HttpAnswer answer_;
  std::string location_;
  std::size_t header_bytes_ = 0;
  std::uint64_t received_ = 0;
  bool started_ = false;  ///< the headers of the last answer are complete
  bool enough_ = false;   ///< nothing more of it is wanted
  std::exception_ptr error_;
  std::uint64_t marked_ = 0;  ///< bytes received at `mark_`
  Clock::time_point mark_;
};

}  // namespace

void http_request(const HttpRequest& request, const HttpReceiver& receiver,
                  const HttpLimits& limits, const std::stop_token& stop) {
  initialise();
  const NoPipeSignal quiet;
  std::string url = request.url;
  std::string scheme;
  for (int redirects = 0;; ++redirects) {
    const Url parsed = parse_url({}, url);
    const std::string next = url_part(parsed.get(), CURLUPART_SCHEME);
    if (next != "http" && next != "https")
      throw HttpError(redirects == 0 ? fmt::format("only http and https, not {}", next)
                                     : fmt::format("redirects to {}, which is neither http nor "
                                                   "https",
                                                   url));
    if (scheme == "https" && next == "http")
      throw HttpError(fmt::format("redirects from https to {}", url));
    if (redirects > limits.redirects)
      throw HttpError(fmt::format("more than {} redirects", limits.redirects));
    scheme = next;
    Exchange exchange(request, url, receiver, limits);
    exchange.perform(stop);
    const auto location = exchange.redirect();
    if (!location) return;
    url = url_part(parse_url(url, *location).get(), CURLUPART_URL);
  }
}

}  // namespace romwright::vendor
