// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/flashprog/work.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/output_file.h"
#include "flash/base/read_file.h"
#include "flash/chips/table.h"
#include "flash/device/flash_device.h"
#include "flash/programmers/table.h"
#include "toolkit/cli/board_check.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/exit_status.h"
#include "toolkit/images/formats/fmap.h"
#include "toolkit/images/release.h"
#include "toolkit/pipeline/chromebook.h"
#include "toolkit/pipeline/device.h"
#include "toolkit/pipeline/region_selection.h"

namespace romwright::cli::flashprog {

namespace {

/// An included region, found in the layout.
struct Part {
  Include include;
  Range range;
};

std::vector<images::Region> fmap_regions(ConstBytes bytes) {
  std::vector<images::Region> regions;
  if (const auto map = images::find_fmap(bytes))
    for (const images::FmapArea& area : map->areas)
      regions.push_back({area.name, area.range, "fmap"});
  return regions;
}

class Work {
 public:
  Work(const Request& request, Log& log, Session& session)
      : request_(request),
        log_(log),
        run_{session.stop.get_token(), log},
        backups_(backup_directory(session.configuration)),
        device_(pipeline::Device::open({{request.programmer}, chips(request), {}, false}, log)) {}

  void operator()() {
    greet();
    if (request_.flash_size) return log_.say(fmt::format("{}\n", device_.size()));
    if (request_.flash_name) {
      const pipeline::FoundChip& chip = device_.chips().front();
      return log_.say(fmt::format("vendor=\"{}\" name=\"{}\"\n", chip.vendor, chip.name));
    }
    find_parts();
    if (request_.protects()) protect();
    switch (request_.operation) {
      case Operation::none:
        if (!request_.protects()) log_.say("No operations were specified.\n");
        break;
      case Operation::read:
        read();
        break;
      case Operation::write:
        write_image(target());
        break;
      case Operation::verify:
        verify();
        break;
      case Operation::erase:
        write(Buffer(device_.size(), device_.flash().geometry().erased_value), "(blank)");
        break;
    }
    device_.close();
  }

 private:
  static std::vector<std::string> chips(const Request& request) {
    if (request.chip.empty()) return {};
    return {request.chip};
  }

  [[nodiscard]] std::string simulated() const { return device_.simulated() ? " SIMULATED" : ""; }

  void greet() {
    const pipeline::FoundChip& chip = device_.chips().front();
    log_.say(fmt::format("Found {}{}flash chip \"{}\" ({} kB) on {}.\n", chip.vendor,
                         chip.vendor.empty() ? "" : " ", chip.name, chip.size / 1024,
                         request_.programmer.substr(0, request_.programmer.find(':'))));
  }

  Buffer read_chip() {
    return flash::FlashDevice(device_.flash(), device_.clock()).read(false, run_);
  }

  [[nodiscard]] std::vector<images::Region> layout() {
    if (!request_.layout_file.empty()) {
      const Buffer text = read_file(request_.layout_file, 1U << 20, run_.stop);
      return pipeline::parse_layout_file({reinterpret_cast<const char*>(text.data()), text.size()},
                                         request_.layout_file);
    }
    if (!request_.fmap_file.empty())
      return fmap_regions(read_file(request_.fmap_file, images::largest_image, run_.stop));
    if (!request_.ifd && !request_.fmap) return {};
    const Buffer content = flash::FlashDevice(device_.flash(), device_.clock()).read_open(run_);
    std::vector<images::Region> regions = images::image_layout(content).regions;
    std::erase_if(regions, [&](const images::Region& region) {
      return region.source != (request_.ifd ? "ifd" : "fmap");
    });
    return regions;
  }

  void find_parts() {
    if (request_.includes.empty() && request_.wp_region.empty()) return;
    const std::vector<images::Region> regions = layout();
    const auto find = [&](const std::string& name) {
      const auto found = std::ranges::find(regions, name, &images::Region::name);
      if (found == regions.end())
        throw UsageError(fmt::format("Invalid region specified: \"{}\".", name));
      if (!Range{0, device_.size()}.contains(found->range))
        throw RefusedError(fmt::format("Region \"{}\" lies outside the chip.", name));
      return found->range;
    };
    for (const Include& include : request_.includes)
      parts_.push_back({include, find(include.region)});
    if (!request_.wp_region.empty()) wp_region_ = find(request_.wp_region);
  }

  /// What the included regions cover; empty for the whole chip.
  [[nodiscard]] std::vector<Range> ranges() const {
    std::vector<Range> all;
    for (const Part& part : parts_) all.push_back(part.range);
    return all;
  }

  void read() {
    log_.say("Reading flash... ");
    Buffer content;
    if (parts_.empty()) {
      content = read_chip();
    } else {
      content.resize(device_.size());
      for (const Part& part : parts_) {
        const Bytes into = slice(Bytes(content), part.range, "region");
        device_.flash().read(part.range.offset, into, run_);
        if (!part.include.file.empty()) write_whole(part.include.file, into);
      }
    }
    if (!request_.file.empty())
      write_whole(request_.file == "-" ? "/dev/stdout" : request_.file, content);
    log_.say(fmt::format("done.{}\n", simulated()));
  }

  /// The image of -w or -v, with the files of included regions put in.
  [[nodiscard]] Buffer target() const {
    Buffer image(device_.size(), 0xff);
    if (!request_.file.empty()) {
      image = read_file(request_.file == "-" ? "/dev/stdin" : request_.file,
                        images::largest_image + 1, run_.stop);
      if (image.size() != device_.size())
        throw RefusedError(
            fmt::format("Error: Image size ({} B) doesn't match the expected size "
                        "({} B)!",
                        image.size(), device_.size()));
    }
    for (const Part& part : parts_) {
      if (part.include.file.empty()) continue;
      const Buffer piece = read_file(part.include.file, images::largest_image, run_.stop);
      if (piece.size() != part.range.size)
        throw RefusedError(fmt::format("Error: {} has {} B, the region {} has {} B!",
                                       part.include.file, piece.size(), part.include.region,
                                       part.range.size));
      std::ranges::copy(piece, slice(Bytes(image), part.range, "region").begin());
    }
    return image;
  }

