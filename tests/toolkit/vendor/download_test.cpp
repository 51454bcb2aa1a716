// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/download.h"

#include <csignal>
#include <future>
#include <sys/resource.h>

#include "flash/base/version.h"
#include "tests/support/tls_identity.h"
#include "tests/toolkit/vendor/download_fixture.h"

namespace romwright::vendor {
namespace {

using romwright::test::file_reply;
using romwright::test::TlsIdentity;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(Downloads, GetsAFileOnce) {
  Server server([&](const Asked&) { return Reply{.body = file}; });
  const manifests::Download what = wanted({server.url("/a%20b.zip?x=1")});
  EXPECT_EQ(get(what), file);
  EXPECT_EQ(get(what), file);
  ASSERT_EQ(server.asked().size(), 1U);
  EXPECT_EQ(server.asked()[0].method, "GET");
  EXPECT_EQ(server.asked()[0].target, "/a%20b.zip?x=1");
  EXPECT_EQ(server.asked()[0].header("user-agent"), "romwright/" + std::string(version));
  EXPECT_EQ(server.asked()[0].header("range"), "");
  EXPECT_THAT(events.warnings(), IsEmpty());
  EXPECT_EQ(events.done().front(), 0U);
  EXPECT_EQ(events.done().back(), file.size());
  EXPECT_EQ(events.total(), file.size());
  EXPECT_TRUE(nothing_left());
}

TEST_F(Downloads, NeedsNoSizeAndNoLength) {
  Server server([&](const Asked& asked) {
    return Reply{.body = file, .length = false, .chunked = asked.target == "/chunked"};
  });
  for (const char* target : {"/chunked", "/closed"}) {
    manifests::Download what = wanted({server.url(target)});
    what.size.reset();
    EXPECT_EQ(get(what), file) << target;
    std::filesystem::remove_all(folder / "cache/files");
  }
  EXPECT_EQ(server.asked().size(), 2U);
}

TEST_F(Downloads, TriesEveryAddressInTurn) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/good") return Reply{.body = file};
    return Reply{.status = std::atoi(asked.target.c_str() + 1)};
  });
  EXPECT_EQ(get(wanted({server.url("/404"), server.url("/500"), server.url("/503"),
                        server.url("/403"), server.url("/good"), server.url("/never")})),
            file);
  EXPECT_EQ(server.asked().size(), 5U);
  EXPECT_THAT(events.warnings(), IsEmpty());
  EXPECT_THAT(
      events.details(),
      ElementsAre(server.url("/404: not there (HTTP 404)"), server.url("/500: HTTP 500"),
                  server.url("/503: HTTP 503"), server.url("/403: not allowed (HTTP 403)")));
}

TEST_F(Downloads, ALieIsReportedAndTheNextAddressTried) {
  Buffer other = file;
  other[7] ^= 0x80;
  Server server([&](const Asked& asked) {
    if (asked.target == "/lie") return Reply{.body = other};
    if (asked.target == "/page")
      return Reply{.headers = {"Content-Type: text/html; charset=utf-8"}, .body = Buffer(99, 'x')};
    return Reply{.body = file};
  });
  EXPECT_EQ(get(wanted({server.url("/lie"), server.url("/page"), server.url("/good")})), file);
  EXPECT_THAT(
      events.warnings(),
      ElementsAre(server.url("/lie: not the pinned file: a file of 300000 bytes, SHA-512 ") +
                      hex_digest(Hash::sha512, other),
                  server.url("/page: not the pinned file: a web page of 99 bytes instead "
                             "of 300000 bytes")));
  EXPECT_TRUE(nothing_left());
}

