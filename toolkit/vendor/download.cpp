// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/download.h"

#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/part_file.h"

namespace romwright::vendor {

namespace fs = std::filesystem;

namespace {

/// The server has not gone on where it was asked to.
class CannotResume : public HttpError {
  using HttpError::HttpError;
};

/// There is something else than what is wanted.
class WrongFileError : public HttpError {
  using HttpError::HttpError;
};

/// The same, seen by what has come so far: that is of no use.
class WrongContentError : public WrongFileError {
  using WrongFileError::WrongFileError;
};

/// "bytes 100-199/200", as RFC 9110 section 14.4 has it; the total is absent where it is '*'.
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;
};

std::optional<ContentRange> parse_content_range(std::string_view text) {
  const auto number = [&](std::uint64_t& value) {
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    return true;
  };
  const auto skip = [&](std::string_view what) {
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
  };
  ContentRange range;
  if (!skip("bytes ") || !number(range.first) || !skip("-") || !number(range.last) || !skip("/"))
    return std::nullopt;
  if (text == "*") return range;
  std::uint64_t total = 0;
  if (!number(total) || !text.empty()) return std::nullopt;
  range.total = total;
  return range;
}

/// What If-Range takes: a weak ETag promises no equal bytes.
std::string validator(const HttpAnswer& answer) {
  if (!answer.etag.empty() && !answer.etag.starts_with("W/")) return answer.etag;
  return answer.last_modified;
}

std::string status_line(int status) {
  if (status == 404 || status == 410) return fmt::format("not there (HTTP {})", status);
  if (status == 401 || status == 403) return fmt::format("not allowed (HTTP {})", status);
  return fmt::format("HTTP {}", status);
}

std::string exact_size(std::uint64_t size) { return fmt::format("{} bytes", size); }

/// One file, from one address after the other, into its part.
class Attempt {
 public:
  Attempt(const manifests::Download& wanted, const DownloadLimits& limits, PartFile& part, Run& run)
      : wanted_(wanted), limits_(limits), part_(part), run_(run) {}

  /// Whether the part is the wanted file already; one that is too large is emptied.
  [[nodiscard]] bool complete() {
    if (part_.size() > 0 && part_.is(wanted_.sha512)) return true;
    if (part_.size() >= largest()) part_.restart();
    return false;
  }

  /// Gets the file from `url`. Throws HttpError where that cannot be.
  void get(const std::string& url) {
    for (int resumes = 0;; ++resumes) {
      const bool resumed = part_.size() > 0;
      const std::uint64_t before = part_.size();
      try {
        ask(url);
        verify();
        return;
      } catch (const CannotResume& error) {
        run_.events.detail(fmt::format("{}: {}: starting over", url, error.what()));
        part_.restart();
      } catch (const WrongContentError& error) {
        part_.restart();
        // What lay there, of another address perhaps, may be what is wrong.
        if (!resumed || from_start_) throw;
        run_.events.detail(fmt::format("{}: resumed, and {}: starting over", url, error.what()));
      } catch (const HttpBrokenError& error) {
        // A server may promise more than there is.
        if (part_.is(wanted_.sha512)) return;
        if (part_.size() <= before || resumes >= limits_.resumes) throw;
        run_.events.detail(fmt::format("{}: {}: going on", url, error.what()));
      }
    }
  }

 private:
  [[nodiscard]] std::uint64_t largest() const {
    return wanted_.size.value_or(limits_.unknown_size);
  }

  void ask(const std::string& url) {
    HttpRequest request;
    request.url = url;
    from_start_ = part_.size() == 0;
    if (!from_start_) {
      request.headers.push_back(fmt::format("Range: bytes={}-", part_.size()));
      const auto origin = part_.origin();
      if (origin && origin->url == url) request.headers.push_back("If-Range: " + origin->validator);
    }
    HttpReceiver receiver;
    receiver.start = [&](const HttpAnswer& answer) { return start(url, answer); };
    receiver.receive = [&](ConstBytes bytes) { receive(bytes); };
    http_request(request, receiver, limits_.http, run_.stop);
  }

  bool start(const std::string& url, const HttpAnswer& answer) {
    if (answer.status == 416 && !from_start_) return false;  // perhaps there is no more: `verify`
    if (answer.status == 206) {
      if (from_start_) throw HttpError("gives a part of the file without being asked to");
      const auto range = parse_content_range(answer.content_range);
      if (!range || range->first != part_.size() ||
          (wanted_.size && range->total && *range->total != *wanted_.size))
        throw CannotResume(fmt::format("asked for {}- it gives '{}'", part_.size(),
                                       answer.content_range.substr(0, 80)));
      total_ = range->total;
    } else if (answer.status == 200) {
      if (answer.length && wanted_.size && *answer.length != *wanted_.size)
        throw WrongFileError(describe(answer, *answer.length));
      if (!from_start_) {
        run_.events.detail(fmt::format("{}: cannot resume: starting over", url));
        part_.restart();
        from_start_ = true;
      }
      total_ = answer.length;
      const std::string version = validator(answer);
      if (!version.empty()) part_.set_origin({url, version});
    } else {
      throw HttpError(status_line(answer.status));
    }
    if (total_ && *total_ > largest())
      throw WrongFileError(fmt::format("{}, more than the {} that a file may have",
                                       exact_size(*total_), exact_size(largest())));
    answer_ = answer;
    if (wanted_.size) total_ = wanted_.size;
    progress();
    return true;
  }