  void write_image(Buffer image) {
    if (pipeline::own_machine({request_.programmer}).own)
      pipeline::require_machine_of(image, known_boards({}, log_), {request_.programmer},
                                   flash::SystemFiles::of_machine(), log_);
    pipeline::warn_of_verified_boot(device_.flash(), {request_.programmer}, log_, run_);
    write(std::move(image), request_.file);
  }

  void write(Buffer image, const std::string& name) {
    pipeline::require_certain(device_);
    flash::WriteOptions options;
    options.allowed = ranges();
    options.unprotect = true;
    if (request_.no_verify_all) options.verify = flash::Verify::written;
    if (request_.no_verify) options.verify = flash::Verify::none;
    flash::FlashDevice writer(device_.flash(), device_.clock());
    log_.say("Reading old flash chip contents... ");
    const flash::WritePlan plan = writer.plan(std::move(image), options, run_);
    log_.say("done.\nErasing and writing flash chip... ");
    const flash::WriteReport report = writer.write(
        plan, {backups_, state_directory() / "journals", device_.facts(""), name}, run_);
    if (report.identical) {
      log_.say(fmt::format("\nWarning: Chip content is identical to the requested image.{}\n",
                           simulated()));
      return log_.say("Erase/write done.\n");
    }
    log_.say("Erase/write done.\n");
    log_.say(request_.no_verify ? fmt::format("NOT VERIFIED{}\n", simulated())
                                : fmt::format("Verifying flash... VERIFIED.{}\n", simulated()));
    if (report.backup)
      log_.note(fmt::format("The old content is in {}", report.backup->content.string()));
  }

  void verify() {
    const Buffer image = target();
    log_.say("Verifying flash... ");
    flash::FlashDevice(device_.flash(), device_.clock()).verify(image, ranges(), run_);
    log_.say(fmt::format("VERIFIED.{}\n", simulated()));
  }

  [[nodiscard]] std::string describe(Range range) const {
    const std::uint64_t size = device_.size();
    const auto fraction = [&]() -> std::string {
      if (range.size == 0) return "none";
      if (range.size == size) return "all";
      std::uint64_t part = range.size, whole = size;
      while (part % 2 == 0 && whole % 2 == 0) {
        part /= 2;
        whole /= 2;
      }
      const char* side = range.offset == 0 ? "lower " : range.end() == size ? "upper " : "";
      return fmt::format("{}{}/{}", side, part, whole);
    };
    return fmt::format("start={:#010x} length={:#010x} ({})", range.offset, range.size, fraction());
  }

  void protect() {
    flash::WriteProtect* protection = device_.flash().write_protect();
    if (protection == nullptr)
      throw RefusedError("Failed to access write protection: this programmer cannot");
    if (request_.wp_disable) {
      protection->lock(false);
      log_.say("Disabled hardware protection\n");
    }
    if (request_.wp_range || wp_region_) {
      const Range range = request_.wp_range ? *request_.wp_range : *wp_region_;
      protection->protect(range);
    }
    if (request_.wp_enable) {
      protection->lock(true);
      log_.say("Enabled hardware protection\n");
    }
    if (request_.wp_range || wp_region_)
      log_.say(
          fmt::format("Activated protection range: {}\n", describe(protection->status().range)));
    if (request_.wp_list) {
      log_.say("Available protection ranges:\n");
      for (const Range& range : protection->ranges())
        log_.say(fmt::format("\t{}\n", describe(range)));
    }
    if (request_.wp_status) {
      const flash::WriteProtectStatus status = protection->status();
      log_.say(fmt::format("Protection range: {}\nProtection mode: {}\n", describe(status.range),
                           status.mode));
    }
  }

  const Request& request_;
  Log& log_;
  Run run_;
  std::filesystem::path backups_;
  pipeline::Device device_;
  std::vector<Part> parts_;
  std::optional<Range> wp_region_;
};

void list_supported(Log& log) {
  log.say("Supported flash chips:\n");
  for (const flash::Chip* chip : flash::all_chips())
    log.say(fmt::format("{:<16} {:<48} {:>6} kB\n", chip->vendor, chip->name, chip->size / 1024));
  log.say("\nSupported programmers:\n");
  for (const flash::ProgrammerEntry* entry : flash::programmers())
    log.say(fmt::format("{:<16} {}\n", entry->name, entry->title));
}

int code_of(const Error& error) {
  if (dynamic_cast<const InterruptedError*>(&error) != nullptr) return exit_status(error);
  if (dynamic_cast<const ChangedError*>(&error) != nullptr) return exit_changed;
  if (dynamic_cast<const VerifyError*>(&error) != nullptr) return exit_differs;
  return exit_failed;
}

}  // namespace

int work(const Request& request, Log& log, Session& session) {
  if (request.list) {
    list_supported(log);
    return exit_done;
  }
  try {
    if (request.programmer.empty())
      throw UsageError("Please select a programmer with the --programmer parameter.");
    Work(request, log, session)();
    return exit_done;
  } catch (const Error& error) {
    const int code = code_of(error);
    if (code == exit_differs) log.say("FAILED\n");
    log.error(error.line());
    for (const std::string& line : error.others()) log.error(line);
    return code;
  }
}

}  // namespace romwright::cli::flashprog
