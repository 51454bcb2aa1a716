// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_clean/me_clean.h"

#include <algorithm>

#include <fmt/format.h>

#include "toolkit/images/formats/me_clean/me_dump.h"
#include "toolkit/images/formats/me_clean/module_cleaning.h"
#include "toolkit/images/formats/me_clean/partition_cleaning.h"

namespace romwright::images {

std::string_view to_string(MeFate fate) {
  switch (fate) {
    case MeFate::kept:
      return "kept";
    case MeFate::removed:
      return "removed";
    case MeFate::no_data:
      break;
  }
  return "no data";
}

void MeCleanOptions::check() const {
  const bool lists = !whitelist.empty() || !blacklist.empty();
  if (!whitelist.empty() && !blacklist.empty())
    throw UsageError("a whitelist and a blacklist exclude each other");
  if (check_only && (soft_disable != MeSoftDisable::no || relocate || drop_access || truncate))
    throw UsageError("checking only excludes all that changes something");
  if (soft_disable == MeSoftDisable::only && (relocate || truncate))
    throw UsageError("a soft disable only leaves no room to relocate or truncate");
  if (lists && relocate)
    throw UsageError("relocation with a whitelist or blacklist is not supported");
}

namespace {

/// What a region can be at most in a descriptor, and more than any ME region.
constexpr std::uint64_t most_bytes = 128ULL << 20;
constexpr std::int64_t block_size = 0x1000, spare_blocks = 4;

bool has_table(ConstBytes image) {
  for (const std::size_t offset : {0x00U, 0x10U})
    if (image.size() >= offset + 4 &&
        std::ranges::equal(image.subspan(offset, 4), as_bytes("$FPT")))
      return true;
  return false;
}

class Cleaner {
 public:
  Cleaner(Buffer image, const MeCleanOptions& options) : options_(options) {
    result_.image = std::move(image);
  }

  MeCleaning run() {
    options_.check();
    open();
    try {
      change();
      extract();
      verify();
    } catch (const ImageError& error) {
      result_.failure = error;
    }
    return std::move(result_);
  }

 private:
  void open();
  void change();
  void clean();
  void require_region() const;
  void truncate(std::int64_t end);
  [[nodiscard]] bool is_ignition() const;
  void extract();
  void verify();
  void check_signature(const MeWindow& region, std::string_view whose);
  [[nodiscard]] int generation() const {
    return result_.firmware ? result_.firmware->generation : dump_->first_generation() ? 1 : 3;
  }

