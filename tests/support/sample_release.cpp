// SPDX-License-Identifier: GPL-2.0-or-later
// romwright-sample-release FOLDER [BOARD]: makes FOLDER/sample for `./setup demo` and the manual.
#include "tests/support/sample_release.h"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) return 2;
  try {
    romwright::test::make_sample_release(std::filesystem::path(argv[1]) / "sample",
                                         argc == 3 ? argv[2] : romwright::test::sample_board);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "romwright-sample-release: %s\n", error.what());
    return 1;
  }
}
