// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/toolkit/vendor/download_fixture.h"

namespace romwright::vendor {
namespace {

using romwright::test::file_reply;

class CheckUrl : public Downloads {
 protected:
  UrlCheck check(const std::string& url) { return check_url(url, file.size(), limits.http, run); }
};

TEST_F(CheckUrl, AsksForTheHeadersOnly) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/old") return Reply{.status = 301, .headers = {"Location: /new"}};
    return Reply{.body = file};
  });
  const UrlCheck found = check(server.url("/old"));
  EXPECT_TRUE(found.alive);
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.size, file.size());
  EXPECT_EQ(found.address, server.url("/new"));
  EXPECT_EQ(found.problem, "");
  EXPECT_EQ(server.asked().at(1).method, "HEAD");
  EXPECT_EQ(server.sent(), 0U);
}

TEST_F(CheckUrl, AsksForAByteWhereHeadersAreRefused) {
  Server server([&](const Asked& asked) {
    if (asked.method == "HEAD") return Reply{.status = 405};
    Reply reply = file_reply(asked, file);
    reply.endless = true;  // it is not read
    reply.headers.push_back("Content-Length: 300000");
    return reply;
  });
  const UrlCheck found = check(server.url("/"));
  EXPECT_TRUE(found.alive);
  EXPECT_EQ(found.status, 206);
  EXPECT_EQ(found.size, file.size());
  EXPECT_EQ(server.asked().at(1).header("range"), "bytes=0-0");
}

TEST_F(CheckUrl, AsksForAByteWhereTheQuestionIsCutOff) {
  Server server([&](const Asked& asked) {
    if (asked.method == "HEAD") return Reply{.hang_up = true};
    return file_reply(asked, file);
  });
  EXPECT_TRUE(check(server.url("/")).alive);
  Server silent([&](const Asked&) { return Reply{.hang_up = true}; });
  const UrlCheck found = check(silent.url("/"));
  EXPECT_FALSE(found.alive);
  EXPECT_EQ(found.problem, "Empty reply from server");
  EXPECT_EQ(silent.asked().size(), 2U);
}

TEST_F(CheckUrl, TellsWhatIsDead) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/gone") return Reply{.status = 410};
    return Reply{.body = Buffer(12)};
  });
  UrlCheck found = check(server.url("/gone"));
  EXPECT_FALSE(found.alive);
  EXPECT_EQ(found.status, 410);
  EXPECT_EQ(found.problem, "not there (HTTP 410)");
  found = check(server.url("/other"));
  EXPECT_FALSE(found.alive);
  EXPECT_EQ(found.problem, "a file of 12 bytes instead of 300000 bytes");
  found = check("gopher://127.0.0.1/");
  EXPECT_FALSE(found.alive);
  EXPECT_EQ(found.status, 0);
  EXPECT_EQ(found.problem, "only http and https, not gopher");
}

TEST_F(CheckUrl, AWebPageIsNoFile) {
  Server server([&](const Asked&) {
    return Reply{.headers = {"Content-Type: text/html; charset=utf-8"}, .body = file};
  });
  const UrlCheck found = check(server.url("/"));
  EXPECT_FALSE(found.alive);
  EXPECT_EQ(found.problem, "a web page in place of the file");
}

TEST_F(CheckUrl, ASizeThatNobodyTellsIsNoProblem) {
  Server server([&](const Asked&) { return Reply{.body = file, .chunked = true}; });
  const UrlCheck found = check(server.url("/"));
  EXPECT_TRUE(found.alive);
  EXPECT_EQ(found.size, std::nullopt);
}

TEST_F(CheckUrl, StopsWhenAsked) {
  Server server([&](const Asked&) {
    stop.request_stop();
    return Reply{.stall = true};
  });
  EXPECT_THROW(check(server.url("/")), InterruptedError);
}

}  // namespace
}  // namespace romwright::vendor