  void receive(ConstBytes bytes) {
    if (part_.size() + bytes.size() > largest())
      throw WrongContentError(fmt::format("more than {}", exact_size(largest())));
    part_.append(bytes);
    progress();
  }

  void progress() const {
    if (total_) run_.events.progress({"downloading", part_.size(), *total_});
  }

  /// "a web page of 12 bytes instead of 34 bytes"
  [[nodiscard]] std::string describe(const HttpAnswer& answer, std::uint64_t size) const {
    std::string text = fmt::format(
        "{} of {}", answer.content_type.starts_with("text/html") ? "a web page" : "a file",
        exact_size(size));
    if (wanted_.size && *wanted_.size != size)
      text += fmt::format(" instead of {}", exact_size(*wanted_.size));
    return text;
  }

  /// All that the server gives has come.
  void verify() {
    const std::uint64_t size = part_.size();
    const std::string hash = part_.hash();
    if (hash != wanted_.sha512)
      throw WrongContentError(fmt::format("{}, SHA-512 {}", describe(answer_, size), hash));
  }

  const manifests::Download& wanted_;
  const DownloadLimits& limits_;
  PartFile& part_;
  Run& run_;
  bool from_start_ = true;  ///< the answer is the file from its first byte
  HttpAnswer answer_;
  std::optional<std::uint64_t> total_;
};

}  // namespace

fs::path download(const manifests::Download& wanted, const FileCache& cache,
                  const DownloadLimits& limits, Run& run) {
  const std::string& hash = wanted.sha512;
  const auto present = [&] {
    return cache.load(hash, run.events) ? cache.find(hash) : std::nullopt;
  };
  if (auto path = present()) return *path;
  const FileCache::Lock lock = cache.lock(hash, run);
  if (auto path = present()) return *path;

  PartFile part(cache.part(hash));
  Attempt attempt(wanted, limits, part, run);
  const auto finish = [&] {
    fs::path path = cache.add(part.path(), hash);
    part.remove();
    return path;
  };
  if (attempt.complete()) return finish();
  std::vector<std::string> problems;
  for (const std::string& url : wanted.urls) {
    try {
      attempt.get(url);
      return finish();
    } catch (const WrongFileError& error) {
      run.events.warning(fmt::format("{}: not the pinned file: {}", url, error.what()));
      problems.push_back(fmt::format("{}: not the pinned file: {}", url, error.what()));
    } catch (const HttpError& error) {
      run.events.detail(fmt::format("{}: {}", url, error.what()));
      problems.push_back(fmt::format("{}: {}", url, error.what()));
    } catch (const InterruptedError& error) {
      if (part.size() == 0) part.remove();
      throw InterruptedError(error.signal(),
                             fmt::format("{}: stopped after {}", url, exact_size(part.size())),
                             part.size() > 0 ? "the next download goes on from there" : "");
    }
  }
  if (part.size() == 0) part.remove();
  VendorError error(problems.empty()
                        ? "no address is known to download it from"
                        : fmt::format("none of its {} addresses gives the file with SHA-512 {}...",
                                      problems.size(), hash.substr(0, 16)),
                    "get it by hand and name its directory with --vendor-dir");
  for (std::string& problem : problems) error.also(std::move(problem));
  throw error;
}

UrlCheck check_url(const std::string& url, std::optional<std::uint64_t> size,
                   const HttpLimits& limits, Run& run) {
  UrlCheck check;
  bool page = false;  // servers answer so for what is gone
  HttpReceiver receiver;
  receiver.receive = [](ConstBytes) {};
  receiver.start = [&](const HttpAnswer& answer) {
    check.status = answer.status;
    check.address = answer.url;
    page = answer.content_type.starts_with("text/html");
    check.size.reset();
    if (answer.status == 200) check.size = answer.length;
    if (answer.status == 206)
      if (const auto range = parse_content_range(answer.content_range)) check.size = range->total;
    return false;
  };
  const auto found = [&] { return check.status == 200 || check.status == 206; };
  bool answered = true;
  const auto ask = [&](HttpRequest request) {
    check.problem.clear();
    answered = true;
    try {
      http_request(request, receiver, limits, run.stop);
      if (!found())
        check.problem = status_line(check.status);
      else if (page)
        check.problem = "a web page in place of the file";
    } catch (const HttpUnansweredError& error) {
      answered = false;
      check.problem = error.what();
    } catch (const HttpError& error) {
      check.problem = error.what();
    }
  };
  ask({url, false, {}});
  // Not every server knows HEAD; what is behind an address is seen for certain by asking for it.
  if (!answered || (check.status != 0 && (!found() || !check.size)))
    ask({url, true, {"Range: bytes=0-0"}});
  if (check.problem.empty() && size && check.size && *check.size != *size)
    check.problem =
        fmt::format("a file of {} instead of {}", exact_size(*check.size), exact_size(*size));
  check.alive = check.problem.empty();
  return check;
}

}  // namespace romwright::vendor
