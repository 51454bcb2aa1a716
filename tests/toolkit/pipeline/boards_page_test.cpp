// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/boards_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fixtures.h"

namespace romwright::pipeline {
namespace {

using testing::HasSubstr;
using testing::Not;

class BoardsPage : public testing::Test {
 protected:
  void file(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder / name).parent_path());
    test::write_file(folder / name, as_bytes(text));
  }
  test::TemporaryFolder folder;
};

TEST_F(BoardsPage, SaysWhatAManifestSays) {
  const std::string hash(128, 'a');
  file("layouts/x/mine.yaml",
       "board: mine\ntitle: \"Mine & <script>\"\naliases: [own]\nimage: {size: 8MiB}\n"
       "chips:\n  - {name: bottom, size: 4MiB}\n  - {name: top, size: 4MiB}\n"
       "insert:\n  - {file: ec, cbfs: ecfw1.bin, type: raw}\n"
       "separate_chip: {name: thunderbolt, size: 1MiB, file: tb}\n"
       "internal: {from_vendor_firmware: never}\n"
       "notes:\n  - {before: internal, text: Mind the <screw>.}\n");
  for (const std::string name : {"ec", "tb"})
    file("vendorfiles/" + name + ".yaml",
         "file: " + name + "\nkind: ec\ndownload:\n  sha512: " + hash +
             "\n  urls: [\"https://example.org/a?b&c\"]\nextract: [unpack]\nresults:\n  - {name: " +
             name + ".bin, sha512: " + hash + ", size: 4}\nmissing: Look for it.\n");
  const manifests::Catalogue catalogue({folder.path()});
  const std::string page = boards_page(catalogue.boards(), catalogue);
  EXPECT_THAT(page, HasSubstr("<h1>1 boards</h1>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"#mine\">mine</a></th><td>Mine &amp; &lt;script&gt;</td>"
                              "<td>8 MiB</td><td>libreboot</td><td>2</td>"));
  EXPECT_THAT(page, HasSubstr("<li><strong>before an internal write</strong> Mind the "
                              "&lt;screw&gt;.</li>"));
  EXPECT_THAT(page, HasSubstr("<dt>chips</dt><dd>bottom 4 MiB + top 4 MiB</dd>"));
  EXPECT_THAT(page, HasSubstr("<strong>ec.bin</strong> (ec) into CBFS ecfw1.bin<br><code>" + hash));
  EXPECT_THAT(page, HasSubstr("into the thunderbolt chip of its own (1 MiB)"));
  EXPECT_THAT(page, HasSubstr("<a href=\"https://example.org/a?b&amp;c\" rel=\"noreferrer\">"));
  EXPECT_THAT(page, HasSubstr("script-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST_F(BoardsPage, HoldsEveryBoardThatShips) {
  const manifests::Catalogue catalogue({ROMWRIGHT_SOURCE_DIR});
  const std::vector<manifests::Board> boards = catalogue.boards();
  const std::string page = boards_page(boards, catalogue);
  for (const manifests::Board& board : boards)
    EXPECT_THAT(page, HasSubstr("<section id=\"" + board.name + "\">"));
  EXPECT_LT(page.size(), 1U << 20);
}

}  // namespace
}  // namespace romwright::pipeline
