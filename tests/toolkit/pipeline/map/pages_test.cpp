// SPDX-License-Identifier: GPL-2.0-or-later
// The picture and the page as text: exact for a small map, bounded for hostile images.
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cbfs_images.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/pipeline/map/html_page.h"
#include "toolkit/pipeline/map/map_drawing.h"
#include "toolkit/pipeline/map/resources.h"
#include "toolkit/pipeline/map/svg_page.h"

namespace romwright::pipeline {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// 4 KiB: a region of 3 KiB with a problem, a chip's file of 16 bytes.
ImageMap small_map() {
  ImageMap map;
  map.name = "a<b>.rom";
  map.size = map.extent = 4096;
  map.sha256 = "00ff";
  map.facts = {"MAC 02:00:00:00:00:01"};
  map.problems = {{Severity::error, "region bios", "it is \"bad\"", "flash <again>"}};
  MapArea bios;
  bios.kind = AreaKind::region;
  bios.name = "bios";
  bios.range = {1024, 3072};
  bios.sha256 = "abcd";
  bios.problems = map.problems;
  MapArea file;
  file.kind = AreaKind::file;
  file.name = "<i>";
  file.range = {2048, 16};
  file.about = "type raw";
  file.change = Change::changed;
  file.difference = "changed: 1 byte differs";
  map.lanes = {{"Descriptor", {bios}}, {"CBFS", {file}}};
  return map;
}

TEST(MapDrawing, OfASmallMapIsExact) {
  EXPECT_EQ(
      draw_lanes(small_map(), AreaRole::button),
      R"(<g role="group" aria-label="Descriptor"><rect class="ground" x="0%" width="39%" height="100%"/>
<g class="a k-region p-error" id="a0" data-o="1024" data-s="3072" tabindex="0" role="button"><title>bios, descriptor region
offset 0x00000400, size 3 KiB (3072 bytes)
SHA-256 abcd
Error: it is &quot;bad&quot;</title><svg x="0%" y="25%" width="39%" height="75%"><rect class="b" width="100%" height="100%"/><rect class="mark" width="4" height="100%"/><text x="7" y="12">⚠ bios</text></svg></g>
</g>
<g role="group" aria-label="CBFS"><rect class="ground" x="40%" width="60%" height="100%"/>
<g class="a k-file tiny c-changed" id="a1" data-o="2048" data-s="16" tabindex="0" role="button"><title>&lt;i&gt;, CBFS file, type raw
offset 0x00000800, size 16 bytes
changed: 1 byte differs</title><svg x="40%" y="50%" width="60%" height="0.3906%" overflow="visible"><rect class="h" y="-2.4" width="100%" height="8"/><rect class="b" width="100%" height="100%"/><text x="4" y="12">≠ &lt;i&gt;</text></svg></g>
</g>
)");
}

TEST(SvgPage, OfASmallMapIsExact) {
  const std::string page = svg_page(small_map());
  const auto at = page.find("<rect class=\"page\"");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(
      page.substr(0, page.find("<style>")),
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1063" viewBox="0 0 1000 1063"><title>Map of a&lt;b&gt;.rom</title>
)");
  EXPECT_EQ(page.substr(at, page.find("<svg class=\"axis\"") - at),
            R"(<rect class="page" width="100%" height="100%"/>
<text class="head" x="16" y="28">a&lt;b&gt;.rom</text>
<text class="sub" x="16" y="48">4 KiB (4096 bytes) · MAC 02:00:00:00:00:01</text>
<text class="sub" x="16" y="65">SHA-256 00ff</text>
<text class="alarm" x="16" y="82">⚠ Error: region bios: it is &quot;bad&quot;</text>
<svg class="titles" x="84" y="105" width="900" height="18" overflow="visible">
<svg x="0%" width="39%" height="18"><text class="title" x="2" y="12">Descriptor</text></svg>
<svg x="40%" width="60%" height="18"><text class="title" x="2" y="12">CBFS</text></svg>
</svg>
)");
  EXPECT_THAT(page,
              HasSubstr(R"(<text class="tip" y="100%" aria-hidden="true"><tspan x="0" dy="17">)"
                        "&lt;i&gt;, CBFS file, type raw</tspan>"));
  EXPECT_THAT(page,
              AllOf(Not(HasSubstr("<script")), Not(HasSubstr("href")), Not(HasSubstr("@import"))));
}

TEST(HtmlPage, EscapesWhatTheImageNames) {
  const std::string page = html_page(small_map());
  EXPECT_THAT(page, HasSubstr("<h1>a&lt;b&gt;.rom</h1>"));
  EXPECT_THAT(page, HasSubstr("<li class=\"p-Error\"><strong>Error</strong> region bios: it is "
                              "&quot;bad&quot; <em>(flash &lt;again&gt;)</em></li>"));
  EXPECT_THAT(page,
              HasSubstr("<tr id=\"r1\" data-kind=\"CBFS file\" data-o=\"2048\" data-s=\"16\"><th "
                        "scope=\"row\"><button type=\"button\">&lt;i&gt;</button><span "
                        "class=\"about\">type raw</span><span class=\"difference\">changed: 1 byte "
                        "differs</span></th><td>0x00000800</td><td>16 bytes</td><td><code></code>"
                        "</td></tr>"));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<i>")), Not(HasSubstr("<b>"))));
}

TEST(HtmlPage, NeedsNothingFromElsewhere) {
  const std::string page = html_page(small_map());
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(page,
              AllOf(Not(HasSubstr("href=")), Not(HasSubstr("src=")), Not(HasSubstr("@import")),
                    Not(HasSubstr("style=")), Not(HasSubstr("unsafe-inline"))));
  // The only addresses are names of languages.
  for (std::size_t at = page.find("://"); at != std::string::npos; at = page.find("://", at + 1))
    EXPECT_EQ(page.substr(at, 30), "://www.w3.org/2000/svg\", name)");
}

TEST(HtmlPage, OfNothingIsAPageToo) {
  const std::string page = html_page(map_image({}, inspect_image({}), "empty"));
  EXPECT_THAT(page, HasSubstr("<li>0 bytes</li>"));
  EXPECT_THAT(page, HasSubstr("are no flash chip&#39;s size"));
}

/// A map's pages, and how long they are in the making.
struct Pages {
  std::string html, svg;
  std::chrono::duration<double> seconds{};
};

Pages pages_of(const Buffer& image) {
  const auto start = std::chrono::steady_clock::now();
  const ImageMap map = map_image(image, inspect_image(image), "a.rom");
  return {html_page(map), svg_page(map), std::chrono::steady_clock::now() - start};
}

TEST(Pages, OfALargeImageStayBelowOneMebibyte) {
  Buffer image = test::fmap_image(16 << 20);
  images::CbfsEditor files(image, {0x1000, image.size() - 0x1000});
  for (unsigned i = 0; i < 100; ++i)
    files.add("file/number/" + std::to_string(i), Buffer(120000, static_cast<std::uint8_t>(i)), {});
  const Pages pages = pages_of(image);
  EXPECT_LT(pages.html.size(), 1U << 20);
  EXPECT_LT(pages.svg.size(), 1U << 20);
  EXPECT_THAT(pages.html, HasSubstr("file/number/99"));
}

TEST(Pages, OfTooManyFilesAndAreasStayBounded) {
  Buffer image(4 << 20, 0xff);
  std::size_t at = 0x4000;
  for (; at + 0x80 <= image.size(); at += 0x80) {
    test::put(image, at, as_bytes("LARCHIVE"));
    store_be(image, at + 8, 0x80U - 0x40U);
    store_be(image, at + 12, 0x50U);
    store_be(image, at + 16, 0U);
    store_be(image, at + 20, 0x40U);
    std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(at + 24), 0x27, std::uint8_t{'\''});
    image[at + 63] = 0;
  }
  // An FMAP of the most areas, each of nearly the whole image.
  test::put_fmap(image, {});
  store_le(image, 54, std::uint16_t{256});
  for (unsigned i = 0; i < 256; ++i) {
    const std::size_t entry = 56 + 42 * i;
    std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(entry), 42, std::uint8_t{0});
    const bool coreboot = i == 255;
    store_le(image, entry, coreboot ? 0x4000U : i);
    store_le(image, entry + 4, static_cast<std::uint32_t>(image.size()) - (coreboot ? 0x4000U : i));
    test::put(image, entry + 8,
              as_bytes(coreboot ? std::string("COREBOOT") : std::string(29, '"') + "<&"));
  }
  const Inspection found = inspect_image(image);
  ASSERT_EQ(found.layout.regions.size(), 256U);
  ASSERT_GT(found.cbfs.size(), 30000U);
  const Pages pages = pages_of(image);
  EXPECT_LT(pages.html.size(), 2U << 20);
  EXPECT_LT(pages.svg.size(), 2U << 20);
  EXPECT_THAT(pages.html, HasSubstr("the map shows the largest 500"));
  EXPECT_LT(pages.seconds.count(), 60);
}

}  // namespace
}  // namespace romwright::pipeline
