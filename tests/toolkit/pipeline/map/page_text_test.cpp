// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/page_text.h"

#include <gtest/gtest.h>

namespace romwright::pipeline {
namespace {

using namespace std::string_view_literals;

TEST(PageText, ShowsTextAsItIs) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable("fallback/payload"), "fallback/payload");
  EXPECT_EQ(printable("größe €𝄞"), "größe €𝄞");
}

TEST(PageText, NamesWhatCannotBeSeen) {
  EXPECT_EQ(printable("a\0b\n\x1b[31m\x7f"sv), "a\\u{0}b\\u{a}\\u{1b}[31m\\u{7f}");
  EXPECT_EQ(printable("\u0085\u00ad\u200b\u202e\u2066\u2028\ufeff\ufffe\U000e0041"),
            "\\u{85}\\u{ad}\\u{200b}\\u{202e}\\u{2066}\\u{2028}\\u{feff}\\u{fffe}\\u{e0041}");
}

TEST(PageText, BytesThatAreNoUtf8AreShownAsBytes) {
  EXPECT_EQ(printable("\xff\x80z"), "\\xff\\x80z");
  EXPECT_EQ(printable("\xc3"), "\\xc3");                             // cut off
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");                    // cut off
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // '/' in two bytes
  EXPECT_EQ(printable("\xe0\x80\xbc"), "\\xe0\\x80\\xbc");           // '<' in three bytes
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond Unicode
  EXPECT_EQ(printable("\xc3\x28"), "\\xc3(");
}

TEST(PageText, CutsLongNames) {
  EXPECT_EQ(printable(std::string(80, 'x')), std::string(80, 'x'));
  EXPECT_EQ(printable(std::string(81, 'x')), std::string(80, 'x') + "…");
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "€";
  EXPECT_EQ(printable(wide).size(), 3U * 80 + 3);
}

TEST(PageText, EscapesMarkup) {
  EXPECT_EQ(escaped("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(shown_name("<\xff&\n"), "&lt;\\xff&amp;\\u{a}");
}

}  // namespace
}  // namespace romwright::pipeline
