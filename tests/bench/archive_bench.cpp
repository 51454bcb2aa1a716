// SPDX-License-Identifier: GPL-2.0-or-later
// archive_bench RELEASE OUT: reads every ROM of RELEASE and writes them all to OUT, a .tar.xz or a
// folder; prints the seconds of both and the size. tests/bench/archive compares with xz -9e.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <vector>

#include "toolkit/images/release.h"
#include "toolkit/images/release_writer.h"

namespace {

using namespace romwright;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void run(const char* input, const char* output) {
  const auto start = std::chrono::steady_clock::now();
  images::Release release = images::Release::open(input);
  images::ReleaseContents contents;
  std::vector<images::Rom> roms;
  release.read([](const images::RomEntry&) { return true; },
               [&](images::Rom rom) {
                 contents.members.push_back("bin/" + rom.entry.board + "/" + rom.entry.name.name);
                 roms.push_back(std::move(rom));
               });
  const double reading = seconds_since(start);
  const auto between = std::chrono::steady_clock::now();
  const auto writer =
      images::ReleaseWriter::create(output, images::output_of(output, roms.size() == 1), contents);
  for (std::size_t i = 0; i < roms.size(); ++i)
    writer->put(contents.members[i], std::move(roms[i].content));
  writer->finish();
  std::printf("read %.3f write %.3f", reading, seconds_since(between));
  if (std::filesystem::is_regular_file(output))
    std::printf(" size %ju", std::uintmax_t{std::filesystem::file_size(output)});
  std::puts("");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3) return run(argv[1], argv[2]), 0;
    std::fputs("usage: archive_bench RELEASE OUT\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "archive_bench: %s\n", error.what());
  }
  return 1;
}