TEST_F(Downloads, TellsWhatEachAddressSaid) {
  Server server([&](const Asked&) { return Reply{.status = 404}; });
  EXPECT_EQ(
      problem([&] {
        get(wanted({server.url("/a"), "ftp://127.0.0.1/b", "file:///etc/passwd", "no address"}));
      }),
      "none of its 4 addresses gives the file with SHA-512 " + hash.substr(0, 16) +
          "... (get it by hand and name its directory with --vendor-dir)\n" +
          server.url("/a: not there (HTTP 404)\n") +
          "ftp://127.0.0.1/b: only http and https, not ftp\n"
          "file:///etc/passwd: only http and https, not file\n"
          "no address: not an address: 'no address'");
  EXPECT_EQ(problem([&] { get(wanted({})); }),
            "no address is known to download it from (get it by hand and name its directory with "
            "--vendor-dir)");
  EXPECT_TRUE(nothing_left());
}

TEST_F(Downloads, FollowsRedirectsWithinBounds) {
  Server server([&](const Asked& asked) {
    const int left = std::atoi(asked.target.c_str() + 1);
    if (left == 0) return Reply{.body = file};
    return Reply{.status = left % 2 == 0 ? 302 : 308,
                 .headers = {fmt::format("Location: /{}", left - 1)},
                 .body = Buffer(9, 'x'),
                 .endless = true};
  });
  EXPECT_EQ(refusal(server.url("/9")), one_failed(server.url("/9"), "more than 8 redirects"));
  EXPECT_EQ(get(wanted({server.url("/8")})), file);
}

TEST_F(Downloads, RedirectsInCirclesEnd) {
  Server server([&](const Asked& asked) {
    return Reply{.status = 301,
                 .headers = {asked.target == "/a" ? "Location: /b" : "Location: /a"}};
  });
  EXPECT_EQ(refusal(server.url("/a")), one_failed(server.url("/a"), "more than 8 redirects"));
  EXPECT_EQ(server.asked().size(), 9U);
}

TEST_F(Downloads, RedirectsToOtherProtocolsAreRefused) {
  Server server([&](const Asked& asked) {
    return Reply{.status = 302,
                 .headers = {asked.target == "/a" ? "Location: file:///etc/passwd"
                                                  : "Location: ftp://127.0.0.1/x"}};
  });
  EXPECT_EQ(refusal(server.url("/a")),
            one_failed(server.url("/a"),
                       "redirects to file:///etc/passwd, which is neither http nor https"));
  EXPECT_EQ(refusal(server.url("/b")),
            one_failed(server.url("/b"),
                       "redirects to ftp://127.0.0.1/x, which is neither http nor https"));
}

TEST_F(Downloads, CertificatesAreVerified) {
  const TlsIdentity identity;
  Server server([&](const Asked&) { return Reply{.body = file}; }, &identity);
  EXPECT_EQ(refusal(server.url("/")),
            one_failed(server.url("/"),
                       "its certificate is not to be trusted: SSL certificate problem: "
                       "self-signed certificate"));
  EXPECT_THAT(server.asked(), IsEmpty());
  limits.http.certificates = folder / "ca.pem";
  identity.write_certificate(limits.http.certificates);
  EXPECT_EQ(get(wanted({server.url("/")})), file);
}

TEST_F(Downloads, AuthoritiesOfTheEnvironmentAreTrusted) {
  const TlsIdentity identity;
  Server server([&](const Asked&) { return Reply{.body = file}; }, &identity);
  identity.write_certificate(folder / "ca.pem");
  for (const char* variable : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    ::setenv(variable, (folder / "ca.pem").c_str(), 1);
    EXPECT_EQ(get(wanted({server.url("/")})), file) << variable;
    ::unsetenv(variable);
    std::filesystem::remove_all(folder / "cache");
  }
  EXPECT_THAT(refusal(server.url("/")), HasSubstr("its certificate is not to be trusted"));
}

