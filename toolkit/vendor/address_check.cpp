// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/address_check.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

namespace {

struct Close {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};

int on_progress(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

/// The first byte is enough: what follows is refused, which ends the transfer.
std::size_t on_bytes(const char*, std::size_t, std::size_t, void*) { return 0; }

class Asker {
 public:
  Asker(const AddressCheckLimits& limits, std::stop_token stop)
      : handle_(curl_easy_init()), stop_(std::move(stop)) {
    if (!handle_) throw Error("libcurl cannot be used");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, limits.redirects);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.answer.count()));
    set(CURLOPT_USERAGENT, "Mozilla/5.0 (compatible; romwright)");
    set(CURLOPT_WRITEFUNCTION, on_bytes);
    set(CURLOPT_XFERINFOFUNCTION, on_progress);
    set(CURLOPT_XFERINFODATA, &stop_);
    set(CURLOPT_NOPROGRESS, 0L);
  }

  AddressState ask(const std::string& url) {
    AddressState state = answer(url, false);
    // Not every server knows the question for the head alone.
    return state.alive ? state : answer(url, true);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }

  AddressState answer(const std::string& url, bool first_byte) {
    AddressState state;
    state.url = url;
    std::array<char, CURL_ERROR_SIZE> reason{};
    set(CURLOPT_ERRORBUFFER, reason.data());
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_NOBODY, first_byte ? 0L : 1L);
    if (first_byte) set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_RANGE, first_byte ? "0-0" : nullptr);
    const CURLcode result = curl_easy_perform(handle_.get());
    set(CURLOPT_ERRORBUFFER, nullptr);
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    const bool answered = result == CURLE_OK || (first_byte && result == CURLE_WRITE_ERROR);
    if (!answered)
      state.problem = reason[0] != '\0' ? reason.data() : curl_easy_strerror(result);
    else if (status >= 300)
      state.problem = fmt::format("status {}", status);
    else if (is_page())
      state.problem = "a web page in place of the file";
    state.alive = state.problem.empty();
    if (state.alive && !first_byte) state.size = length();
    return state;
  }

  [[nodiscard]] bool is_page() const {
    const char* type = nullptr;
    curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &type);
    return type != nullptr && std::string_view(type).starts_with("text/html");
  }
  [[nodiscard]] std::optional<std::uint64_t> length() const {
    curl_off_t size = -1;
    curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    return size > 0 ? std::optional(static_cast<std::uint64_t>(size)) : std::nullopt;
  }

  std::unique_ptr<CURL, Close> handle_;
  std::stop_token stop_;
};

}  // namespace

std::vector<AddressState> check_addresses(const std::vector<std::string>& urls,
                                          const AddressCheckLimits& limits, Run& run) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw Error("libcurl cannot be used", curl_easy_strerror(ready));
  std::vector<AddressState> states(urls.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    Asker asker(limits, run.stop);
    for (std::size_t i = next++; i < urls.size() && !run.stop.stop_requested(); i = next++) {
      states[i] = asker.ask(urls[i]);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(limits.at_once, urls.size()); ++i)
      threads.emplace_back(work);
    work();
  }
  if (run.stop.stop_requested()) throw InterruptedError(SIGINT, "checking addresses: stopped");
  return states;
}

}  // namespace romwright::vendor
