// SPDX-License-Identifier: GPL-2.0-or-later
// What a file is by its first bytes, as far as containers are concerned.
#pragma once

#include <vector>

#include "flash/base/bytes.h"

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

/// Where archives may lie in a program: its overlay first, then every other signature in order; at
/// most 32 places.
std::vector<std::size_t> archives_within(ConstBytes program);

/// True for a program that Inno Setup made.
bool is_inno_setup(ConstBytes program);

}  // namespace romwright::vendor
