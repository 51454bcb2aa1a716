// SPDX-License-Identifier: GPL-2.0-or-later
// Downloads that break and go on.
#include "tests/toolkit/vendor/download_fixture.h"

namespace romwright::vendor {
namespace {

using romwright::test::file_reply;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Resumed : public Downloads {
 protected:
  static constexpr std::size_t half = 120'000;

  /// As if a download had stopped there.
  void leave_part(ConstBytes bytes, const std::string& url = {},
                  const std::string& validator = {}) {
    romwright::test::write_file(cache.part(hash), bytes);
    if (!url.empty())
      romwright::test::write_file(cache.part(hash).string() + ".origin",
                                  as_bytes(url + "\n" + validator + "\n"));
  }
  [[nodiscard]] ConstBytes first_half() const { return ConstBytes(file).first(half); }
};

TEST_F(Resumed, OnlyTheRestComes) {
  Server server([&](const Asked& asked) {
    Reply reply = file_reply(asked, file);
    reply.headers.push_back("ETag: \"v1\"");
    if (asked.header("range").empty()) reply.cut = half;
    return reply;
  });
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  ASSERT_EQ(server.asked().size(), 2U);
  EXPECT_EQ(server.asked()[1].header("range"), "bytes=120000-");
  EXPECT_EQ(server.asked()[1].header("if-range"), "\"v1\"");
  EXPECT_EQ(server.sent(), file.size());
  EXPECT_THAT(events.details(),
              ElementsAre(server.url("/: the connection broke after 120000 of 300000 bytes: "
                                     "going on")));
  EXPECT_TRUE(nothing_left());
}

TEST_F(Resumed, LaterByAnotherProcess) {
  Server server([&](const Asked& asked) { return file_reply(asked, file); });
  leave_part(first_half(), server.url("/"), "Mon, 01 Jan 2024 00:00:00 GMT");
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  ASSERT_EQ(server.asked().size(), 1U);
  EXPECT_EQ(server.asked()[0].header("if-range"), "Mon, 01 Jan 2024 00:00:00 GMT");
  EXPECT_EQ(server.sent(), file.size() - half);
  EXPECT_EQ(events.done().front(), half);
}

TEST_F(Resumed, AWeakTagPromisesNothing) {
  Server server([&](const Asked& asked) {
    Reply reply = file_reply(asked, file);
    reply.headers.push_back("ETag: W/\"v1\"");
    if (asked.header("range").empty()) reply.cut = half;
    return reply;
  });
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  EXPECT_EQ(server.asked()[1].header("if-range"), "");
}

TEST_F(Resumed, AnotherAddressGoesOn) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/dead") return Reply{.status = 404};
    return file_reply(asked, file);
  });
  leave_part(first_half(), server.url("/dead"), "\"v1\"");
  EXPECT_EQ(get(wanted({server.url("/dead"), server.url("/good")})), file);
  EXPECT_EQ(server.asked()[1].header("range"), "bytes=120000-");
  EXPECT_EQ(server.asked()[1].header("if-range"), "");
  EXPECT_EQ(server.sent(), file.size() - half);
}

TEST_F(Resumed, ALyingPageLeavesThePart) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/page") return Reply{.body = Buffer(500, 'x')};
    return file_reply(asked, file);
  });
  leave_part(first_half());
  EXPECT_EQ(get(wanted({server.url("/page"), server.url("/good")})), file);
  EXPECT_EQ(server.asked()[1].header("range"), "bytes=120000-");
}

TEST_F(Resumed, AServerWithoutRangesStartsOver) {
  Server server([&](const Asked&) { return Reply{.body = file}; });
  leave_part(first_half());
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  EXPECT_EQ(server.asked().size(), 1U);
  EXPECT_THAT(events.details(), ElementsAre(server.url("/: cannot resume: starting over")));
}

TEST_F(Resumed, AWrongRangeStartsOver) {
  for (const char* range :
       {"Content-Range: bytes 100-299999/300000", "Content-Range: bytes 120000-299999/300001",
        "Content-Range: bytes 120000", "Content-Range: words 120000-299999/300000", "X: y"}) {
    Server server([&](const Asked& asked) {
      if (asked.header("range").empty()) return Reply{.body = file};
      return Reply{.status = 206, .headers = {range}, .body = Buffer(file.size() - half)};
    });
    leave_part(first_half());
    EXPECT_EQ(get(wanted({server.url("/")})), file) << range;
    EXPECT_EQ(server.asked().size(), 2U) << range;
    EXPECT_THAT(events.warnings(), IsEmpty()) << range;
    std::filesystem::remove_all(folder / "cache");
  }
  EXPECT_THAT(events.details().front(),
              HasSubstr("/: asked for 120000- it gives 'bytes 100-299999/300000': starting over"));
}

