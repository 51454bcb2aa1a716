// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/hash_list.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

const std::string sha512_of_abc = hex_digest(Hash::sha512, as_bytes("abc"));
const std::string sha1_of_abc = "a9993e364706816aba3e25717850c26c9cd0d89d";

std::string error_of(std::string_view text) {
  try {
    HashList::parse(text, "bin/x/vendorhashes");
  } catch (const ImageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(HashList, ReadsWhatSha512sumPrints) {
  const HashList list = HashList::parse(
      sha512_of_abc + "  ./b.rom\n" + sha512_of_abc + " *a.rom\n\n", "vendorhashes");
  EXPECT_EQ(list.hash(), Hash::sha512);
  EXPECT_EQ(list.find("a.rom"), sha512_of_abc);
  EXPECT_EQ(list.find("./a.rom"), std::nullopt);
  EXPECT_EQ(list.entries().size(), 2U);
  EXPECT_EQ(list.text(), sha512_of_abc + "  ./a.rom\n" + sha512_of_abc + "  ./b.rom\n");
  EXPECT_EQ(HashList::parse(list.text(), "x").entries(), list.entries());
}

TEST(HashList, ReadsSha1OfOlderReleases) {
  const HashList list = HashList::parse("A9993E364706816ABA3E25717850C26C9CD0D89D  ./a.rom", "x");
  EXPECT_EQ(list.hash(), Hash::sha1);
  EXPECT_TRUE(list.verify("a.rom", as_bytes("abc")));
}

TEST(HashList, VerifiesOrTellsBothHashes) {
  HashList list;
  list.add("a.rom", as_bytes("abc"));
  EXPECT_TRUE(list.verify("a.rom", as_bytes("abc")));
  EXPECT_FALSE(list.verify("b.rom", as_bytes("abc")));
  try {
    HashList::parse(sha1_of_abc + "  ./a.rom\n", "x").verify("a.rom", as_bytes("abd"));
    FAIL();
  } catch (const ImageError& error) {
    EXPECT_EQ(error.line(),
              "a.rom: its SHA-1 is cb4cc28df0fdbe0ecf9d9662e294b118092a5735, the release's list "
              "says a9993e364706816aba3e25717850c26c9cd0d89d (the vendor files are not the ones "
              "that the release was made with, or the ROM was changed)");
  }
}

TEST(HashList, RefusesOtherLines) {
  const std::string at = "bin/x/vendorhashes:";
  EXPECT_EQ(error_of(""), "bin/x/vendorhashes: no hashes in it");
  EXPECT_EQ(error_of("\n\n"), "bin/x/vendorhashes: no hashes in it");
  EXPECT_EQ(error_of(sha1_of_abc.substr(1) + "  ./a.rom"),
            at + "1: 39 hexadecimal digits are no SHA-512 and no SHA-1");
  EXPECT_EQ(error_of(sha1_of_abc + "  ./a.rom\nhello"),
            at + "2: 0 hexadecimal digits are no SHA-512 and no SHA-1");
  EXPECT_EQ(error_of(sha1_of_abc + " ./a.rom"), at + "1: two blanks must follow the hash");
  EXPECT_EQ(error_of(sha1_of_abc), at + "1: two blanks must follow the hash");
  EXPECT_EQ(error_of(sha1_of_abc + "  ../a.rom"),
            at + "1: '../a.rom' is no name of a file beside the list");
  EXPECT_EQ(error_of(sha1_of_abc + "  ./"), at + "1: '' is no name of a file beside the list");
  EXPECT_EQ(error_of(sha1_of_abc + "  ./a\n" + sha512_of_abc + "  ./b\n"),
            at + "2: SHA-512 and SHA-1 are mixed");
  EXPECT_EQ(error_of(sha1_of_abc + "  ./a\n" + sha1_of_abc + "  ./a\n"),
            at + "2: 'a' has a hash already");
}

}  // namespace
}  // namespace romwright::images