TEST_F(Downloads, HttpsIsNotLeftForHttp) {
  const TlsIdentity identity;
  limits.http.certificates = folder / "ca.pem";
  identity.write_certificate(limits.http.certificates);
  Server plain([&](const Asked&) { return Reply{.body = file}; });
  Server server(
      [&](const Asked&) {
        return Reply{.status = 302, .headers = {"Location: " + plain.url("/x")}};
      },
      &identity);
  EXPECT_EQ(refusal(server.url("/")),
            one_failed(server.url("/"), "redirects from https to " + plain.url("/x")));
  Server up([&](const Asked&) {
    return Reply{.status = 302, .headers = {"Location: " + server.url("/")}};
  });
  EXPECT_EQ(refusal(up.url("/")),
            one_failed(up.url("/"), "redirects from https to " + plain.url("/x")));
  EXPECT_THAT(plain.asked(), IsEmpty());
}

TEST_F(Downloads, SizesAreBounded) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/endless") return Reply{.body = file, .endless = true};
    if (asked.target == "/told") return Reply{.headers = {"Content-Length: 99999999999"}};
    return Reply{.body = Buffer(file.size() + 1)};
  });
  EXPECT_EQ(refusal(server.url("/endless")),
            one_failed(server.url("/endless"), "not the pinned file: more than 300000 bytes"));
  EXPECT_EQ(refusal(server.url("/larger")),
            one_failed(server.url("/larger"),
                       "not the pinned file: a file of 300001 bytes instead of 300000 bytes"));
  limits.unknown_size = 1'000'000;
  for (const auto& [target, reason] :
       {std::pair("/endless", "not the pinned file: more than 1000000 bytes"),
        std::pair("/told",
                  "not the pinned file: 99999999999 bytes, more than the 1000000 bytes "
                  "that a file may have")}) {
    manifests::Download what = wanted({server.url(target)});
    what.size.reset();
    EXPECT_EQ(problem([&] { get(what); }), one_failed(server.url(target), reason));
  }
  EXPECT_TRUE(nothing_left());
}

TEST_F(Downloads, HeadersAreBounded) {
  Server server([&](const Asked&) {
    return Reply{.headers = std::vector<std::string>(400, "X: " + std::string(1000, 'x')),
                 .body = file};
  });
  EXPECT_EQ(refusal(server.url("/")), one_failed(server.url("/"), "its headers do not end"));
}

