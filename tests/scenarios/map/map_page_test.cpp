// SPDX-License-Identifier: GPL-2.0-or-later
// The page and the picture of inspect in a browser: sizes to scale, choice, keyboard, zoom, dark
// and light, a phone. With ROMWRIGHT_SCREENSHOTS=FOLDER it writes the manual's pictures there.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/cli/romwright.h"
#include "tests/support/browser.h"
#include "tests/support/sample_release.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"

namespace romwright {
namespace {

using test::Browser;
using test::SampleImage;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
namespace key = test::key;

constexpr double map_height = 800;

class MapPage : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!Browser::installed()) return;
    place = new test::Workplace;
    browser = new Browser;
    test::make_sample_release(place->path("sample"));
    Buffer image = sample("txtmode");
    image[SampleImage::gbe.offset + 4] ^= 1;  // a wrong checksum, to have a problem
    add_files(image, {{"fallback/romstage", 90000},
                      {"fallback/ramstage", 260000},
                      {"vgaroms/seavgabios.bin", 28000},
                      {"img/grub2", 1900000},
                      {"img/memtest", 1100000},
                      {"background.png", 340000},
                      {"keymap.cfg", 300}});
    place->write("a.rom", image);
    Buffer other = sample("txtmode");
    other[SampleImage::me.offset + 0x4000] ^= 1;
    add_files(other, {{"fallback/romstage", 90000},
                      {"fallback/ramstage", 270000},
                      {"vgaroms/seavgabios.bin", 28000},
                      {"img/grub2", 1900000},
                      {"background.png", 340000},
                      {"keymap.cfg", 300},
                      {"bootsplash.jpg", 900000}});
    place->write("b.rom", other);
    for (const char* extension : {"html", "svg"}) {
      const std::string option = std::string("--") + extension;
      EXPECT_EQ((*place)({"inspect", place->path("a.rom"), option,
                          place->path(std::string("a.") + extension), "--board",
                          std::string(test::sample_board), "--manifests",
                          place->path("sample/manifests")})
                    .status,
                0);
      EXPECT_EQ((*place)({"inspect", place->path("a.rom"), "--diff", place->path("b.rom"), option,
                          place->path(std::string("diff.") + extension)})
                    .status,
                1);
    }
  }
  static void TearDownTestSuite() {
    delete browser;
    delete place;
    browser = nullptr;
    place = nullptr;
  }

  void SetUp() override {
    if (!Browser::installed())
      GTEST_SKIP() << "chromium and chromium-driver are not installed (./setup test does)";
    browser->resize(1180, 980);
    browser->prefer("light");
    browser->point(0, 0, false);
  }

  /// Files of these sizes, and contents that depend on the size only.
  static void add_files(Buffer& image,
                        const std::vector<std::pair<std::string, std::size_t>>& files) {
    images::CbfsEditor cbfs(image, SampleImage::coreboot);
    for (const auto& [name, size] : files)
      cbfs.add(name, test::sample_content(size, static_cast<std::uint32_t>(size)), {});
  }
  static Buffer sample(const std::string& variant) {
    return place->read("sample/complete/bin/sample_12mb/seabios_sample_12mb_" + variant + ".rom");
  }
  static void open(const char* name) {
    browser->open(place->path(name));
    browser->console();
  }
  /// A selector of the area of that kind and name.
  static std::string area(const std::string& kind, const std::string& name) {
    const std::string id = browser->script(
        "return [...document.querySelectorAll('tr[data-kind]')].find(row => row.dataset.kind === " +
        nlohmann::json(kind).dump() +
        " && row.querySelector('button').textContent === " + nlohmann::json(name).dump() + ").id;");
    return "#a" + id.substr(1);
  }
  static std::string detail(const std::string& term) {
    return browser->script(
        "const found = [...document.querySelectorAll('.details dt')].find(term => term.textContent "
        "=== " +
        nlohmann::json(term).dump() + "); return found ? found.nextSibling.textContent : '';");
  }
  static std::string heading() { return browser->text(".details h2"); }
  static void screenshot(const std::string& name) {
    if (const char* folder = std::getenv("ROMWRIGHT_SCREENSHOTS"))
      test::write_file(std::filesystem::path(folder) / (name + ".png"), browser->screenshot());
  }
  /// Whether an area has its place and size on the map, within a pixel; what is too small is drawn
  /// two pixels high.
  static void expect_to_scale(const std::string& selector, Range range, double extent) {
    const Browser::Box map = browser->box("svg.lanes"), box = browser->box(selector + " .b");
    const double pixels = map_height * static_cast<double>(range.size) / extent;
    EXPECT_NEAR(map.height, map_height, 0.01);
    EXPECT_NEAR(box.y - map.y, map_height * static_cast<double>(range.offset) / extent, 1)
        << selector;
    EXPECT_NEAR(box.height, std::max(pixels, 2.0), 1) << selector;
    EXPECT_GE(box.x, map.x - 0.5) << selector;
    EXPECT_LE(box.x + box.width, map.x + map.width + 0.5) << selector;
  }

  static test::Workplace* place;
  static Browser* browser;
};
test::Workplace* MapPage::place = nullptr;
Browser* MapPage::browser = nullptr;

