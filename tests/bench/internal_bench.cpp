// SPDX-License-Identifier: GPL-2.0-or-later
// internal_bench: writes over modelled Intel machines, in virtual time against what they must take;
// how long the look of `doctor` and the opening of `probe` take there; and the program's own time
// for `doctor` over an empty machine, in real time. Exit status 1 where a figure is missed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>

#include "tests/scenarios/engine/pch_figures.h"
#include "tests/support/machine_root.h"
#include "toolkit/pipeline/chromebook.h"
#include "toolkit/pipeline/doctor.h"

namespace {

using namespace romwright;
using namespace romwright::flash;
using namespace romwright::flash::scenario;
using Seconds = std::chrono::duration<double>;

constexpr double largest_ratio = 1.1, longest_look = 0.3;
bool all_met = true;

void judge(bool met) {
  all_met = all_met && met;
  std::printf("%s\n", met ? "" : "  MISSED");
}

void write(const char* name, std::uint64_t changed) {
  const PchFigure figure = measure_pch(changed);
  const double ratio = figure.seconds / figure.floor;
  std::printf("%-24s %8.3f s, floor %8.3f s, ratio %.3f, %.1f accesses a cycle", name,
              figure.seconds, figure.floor, ratio,
              static_cast<double>(figure.counts.register_accesses) /
                  static_cast<double>(figure.counts.cycles));
  judge(figure.right && ratio <= largest_ratio);
}

void look(const char* name, PchKind kind, const char* chip, Sequencing sequencing) {
  OnPch pch({.kind = kind}, chip);
  pch.usual_descriptor();
  pch.power_on();
  const std::chrono::nanoseconds start = pch.clock.now();
  pch.open(sequencing);
  const double probed = Seconds(pch.clock.now() - start).count();
  std::vector<Finding> found = look_at_chipset(*pch.machine);
  for (Finding& finding : pch.programmer->findings()) found.push_back(std::move(finding));
  const auto boot = pipeline::find_verified_boot(pch.flash(), std::nullopt, pch.run);
  const double looked = Seconds(pch.clock.now() - start).count();
  std::printf("%-24s probe %.4f s, doctor %.4f s of registers and wire, %zu findings", name, probed,
              looked, found.size());
  judge(!boot && looked < longest_look);
}

void doctor_of_nothing() {
  const test::MachineRoot root;
  Silence events;
  romwright::Run run{{}, events};
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto findings = pipeline::examine({{}, {}, {}, 1, "/backups"}, root.files(1000), run);
    best = std::min(best, Seconds(std::chrono::steady_clock::now() - start).count());
    if (findings.empty()) best = 1e9;
  }
  std::printf("%-24s %.4f s", "doctor, empty machine", best);
  judge(best < longest_look);
}

}  // namespace

int main() {
  try {
    write("full replacement", 8U << 20);
    write("64 KiB change", 64U << 10);
    look("6 series, hardware", PchKind::pch6, "W25Q64FV", Sequencing::hardware);
    look("6 series, software", PchKind::pch6, "W25Q64FV", Sequencing::software);
    look("100 series", PchKind::pch100, "W25Q128FV", Sequencing::automatic);
    doctor_of_nothing();
    return all_met ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "internal_bench: %s\n", error.what());
    return 1;
  }
}