TEST_F(Downloads, SilenceIsBounded) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/half") return Reply{.body = file, .stall = true, .cut = 100'000};
    return Reply{.headers = {"Content-Length: 300000"}, .body = {}, .stall = true};
  });
  limits.http.slow = std::chrono::milliseconds(60);
  limits.http.slow_bytes = 200'000;
  EXPECT_EQ(
      refusal(server.url("/half")),
      one_failed(server.url("/half"), fmt::format("too slow: {} in 0.06 s", human_size(100'000))));
  EXPECT_EQ(std::filesystem::file_size(cache.part(hash)), 100'000U);
  EXPECT_EQ(refusal(server.url("/none")),
            one_failed(server.url("/none"), "too slow: 0 bytes in 0.06 s"));
}

TEST_F(Downloads, AServerThatNeverAnswers) {
  // The system takes the connection, nobody reads from it.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string place = fmt::format("://127.0.0.1:{}/", ntohs(address.sin_port));
  EXPECT_THAT(refusal("http" + place),
              HasSubstr("http" + place + ": Failed to connect to 127.0.0.1"));
  ASSERT_EQ(::listen(listener, 4), 0);
  limits.http.slow = std::chrono::milliseconds(50);
  EXPECT_EQ(refusal("http" + place), one_failed("http" + place, "no answer within 0.05 s"));
  limits.http.slow = std::chrono::milliseconds(2000);
  limits.http.connect = std::chrono::milliseconds(50);
  EXPECT_EQ(refusal("https" + place), one_failed("https" + place, "no connection within 0.05 s"));
  ::close(listener);
}

TEST_F(Downloads, GoThroughTheProxyOfTheEnvironment) {
  Server proxy([&](const Asked&) { return Reply{.body = file}; });
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  EXPECT_EQ(get(wanted({"http://files.invalid/x.zip"})), file);
  ::unsetenv("http_proxy");
  ASSERT_EQ(proxy.asked().size(), 1U);
  EXPECT_EQ(proxy.asked()[0].target, "http://files.invalid/x.zip");
}

TEST_F(Downloads, AProxyThatRefusesIsNamed) {
  Server proxy([&](const Asked&) { return Reply{.status = 403}; });
  ::setenv("https_proxy", proxy.url("").c_str(), 1);
  EXPECT_EQ(refusal("https://files.invalid/x.zip"),
            one_failed("https://files.invalid/x.zip", "CONNECT tunnel failed, response 403"));
  ::unsetenv("https_proxy");
  ASSERT_EQ(proxy.asked().size(), 1U);
  EXPECT_EQ(proxy.asked()[0].method, "CONNECT");
}

TEST_F(Downloads, TwoWhoWantTheSameGetItOnce) {
  std::promise<void> second_waits;
  const std::shared_future<void> waits = second_waits.get_future().share();
  std::promise<void> first_asks;
  Server server([&](const Asked&) {
    first_asks.set_value();
    waits.wait();
    return Reply{.body = file};
  });
  limits.http.slow = std::chrono::milliseconds(10'000);
  const manifests::Download what = wanted({server.url("/")});
  std::jthread first([&] { EXPECT_EQ(get(what), file); });
  first_asks.get_future().wait();
  romwright::test::RecordedEvents others;
  others.on_note = [&] { second_waits.set_value(); };
  romwright::Run other{{}, others};
  EXPECT_EQ(romwright::test::read_file(download(what, FileCache(folder / "cache"), limits, other)),
            file);
  first.join();
  EXPECT_EQ(server.asked().size(), 1U);
  EXPECT_EQ(server.sent(), file.size());
  EXPECT_TRUE(nothing_left());
}

TEST_F(Downloads, ADamagedCacheIsGotAgain) {
  Server server([&](const Asked&) { return Reply{.body = file}; });
  const std::filesystem::path path = cache.add(Buffer(10), hash);
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  EXPECT_THAT(events.warnings(),
              ElementsAre(path.string() + ": damaged, its content has another hash; removed"));
}

TEST_F(Downloads, AFullDiskEndsItInOneLine) {
  Server server([&](const Asked&) { return Reply{.body = file}; });
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{100'000, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string line = problem([&] { get(wanted({server.url("/a"), server.url("/b")})); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(line, cache.part(hash).string() +
                      ": cannot write: File too large (vendor files are kept there; "
                      "XDG_CACHE_HOME names another place)");
  EXPECT_EQ(server.asked().size(), 1U);
}

TEST_F(Downloads, StopAtOnce) {
  Server server([&](const Asked& asked) {
    if (asked.header("range").empty()) return Reply{.body = file, .stall = true, .cut = 100'000};
    return file_reply(asked, file);
  });
  limits.http.slow = std::chrono::milliseconds(60'000);
  std::jthread stopper;
  events.on_progress = [&](const Progress& progress) {
    // From another thread, while the client waits for more.
    if (progress.done == 100'000 && !stopper.joinable())
      stopper = std::jthread([&] { stop.request_stop(); });
  };
  const auto from = std::chrono::steady_clock::now();
  EXPECT_EQ(problem([&] {
              get(wanted({server.url("/a"), server.url("/b")}));
            }),
            server.url("/a: stopped after 100000 bytes (the next download goes on from there)"));
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(1));
  events.on_progress = nullptr;
  romwright::Run again{{}, events};
  EXPECT_EQ(romwright::test::read_file(download(wanted({server.url("/a")}), cache, limits, again)),
            file);
  EXPECT_EQ(server.sent(), file.size());
}

}  // namespace
}  // namespace romwright::vendor