TEST_F(MapPage, AreasHaveTheirSizes) {
  open("a.html");
  expect_to_scale(area("chip", "bottom"), {0, 8 << 20}, SampleImage::size);
  expect_to_scale(area("chip", "top"), {8 << 20, 4 << 20}, SampleImage::size);
  expect_to_scale(area("descriptor region", "fd"), SampleImage::fd, SampleImage::size);
  expect_to_scale(area("descriptor region", "gbe"), SampleImage::gbe, SampleImage::size);
  expect_to_scale(area("descriptor region", "me"), SampleImage::me, SampleImage::size);
  expect_to_scale(area("descriptor region", "bios"), SampleImage::bios, SampleImage::size);
  expect_to_scale(area("FMAP area", "COREBOOT"), SampleImage::coreboot, SampleImage::size);
  expect_to_scale(area("CBFS file", "fallback/payload"), {0x21040, 200044}, SampleImage::size);
  // COREBOOT lies in SI_BIOS: beside it, not on it.
  const Browser::Box outer = browser->box(area("FMAP area", "SI_BIOS") + " .b");
  const Browser::Box inner = browser->box(area("FMAP area", "COREBOOT") + " .b");
  EXPECT_NEAR(outer.x + outer.width, inner.x, 1);
  EXPECT_THAT(browser->console(), IsEmpty());
}

TEST_F(MapPage, IsSelfContained) {
  open("a.html");
  EXPECT_EQ(browser->script("return performance.getEntriesByType('resource').length;"), 0);
  EXPECT_THAT(browser->console(), IsEmpty());
  // Its policy admits no script but its own.
  browser->script(
      "const s = document.createElement('script'); s.textContent = 'window.intruded = 1'; "
      "document.body.append(s);");
  EXPECT_TRUE(browser->script("return window.intruded === undefined;"));
  EXPECT_THAT(browser->console(), testing::Contains(HasSubstr("Content Security Policy")));
}

TEST_F(MapPage, AClickShowsDetails) {
  open("a.html");
  EXPECT_FALSE(browser->visible(".details"));
  browser->click(area("descriptor region", "bios") + " .b");
  EXPECT_TRUE(browser->visible(".details"));
  EXPECT_EQ(heading(), "bios");
  EXPECT_EQ(detail("Kind"), "descriptor region");
  EXPECT_EQ(detail("Offset"), "0x0001b000 to 0x00bfffff");
  EXPECT_EQ(detail("Size"), "12180 KiB = 12472320 bytes");
  const Buffer image = place->read("a.rom");
  EXPECT_EQ(detail("SHA-256"),
            hex_digest(Hash::sha256, slice(ConstBytes(image), SampleImage::bios, "bios")));
  EXPECT_EQ(browser->script("return document.activeElement.id;"),
            area("descriptor region", "bios").substr(1));
  EXPECT_EQ(browser->script("return document.querySelectorAll('.list .chosen').length;"), 1);
  browser->click(area("CBFS file", "img/grub2") + " .b");
  screenshot("inspect-page");
}

TEST_F(MapPage, SmallAreasCanBeChosen) {
  open("a.html");
  // Two pixels high on the map; the pointer need not hit them exactly.
  browser->script("document.querySelector('.lanes').scrollIntoView({block: 'end'});");
  const Browser::Box box = browser->box(area("CBFS file", "ecfw1.bin") + " .b");
  ASSERT_LT(box.height, 4);
  browser->point(box.x + box.width / 2, box.y - 1.5, true);
  EXPECT_EQ(heading(), "ecfw1.bin");
  // What is smaller still is in the list.
  const std::string row = "#r" + area("CBFS file", "config").substr(2);
  browser->click(row + " button");
  EXPECT_EQ(heading(), "config");
  EXPECT_EQ(detail("Size"), "39 bytes");
}