TEST_F(Resumed, APartThatNobodyAskedForIsRefused) {
  Server server([&](const Asked&) {
    return Reply{.status = 206, .headers = {"Content-Range: bytes 0-9/300000"}, .body = Buffer(10)};
  });
  EXPECT_EQ(refusal(server.url("/")),
            one_failed(server.url("/"), "gives a part of the file without being asked to"));
}

TEST_F(Resumed, AWrongResultIsTriedOnceFromTheStart) {
  Server server([&](const Asked& asked) { return file_reply(asked, file); });
  leave_part(Buffer(half, 0xEE));
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  ASSERT_EQ(server.asked().size(), 2U);
  EXPECT_EQ(server.asked()[1].header("range"), "");
  EXPECT_THAT(events.warnings(), IsEmpty());
}

TEST_F(Resumed, AnotherVersionIsTakenWhole) {
  Server server([&](const Asked& asked) {
    if (asked.header("if-range") == "\"old\"") return Reply{.body = file};
    return Reply{.status = 500};
  });
  leave_part(first_half(), server.url("/"), "\"old\"");
  EXPECT_EQ(get(wanted({server.url("/")})), file);
}

TEST_F(Resumed, ACompletePartNeedsNoServer) {
  leave_part(file);
  EXPECT_EQ(get(wanted({"http://127.0.0.1:1/"})), file);
  EXPECT_TRUE(nothing_left());
}

TEST_F(Resumed, NothingLeftToGive) {
  Server server([&](const Asked& asked) { return file_reply(asked, file); });
  manifests::Download what = wanted({server.url("/")});
  what.size.reset();
  leave_part(file);
  EXPECT_EQ(get(what), file);
  EXPECT_EQ(server.asked().size(), 0U);  // it is complete
  std::filesystem::remove_all(folder / "cache");
  leave_part(Buffer(file.size() + 5));
  EXPECT_EQ(get(what), file);
  EXPECT_EQ(server.asked().size(), 2U);  // 416: it was nonsense
}

TEST_F(Resumed, APartThatIsTooLargeIsForgotten) {
  Server server([&](const Asked& asked) { return file_reply(asked, file); });
  leave_part(Buffer(file.size() + 5));
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  EXPECT_EQ(server.asked()[0].header("range"), "");
}

TEST_F(Resumed, AServerThatAlwaysBreaksIsLeft) {
  limits.resumes = 3;
  Server server([&](const Asked& asked) {
    Reply reply = file_reply(asked, file);
    reply.cut = 1000;
    return reply;
  });
  EXPECT_EQ(refusal(server.url("/")),
            one_failed(server.url("/"), "the connection broke after 1000 of 297000 bytes"));
  EXPECT_EQ(server.asked().size(), 4U);
  EXPECT_EQ(std::filesystem::file_size(cache.part(hash)), 4000U);
}

TEST_F(Resumed, AServerThatMakesNoHeadwayIsLeftAtOnce) {
  Server server([&](const Asked&) { return Reply{.body = file, .cut = 0}; });
  EXPECT_EQ(refusal(server.url("/")),
            one_failed(server.url("/"), "the connection broke after 0 of 300000 bytes"));
  EXPECT_EQ(server.asked().size(), 1U);
}

TEST_F(Resumed, AsLongAsMoreComes) {
  Server server([&](const Asked& asked) {
    Reply reply = file_reply(asked, file);
    reply.cut = std::min<std::size_t>(reply.body.size(), 10'000);
    return reply;
  });
  EXPECT_EQ(get(wanted({server.url("/")})), file);
  EXPECT_EQ(server.asked().size(), 30U);
}

TEST_F(Resumed, AllThereIsIsEnough) {
  Server server(
      [&](const Asked&) { return Reply{.headers = {"Content-Length: 300010"}, .body = file}; });
  manifests::Download what = wanted({server.url("/")});
  what.size.reset();
  EXPECT_EQ(get(what), file);
  EXPECT_EQ(server.asked().size(), 1U);
}

TEST_F(Resumed, ALengthThatIsALie) {
  Server server([&](const Asked& asked) {
    if (asked.target == "/short")
      return Reply{.headers = {"Content-Length: 300000"}, .body = Buffer(5000, 'x')};
    return file_reply(asked, file);
  });
  manifests::Download what = wanted({server.url("/short"), server.url("/good")});
  what.size.reset();
  EXPECT_EQ(get(what), file);
}

}  // namespace
}  // namespace romwright::vendor