  MeCleanOptions options_;
  MeCleaning result_;
  std::optional<MeDump> dump_;
  std::optional<MeWindow> region_;  ///< nothing where the descriptor says there is none
  std::int64_t end_ = 0;            ///< of what is left; until it was cleaned, the region's
};

void Cleaner::open() {
  if (has_table(result_.image)) {
    if (options_.drop_access || options_.extract_descriptor || options_.extract_me ||
        options_.soft_disable != MeSoftDisable::no)
      throw UsageError("this is a bare ME region, and what is asked for needs a full image");
    region_.emplace(result_.image, 0, result_.image.size());
  } else {
    dump_ = MeDump::find(result_.image);
    if (!dump_)
      throw ImageError("neither an ME region nor a full image",
                       "an ME region begins with $FPT, a full image with a flash descriptor");
    result_.full_image = true;
    if (dump_->me().used()) region_.emplace(result_.image, dump_->me().start, dump_->me().end);
  }
  if (!region_) return;
  result_.region = {region_->start(), region_->size()};
  result_.firmware = read_me_firmware(*region_, dump_ && dump_->first_generation());
  // By the descriptor alone, whatever the firmware is, as the public tool has it.
  end_ = dump_ && dump_->first_generation() ? 0 : static_cast<std::int64_t>(region_->end());
}

/// ME 6 without the engine's functions, which the machine starts without altogether.
bool Cleaner::is_ignition() const {
  const MeFirmware& firmware = *result_.firmware;
  if (firmware.generation != 2 || firmware.variant != "ME" || firmware.version[0] != 6)
    return false;
  constexpr std::string_view what = "FTPR: SKU";
  const std::uint64_t modules = region_->dword(firmware.code_offset + 0x20, what);
  const ConstBytes sku =
      region_->read_some(firmware.code_offset + 0x290 + (modules + 1) * 0x60, 12, what);
  return sku.size() == 12 && std::ranges::equal(sku.first(4), as_bytes("$SKU")) &&
         load_le<std::uint32_t>(sku, 8) == 0;
}

void Cleaner::change() {
  if (dump_) {
    if (generation() == 1 && !options_.check_only) dump_->disable(result_.image, 1);
    result_.disabled = dump_->disabled(result_.image, generation());
  }
  if (generation() == 1) {
    if (dump_ && region_ && !options_.check_only) {
      dump_->remove_me_region(result_.image);
      region_->fill(0, region_->size(), "ME region");
      result_.wiped = true;
    }
  } else if (!options_.check_only) {
    require_region();
    if (options_.soft_disable != MeSoftDisable::only) {
      result_.wiped = is_ignition();
      if (result_.wiped)
        region_->fill(0, region_->size(), "ME region");
      else
        clean();
    }
    if (options_.soft_disable != MeSoftDisable::no) {
      dump_->disable(result_.image, generation());
      result_.disabled = true;
    }
  }
  if (options_.check_only && region_)
    result_.partitions = list_partitions(*region_, *result_.firmware);
  if (options_.drop_access) dump_->drop_access(result_.image, generation());
}

void Cleaner::clean() {
  const MeFirmware& firmware = *result_.firmware;
  const bool black = !options_.blacklist.empty();
  MePartitions partitions = clean_partitions(
      *region_, firmware, {black ? options_.blacklist : options_.whitelist, black});
  result_.partitions = std::move(partitions.partitions);
  const MeModuleChoice choice{options_.keep_modules, options_.relocate};
  MeModules modules = firmware.generation == 3 ? clean_modules_gen3(*region_, firmware, choice)
                                               : clean_modules_gen2(*region_, firmware, choice);
  result_.modules = std::move(modules.modules);
  result_.code_offset = modules.code_offset;
  result_.modules_skipped = modules.end < 0;
  end_ = modules.end;
  if (end_ <= 0) return;
  end_ = std::max(end_, static_cast<std::int64_t>(partitions.end));
  end_ = (end_ / block_size + 1) * block_size + spare_blocks * block_size;
  result_.minimum_size = static_cast<std::uint64_t>(end_);
  if (options_.truncate && !dump_) truncate(end_);
}

void Cleaner::require_region() const {
  if (!region_) throw ImageError("the flash descriptor says that there is no ME region");
}

void Cleaner::truncate(std::int64_t end) {
  if (static_cast<std::uint64_t>(end) > most_bytes)
    throw ImageError(fmt::format("ME region: what is left ends at {:#x}, out of any region", end));
  result_.image.resize(static_cast<std::size_t>(end));
}

void Cleaner::extract() {
  if (options_.extract_descriptor)
    result_.descriptor = dump_->extract(
        result_.image, options_.truncate ? std::optional(end_) : std::nullopt, generation() != 1);
  if (generation() == 1) return;
  require_region();
  if (!options_.extract_me) return;
  const std::uint64_t size = options_.truncate
                                 ? static_cast<std::uint64_t>(std::max<std::int64_t>(end_, 0))
                                 : region_->size();
  const ConstBytes left = region_->read_some(0, size, "what is left of the ME region");
  result_.me.emplace(left.begin(), left.end());
}

void Cleaner::check_signature(const MeWindow& region, std::string_view whose) {
  const std::uint64_t code = result_.code_offset.value_or(result_.firmware->code_offset);
  result_.signature_valid = false;
  if (!me_signature_valid(region, code + result_.firmware->manifest))
    throw ImageError(fmt::format("the signature of FTPR is not valid{}", whose),
                     "the firmware was damaged or changed before");
  result_.signature_valid = true;
}

void Cleaner::verify() {
  if (generation() == 1 || result_.wiped) return;
  if (result_.me)
    check_signature(MeWindow(*result_.me, 0, result_.me->size()), " in the extracted region");
  check_signature(*region_, "");
}

}  // namespace

bool is_full_image(ConstBytes image) { return !has_table(image) && MeDump::has_signature(image); }

MeCleaning clean_me(Buffer image, const MeCleanOptions& options) {
  return Cleaner(std::move(image), options).run();
}

}  // namespace romwright::images