TEST_F(MapPage, HoverTellsNamePlaceSizeAndHash) {
  open("a.html");
  EXPECT_FALSE(browser->visible(".hint"));
  const Browser::Box box = browser->box(area("chip", "top") + " .b");
  browser->point(box.x + 20, box.y + 100, false);
  ASSERT_TRUE(browser->visible(".hint"));
  EXPECT_THAT(browser->text(".hint"),
              StartsWith("top, chip, file of split: top_4mb.rom\noffset 0x00800000, size 4 MiB "
                         "(4194304 bytes)\nSHA-256 "));
  const Browser::Box hint = browser->box(".hint");
  EXPECT_GE(hint.x, 0);
  EXPECT_LE(hint.x + hint.width, 1180);
  browser->point(2, 2, false);
  EXPECT_FALSE(browser->visible(".hint"));
}

TEST_F(MapPage, TheKeyboardReachesEverything) {
  open("a.html");
  browser->press({key::tab});
  EXPECT_EQ(heading(), "bottom");
  browser->press({key::down});
  EXPECT_EQ(heading(), "top");
  browser->press({key::right});
  EXPECT_EQ(heading(), "bios");
  browser->press({key::home});
  EXPECT_EQ(heading(), "fd");
  browser->press({key::down});
  EXPECT_EQ(heading(), "gbe");
  EXPECT_THAT(detail("Problem"), HasSubstr("checksum"));
  browser->press({key::up, key::up});
  EXPECT_EQ(heading(), "fd");
  browser->press({key::left});
  EXPECT_EQ(heading(), "bottom");
  // Every area by arrows alone.
  browser->press({key::home});
  std::size_t count = 0;
  const std::size_t all = browser->script("return document.querySelectorAll('.lanes .a').length;");
  const std::size_t lanes =
      browser->script("return document.querySelectorAll('.lanes > [role=group]').length;");
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t in_lane =
        browser->script(fmt::format("return document.querySelectorAll('.lanes > "
                                    "[role=group]')[{}].querySelectorAll('.a').length;",
                                    lane));
    browser->press({key::home});
    for (std::size_t i = 0; i < in_lane; ++i, ++count) {
      EXPECT_EQ(browser->script("return document.activeElement.id;"), fmt::format("a{}", count));
      browser->press({key::down});
    }
    browser->press({key::home, key::right});
  }
  EXPECT_EQ(count, all);
  // One stop of Tab: the next one is a button outside of the map.
  browser->press({key::tab});
  EXPECT_EQ(browser->script("return document.activeElement.closest('.lanes');"), nullptr);
}

TEST_F(MapPage, AreasAreNamedForScreenReaders) {
  open("a.html");
  const std::string gbe = area("descriptor region", "gbe");
  const std::string label =
      browser->script("return document.querySelector('" + gbe + "').getAttribute('aria-label');");
  EXPECT_THAT(label, StartsWith("gbe, descriptor region\noffset 0x00001000, size 8 KiB"));
  EXPECT_THAT(label, HasSubstr("Warning: "));
  EXPECT_EQ(browser->script("return document.querySelector('" + gbe + "').getAttribute('role');"),
            "button");
  browser->click("#r" + gbe.substr(2) + " button");
  EXPECT_EQ(
      browser->script("return document.querySelector('" + gbe + "').getAttribute('aria-pressed');"),
      "true");
}

TEST_F(MapPage, ZoomsToAnAreaAndBack) {
  open("a.html");
  EXPECT_FALSE(browser->visible(area("CBFS file", "fallback/payload") + " svg text"));
  browser->click("#r" + area("descriptor region", "me").substr(2) + " button");
  browser->click(".details .zoom");
  const Browser::Box map = browser->box("svg.lanes");
  const Browser::Box me = browser->box(area("descriptor region", "me") + " .b");
  EXPECT_NEAR(me.height, map_height / 1.1, 1);
  EXPECT_NEAR(me.y - map.y, map_height * 0.05 / 1.1, 1);
  // The regions beside it, at the same scale, and what is elsewhere not at all.
  const Browser::Box bios = browser->box(area("descriptor region", "bios") + " .b");
  EXPECT_NEAR(bios.y, me.y + me.height, 1);
  EXPECT_FALSE(browser->visible(area("chip", "top") + " .b"));
  EXPECT_THAT(browser->text(".axis"), HasSubstr("0x4000"));
  browser->click(".details .whole");
  expect_to_scale(area("descriptor region", "me"), SampleImage::me, SampleImage::size);
  browser->click(area("descriptor region", "bios") + " .b");
  browser->press({key::home, key::enter});
  EXPECT_NEAR(browser->box(area("descriptor region", "fd") + " .b").height, map_height / 1.1, 1);
  browser->press({key::escape});
  expect_to_scale(area("descriptor region", "fd"), SampleImage::fd, SampleImage::size);
  EXPECT_THAT(browser->console(), IsEmpty());
}

