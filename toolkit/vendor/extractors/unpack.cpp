// SPDX-License-Identifier: GPL-2.0-or-later
// unpack: whatever container it is, and the containers in it.
#include <algorithm>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/archive_extent.h"
#include "toolkit/vendor/container_reader.h"
#include "toolkit/vendor/extractor.h"
#include "toolkit/vendor/inno_setup.h"

namespace romwright::vendor {

namespace {

/// What is in the archives that a program holds.
ExtractedFiles unpack_archives(const ExtractedFile& program, UnpackBudget& budget,
                               Workshop& workshop) {
  ExtractedFiles files;
  std::vector<Range> opened;
  for (const ArchivePlace& place : archives_within(program.content)) {
    if (place.offset == 0 && !files.empty()) continue;
    std::uint64_t end = program.content.size();
    bool within_another = false;
    for (const Range& other : opened) {
      within_another = within_another || other.contains(Range{place.offset, 1});
      if (other.offset > place.offset) end = std::min(end, other.offset);
    }
    if (within_another) continue;
    const ExtractedFile archive{
        program.path, program.content.part({place.offset, end - place.offset}, program.path)};
    try {
      UnpackBudget trial = budget;
      ExtractedFiles members = read_container(archive, place.kind, trial, workshop);
      if (members.empty()) continue;
      budget = trial;
      std::ranges::move(members, std::back_inserter(files));
      opened.push_back({place.offset, archive_size(archive.content.bytes(), place.kind)});
    } catch (const LimitError&) {
      throw;
    } catch (const ImageError& error) {
      // A signature by chance, or in the program's own code.
      workshop.run.events.detail(error.line());
    }
  }
  return files;
}

/// What is in a program; nothing where it is a program and no more.
ExtractedFiles unpack_program(const ExtractedFile& program, UnpackBudget& budget,
                              Workshop& workshop) {
  std::optional<VendorError> refused;
  if (is_inno_setup(program.content)) {
    try {
      return read_inno_setup(program, budget, workshop);
    } catch (const VendorError& error) {
      // An installer may also lie, as it is, in an archive.
      refused = error;
    }
  }
  ExtractedFiles files = unpack_archives(program, budget, workshop);
  if (files.empty() && refused) throw *refused;
  return files;
}

/// Zip archives are known by their ends: anything may lie before them.
ContainerKind kind_of(ConstBytes bytes) {
  const ContainerKind kind = container_kind(bytes);
  return kind == ContainerKind::none && find_zip_end(bytes, longest_zip_tail) ? ContainerKind::zip
                                                                              : kind;
}

class Unpacking {
 public:
  Unpacking(UnpackBudget& budget, Workshop& workshop) : budget_(budget), workshop_(workshop) {}

  /// Appends what is in `file`; false where it is no container.
  bool open(const ExtractedFile& file, int depth) {
    const ContainerKind kind = kind_of(file.content.bytes());
    if (kind == ContainerKind::none) return false;
    ExtractedFiles members = kind == ContainerKind::pe
                                 ? unpack_program(file, budget_, workshop_)
                                 : read_container(file, kind, budget_, workshop_);
    if (kind == ContainerKind::pe && members.empty()) return false;
    for (ExtractedFile& member : members) {
      files_.push_back(member);
      if (depth < budget_.limits().depth) open_member(member, depth + 1);
    }
    return true;
  }

  ExtractedFiles files_;

 private:
  /// A damaged container within another stays what it is: not every member is wanted.
  void open_member(const ExtractedFile& member, int depth) {
    const std::size_t before = files_.size();
    try {
      open(member, depth);
    } catch (const LimitError&) {
      throw;
    } catch (const InterruptedError&) {
      throw;
    } catch (const Error& error) {
      files_.resize(before);
      workshop_.run.events.warning(fmt::format("{}: kept as it is", error.line()));
    }
  }

  UnpackBudget& budget_;
  Workshop& workshop_;
};

ExtractedFiles unpack(const ExtractedFiles& files, const nlohmann::json& /*parameters*/,
                      Workshop& workshop) {
  UnpackBudget budget(workshop.limits, files);
  Unpacking unpacking(budget, workshop);
  for (const ExtractedFile& file : files)
    if (!unpacking.open(file, 1)) unpacking.files_.push_back(file);
  return std::move(unpacking.files_);
}

}  // namespace

extern const ExtractorEntry extractor_unpack{"unpack", unpack};

}  // namespace romwright::vendor
