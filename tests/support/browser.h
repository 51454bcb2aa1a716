// SPDX-License-Identifier: GPL-2.0-or-later
// A headless Chromium, driven as the WebDriver standard says.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"

namespace romwright::test {

/// A browser with one window. Every failure is a std::runtime_error with the driver's message.
class Browser {
 public:
  using Json = nlohmann::json;

  /// Whether Debian's chromium and chromium-driver are there.
  static bool installed() {
    return find_program("chromium").has_value() && find_program("chromedriver").has_value();
  }

  Browser() : driver_({*find_program("chromedriver"), "--port=0"}) {
    url_ = fmt::format("http://127.0.0.1:{}", port());
    // Chromium does not start its sandbox as root.
    const Json options = {
        {"binary", *find_program("chromium")},
        {"args",
         {"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
          "--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none",
          "--user-data-dir=" + (folder_ / "profile").string()}}};
    const Json session = command(
        "POST", "/session",
        {{"capabilities",
          {{"alwaysMatch",
            {{"goog:chromeOptions", options}, {"goog:loggingPrefs", {{"browser", "ALL"}}}}}}}});
    url_ += "/session/" + session.at("sessionId").get<std::string>();
  }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;
  ~Browser() {
    try {
      command("DELETE", "", nullptr);
    } catch (const std::exception&) {
    }
    driver_.signal(SIGTERM);
    driver_.wait();
  }

  void open(const std::filesystem::path& file) {
    command("POST", "/url", {{"url", "file://" + file.string()}});
  }
  /// What `return ...;` gives.
  Json script(const std::string& body) {
    return command("POST", "/execute/sync", {{"script", body}, {"args", Json::array()}});
  }
  /// The box of the first element that `selector` matches, in pixels of the window.
  struct Box {
    double x = 0, y = 0, width = 0, height = 0;
  };
  Box box(const std::string& selector) {
    const Json found =
        script(fmt::format("const b = document.querySelector({}).getBoundingClientRect(); "
                           "return [b.x, b.y, b.width, b.height];",
                           Json(selector).dump()));
    return {found[0], found[1], found[2], found[3]};
  }
  std::string text(const std::string& selector) {
    return script(
        fmt::format("return document.querySelector({}).textContent;", Json(selector).dump()));
  }
  bool visible(const std::string& selector) {
    return script(fmt::format("return document.querySelector({}).getClientRects().length > 0;",
                              Json(selector).dump()));
  }
  /// The computed value of a style property.
  std::string style(const std::string& selector, const std::string& property) {
    return script(fmt::format("return getComputedStyle(document.querySelector({}))[{}];",
                              Json(selector).dump(), Json(property).dump()));
  }

  /// Moves the mouse to a point of the window, and presses it where `press`.
  void point(double x, double y, bool press) {
    Json actions = {{{"type", "pointerMove"},
                     {"duration", 0},
                     {"x", static_cast<int>(x)},
                     {"y", static_cast<int>(y)}}};
    if (press) {
      actions.push_back({{"type", "pointerDown"}, {"button", 0}});
      actions.push_back({{"type", "pointerUp"}, {"button", 0}});
    }
    command("POST", "/actions",
            {{"actions", {{{"type", "pointer"}, {"id", "mouse"}, {"actions", actions}}}}});
  }
  /// Clicks in the middle of an element, scrolled into view; what lies on top gets the click.
  void click(const std::string& selector) {
    script(fmt::format(
        "document.querySelector({}).scrollIntoView({{block: 'center', behavior: 'instant'}});",
        Json(selector).dump()));
    const Box at = box(selector);
    point(at.x + at.width / 2, at.y + at.height / 2, true);
  }
  /// Presses keys, one after the other; WebDriver's code points for those without a character.
  void press(const std::vector<std::string>& keys) {
    Json actions = Json::array();
    for (const std::string& key : keys) {
      actions.push_back({{"type", "keyDown"}, {"value", key}});
      actions.push_back({{"type", "keyUp"}, {"value", key}});
    }
    command("POST", "/actions",
            {{"actions", {{{"type", "key"}, {"id", "keyboard"}, {"actions", actions}}}}});
  }

  /// The window's size; a touch screen where `phone`.
  void resize(int width, int height, bool phone = false) {
    devtools("Emulation.setDeviceMetricsOverride",
             {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", phone}});
  }
  void prefer(const std::string& scheme) {
    devtools("Emulation.setEmulatedMedia",
             {{"features", {{{"name", "prefers-color-scheme"}, {"value", scheme}}}}});
  }
  void allow_scripts(bool allowed) {
    devtools("Emulation.setScriptExecutionDisabled", {{"value", !allowed}});
  }
  /// What the window shows, as a PNG file.
  Buffer screenshot() {
    const std::string base64 = command("GET", "/screenshot", nullptr);
    return decode(base64);
  }
  /// What the console has said since the last call: errors of scripts, refusals of the policy.
  std::vector<std::string> console() {
    std::vector<std::string> lines;
    for (const Json& entry : command("POST", "/se/log", {{"type", "browser"}}))
      lines.push_back(entry.at("message"));
    return lines;
  }

 private:
  void devtools(const std::string& method, const Json& parameters) {
    command("POST", "/goog/cdp/execute", {{"cmd", method}, {"params", parameters}});
  }

  /// The port that the driver says it listens on.
  int port() const {
    const std::string told = "started successfully on port ";
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline && driver_.running()) {
      const std::string out = driver_.out();
      if (const auto at = out.find(told); at != std::string::npos && out.find('.', at) < out.size())
        return std::stoi(out.substr(at + told.size()));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    throw std::runtime_error("chromedriver does not start: " + driver_.out() + driver_.err());
  }

  static std::size_t append(const char* data, std::size_t, std::size_t size, void* to) {
    static_cast<std::string*>(to)->append(data, size);
    return size;
  }

  Json command(const char* method, const std::string& path, const Json& parameters) {
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all);
    const std::string url = url_ + path, body = parameters.dump();
    std::string answer;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    if (!parameters.is_null()) curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
      throw std::runtime_error(fmt::format("{} {}: {}", method, url, curl_easy_strerror(code)));
    const Json value = Json::parse(answer).at("value");
    if (value.is_object() && value.contains("error"))
      throw std::runtime_error(
          fmt::format("{} {}: {}", method, path, value.at("message").get<std::string>()));
    return value;
  }

  static Buffer decode(const std::string& base64) {
    Buffer bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : base64) {
      const std::string_view digits =
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      const auto digit = digits.find(c);
      if (digit == std::string_view::npos) continue;
      bits = bits << 6 | static_cast<std::uint32_t>(digit);
      count += 6;
      if (count < 8) continue;
      count -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> count));
    }
    return bytes;
  }

  TemporaryFolder folder_;
  Process driver_;
  std::string url_;
};

/// WebDriver's names of keys.
namespace key {
inline constexpr const char* tab = "\ue004";
inline constexpr const char* enter = "\ue007";
inline constexpr const char* escape = "\ue00c";
inline constexpr const char* end = "\ue010";
inline constexpr const char* home = "\ue011";
inline constexpr const char* left = "\ue012";
inline constexpr const char* up = "\ue013";
inline constexpr const char* right = "\ue014";
inline constexpr const char* down = "\ue015";
}  // namespace key

}  // namespace romwright::test