/// The relative luminance of "rgb(r, g, b)" (WCAG 2).
double luminance(const std::string& colour) {
  std::array<double, 3> parts{};
  std::size_t at = colour.find('(') + 1;
  for (double& part : parts) {
    std::size_t used = 0;
    part = std::stod(colour.substr(at), &used) / 255;
    part = part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    at += used + 2;
  }
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

double contrast(const std::string& a, const std::string& b) {
  const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
  return (light + 0.05) / (dark + 0.05);
}

TEST_F(MapPage, TextIsReadableInLightAndDark) {
  for (const char* scheme : {"light", "dark"})
    for (const char* page : {"a.html", "diff.html"}) {
      browser->prefer(scheme);
      open(page);
      const std::string ground = browser->style("body", "backgroundColor");
      EXPECT_EQ(luminance(ground) < 0.5, std::string_view(scheme) == "dark") << ground;
      for (const char* text : {"h1", ".facts li", ".problems li", ".list th button", ".list td",
                               ".list th .about", ".keys"})
        EXPECT_GE(contrast(browser->style(text, "color"), ground), 4.5) << scheme << " " << text;
      const nlohmann::json pairs = browser->script(
          "return [...document.querySelectorAll('.lanes .a')].map(a => [a.className.baseVal, "
          "getComputedStyle(a.querySelector('svg text')).fill, "
          "getComputedStyle(a.querySelector('.b')).fill]).filter(p => p[2].startsWith('rgb'));");
      EXPECT_GT(pairs.size(), 5U);
      for (const nlohmann::json& pair : pairs)
        EXPECT_GE(contrast(pair[1], pair[2]), 4.5) << scheme << " " << pair.dump();
    }
}

TEST_F(MapPage, FitsAPhone) {
  for (const char* page : {"a.html", "diff.html"}) {
    browser->resize(390, 844, true);
    open(page);
    EXPECT_EQ(browser->script("return document.documentElement.scrollWidth;"), 390) << page;
    const Browser::Box map = browser->box("svg.lanes"), list = browser->box(".list");
    EXPECT_GT(map.width, 280);
    EXPECT_GE(list.y, map.y + map.height - 0.5);
    EXPECT_GE(std::stod(browser->style(".list td", "fontSize")), 12);
    EXPECT_GE(std::stod(browser->style(".lanes svg text", "fontSize")), 11);
    // The details come up over the lower end of the window, the map still in sight.
    browser->click(area("descriptor region", "bios") + " .b");
    EXPECT_EQ(heading(), "bios");
    const Browser::Box details = browser->box(".details");
    EXPECT_LE(details.y + details.height, 844 + 1);
    EXPECT_GT(details.y, 844 / 2.0);
    EXPECT_GE(browser->box(".details .zoom").height, 32);
    if (std::string_view(page) == "a.html") screenshot("inspect-phone");
  }
}

TEST_F(MapPage, DifferencesAreColouredAndSigned) {
  browser->prefer("dark");
  open("diff.html");
  EXPECT_THAT(browser->text(".comparison"), StartsWith("compared with b.rom: "));
  const std::string changed = area("descriptor region", "bios"),
                    same = area("descriptor region", "fd");
  EXPECT_NE(browser->style(changed + " .b", "fill"), browser->style(same + " .b", "fill"));
  EXPECT_EQ(browser->text(changed + " svg text"), "≠ bios");
  EXPECT_EQ(browser->text(same + " svg text"), "fd");
  EXPECT_EQ(browser->text(area("CBFS file", "bootsplash.jpg") + " svg text"), "+ bootsplash.jpg");
  browser->click(changed + " .b");
  EXPECT_THAT(detail("Difference"), StartsWith("changed: "));
  EXPECT_THAT(browser->console(), IsEmpty());
  browser->click(area("CBFS file", "fallback/ramstage") + " .b");
  screenshot("inspect-diff");
}

TEST_F(MapPage, WithoutScriptsTheListHasEverything) {
  browser->allow_scripts(false);
  browser->open(place->path("a.html"));
  browser->allow_scripts(true);
  EXPECT_THAT(browser->text("#a1 title"), StartsWith("top, chip"));
  EXPECT_THAT(browser->text("#r1"), HasSubstr("0x00800000"));
  EXPECT_FALSE(browser->visible(".details"));
  const Browser::Box map = browser->box("svg.lanes"), top = browser->box("#a1 .b");
  EXPECT_NEAR(top.y - map.y, map_height * 2 / 3, 1);
  EXPECT_NEAR(top.height, map_height / 3, 1);
}

TEST_F(MapPage, ThePictureTellsOnHoverAndByKeyboard) {
  open("a.svg");
  const Browser::Box bottom = browser->box("#a0 .b"), top = browser->box("#a1 .b");
  EXPECT_NEAR(bottom.height, map_height * 2 / 3, 1);
  EXPECT_NEAR(top.height, map_height / 3, 1);
  EXPECT_NEAR(top.y, bottom.y + bottom.height, 1);
  EXPECT_EQ(browser->style("#a1 .tip", "visibility"), "hidden");
  browser->point(top.x + 20, top.y + 50, false);
  EXPECT_EQ(browser->style("#a1 .tip", "visibility"), "visible");
  EXPECT_EQ(browser->style("#a0 .tip", "visibility"), "hidden");
  EXPECT_THAT(browser->text("#a1 .tip"), StartsWith("top, chip"));
  browser->point(2, 2, false);
  browser->press({key::tab});
  EXPECT_EQ(browser->style("#a0 .tip", "visibility"), "visible");
  browser->press({key::tab});
  EXPECT_EQ(browser->style("#a1 .tip", "visibility"), "visible");
  EXPECT_EQ(browser->style("#a0 .tip", "visibility"), "hidden");
  EXPECT_THAT(browser->console(), IsEmpty());
  screenshot("inspect-picture");
  browser->prefer("dark");
  EXPECT_LT(luminance(browser->style(".page", "fill")), 0.1);
}

TEST_F(MapPage, NamesOfTheImageAreTextAndNothingElse) {
  Buffer image = test::sample_image();
  const std::string evil = "<script>window.intruded=1</script><img src=x onerror=intruded=1>";
  images::CbfsEditor(image, SampleImage::coreboot).add(evil, Buffer(200000, 0x77), {});
  const std::string_view word = "sevenby";
  images::CbfsEditor(image, SampleImage::coreboot).add(std::string(word), Buffer(64, 1), {});
  const std::string_view bytes = "\xff\xfe\xc0\xaf'\"&";
  std::ranges::copy(bytes, std::search(image.begin(), image.end(), word.begin(), word.end()));
  const std::uint64_t area_name = SampleImage::fmap.offset + 56 + 8;
  test::put_name(image, area_name, "\"><script>intruded=1//</script>");
  place->write("<b onclick=intruded=1>&.rom", image);
  for (const char* option : {"--html", "--svg"}) {
    const std::string page = std::string("evil.") + (option + 2);
    ASSERT_EQ(
        (*place)({"inspect", place->path("<b onclick=intruded=1>&.rom"), option, place->path(page)})
            .status,
        0);
    open(page.c_str());
    EXPECT_TRUE(browser->script("return window.intruded === undefined;")) << page;
    EXPECT_EQ(browser->script("return document.querySelectorAll('img, b, script').length;"),
              page == "evil.html" ? 1 : 0);
    EXPECT_EQ(browser->script("return document.querySelectorAll('parsererror').length;"), 0);
  }
  open("evil.html");
  browser->click(area("CBFS file", evil) + " .b");
  EXPECT_EQ(heading(), evil);
  EXPECT_EQ(browser->text("h1"), "<b onclick=intruded=1>&.rom");
  EXPECT_TRUE(browser->script("return window.intruded === undefined;"));
  EXPECT_THAT(browser->text(".list"), HasSubstr("\\xff\\xfe\\xc0\\xaf'\"&"));
  EXPECT_THAT(browser->console(), IsEmpty());
}

}  // namespace
}  // namespace romwright
