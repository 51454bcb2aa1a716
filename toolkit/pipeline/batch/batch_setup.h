// SPDX-License-Identifier: GPL-2.0-or-later
// A batch plan with everything that it names looked up: boards, releases, files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/manifests/batch.h"
#include "toolkit/manifests/catalogue.h"
#include "toolkit/pipeline/insertion.h"

namespace romwright::pipeline {

/// A file of the plan, for an image's CBFS.
struct AddedFile {
  std::filesystem::path file;
  std::string sha512;
  std::string cbfs;  ///< its name there
  images::CbfsAddOptions options;
  bool replace = false;
};

/// Firmware for a chip of its own, which lies beside the images.
struct SeparateFirmware {
  std::string name;  ///< "thunderbolt.bin"
  vendor::WantedFile file;
};

struct BatchBuild {
  manifests::Board board;
  std::vector<std::string> roms;  ///< patterns; none: all
  std::vector<manifests::BatchMac> macs;
  std::uint64_t copies = 1;
  std::string suffix;
  std::vector<Insertion> insertions;
  std::vector<SeparateFirmware> separate;
  std::vector<AddedFile> files;
  std::string key;  ///< hash of the manifests, the recipes, the files, and romwright's version
};

struct BatchRelease {
  std::filesystem::path path;
  std::string name;                 ///< of the file, without its endings: the folder of its images
  std::vector<std::size_t> builds;  ///< in the plan's order
};

struct BatchSetup {
  std::string name;
  std::filesystem::path output;
  manifests::BatchFormat format = manifests::BatchFormat::folder;
  std::string seed;
  std::vector<BatchBuild> builds;
  std::vector<BatchRelease> releases;  ///< in the plan's order, each once
};

/// Looks up everything. Throws every problem together: ManifestError for what the plan names and
/// is not there, and for two releases of one name, and the problems of the manifests.
BatchSetup set_up_batch(const manifests::BatchPlan& plan, const manifests::Catalogue& catalogue);

}  // namespace romwright::pipeline
