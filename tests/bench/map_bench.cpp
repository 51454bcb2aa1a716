// SPDX-License-Identifier: GPL-2.0-or-later
// map_bench IMAGE...: the seconds and the size of each image's page, reading it included; the best
// of five.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>

#include "flash/base/read_file.h"
#include "toolkit/pipeline/map/html_page.h"

namespace {

using namespace romwright;

void run(const char* path) {
  double best = 1e9;
  std::size_t size = 0;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const Buffer image = read_file(path, 65U << 20);
    const auto found = pipeline::inspect_image(image);
    size = pipeline::html_page(pipeline::map_image(image, found, path)).size();
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("%s: %.3f s, %zu bytes\n", path, best, size);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    for (int i = 1; i < argc; ++i) run(argv[i]);
    return argc > 1 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "map_bench: %s\n", error.what());
    return 1;
  }
}
