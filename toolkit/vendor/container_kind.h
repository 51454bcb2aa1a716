// SPDX-License-Identifier: GPL-2.0-or-later
// What a file is by its first bytes, as far as containers are concerned.
#pragma once

#include <vector>

#include "flash/base/bytes.h"
#include "toolkit/vendor/content.h"

namespace romwright::vendor {

enum class ContainerKind {
  none,
  zip,
  seven_zip,
  rar,
  cab,
  iso9660,
  tar,
  compressed,  ///< gzip, xz, bzip2 or zstd, of a tar archive or of one file
  script_tar,  ///< a compressed tar archive, perhaps as text for uudecode; never told by signature
  pe,          ///< a Windows or DOS program, perhaps with one of the others in it
};

/// By signature: that the rest is sound is not said.
ContainerKind container_kind(ConstBytes bytes);

/// A program with an archive in it, or that is an installer.
struct PeProgram {
  std::uint64_t overlay = 0;  ///< where the last section's data end, at most the file's size
};

/// Walks the sections of a program. Nothing but the size of the DOS part is known of one without
/// sections. Throws ImageError "PE: ..." where its headers are damaged.
PeProgram read_pe(ConstBytes bytes);

/// An archive that a program may hold, from `offset` to its end.
struct ArchivePlace {
  std::size_t offset = 0;
  ContainerKind kind = ContainerKind::none;
};

/// Where archives may lie in a program: what its overlay begins with, the signatures in the
/// overlay, then those before it; at most 16 of a kind each. A zip archive whose own offsets count
/// from the program's start is at 0.
std::vector<ArchivePlace> archives_within(const Content& program);

/// True for a program that Inno Setup made.
bool is_inno_setup(const Content& program);

}  // namespace romwright::vendor
