// SPDX-License-Identifier: GPL-2.0-or-later
// The keys of a plan for `romwright batch`.
#include "toolkit/manifests/common_schemas.h"
#include "toolkit/manifests/schema.h"

namespace romwright::manifests {

namespace {

using namespace schemas;

constexpr Schema texts{.shape = Shape::one_or_list, .item = &text};
constexpr Schema patterns{.shape = Shape::one_or_list, .item = &pattern};
constexpr Schema mac_policy{.shape = Shape::mac_policy};
constexpr Schema mac_policies{.shape = Shape::one_or_list, .item = &mac_policy};
constexpr Schema copies{.shape = Shape::integer, .least = 1, .most = 100'000};
constexpr std::string_view format_names[] = {"folder", "tarballs"};
constexpr Schema format{.shape = Shape::choice, .choices = format_names};
constexpr std::string_view compression_names[] = {"none", "lzma", "lz4"};
constexpr Schema compression{.shape = Shape::choice, .choices = compression_names};
constexpr Schema alignment{.shape = Shape::size, .least = 1, .most = 256U << 20};

constexpr Field file_fields[] = {
    {"file", &text, true, "what is added; from the plan's folder"},
    {"cbfs", &text, true, "its name in the image's CBFS"},
    {"type", &cbfs_type, false, "the type of the CBFS file, by name or number; absent: raw"},
    {"compression", &compression, false, "absent: none"},
    {"address", &cbfs_address, false, "where it lies in memory, the image ending at 4 GiB"},
    {"offset", &cbfs_offset, false, "where it lies in CBFS; negative: before its end"},
    {"alignment", &alignment, false, "of its content in the image, a power of two"},
    {"replace", &boolean, false, "true: it takes the place of the file of that name"},
};
constexpr std::string_view place_names[] = {"address", "offset", "alignment"};
constexpr Rule file_rules[] = {{Rule::Kind::at_most_one, place_names}};
constexpr Schema file{.shape = Shape::object, .fields = file_fields, .rules = file_rules};
constexpr Schema files{.shape = Shape::list, .item = &file};

constexpr Field build_fields[] = {
    {"board", &text, true, "a name, an alias, or a manifest file"},
    {"releases", &patterns, true, "tarballs, folders or ROMs, * and ? as a shell matches"},
    {"roms", &patterns, false, "which of their ROMs; absent: all of the board"},
    {"mac", &mac_policies, false, "an image for each of these; absent: keep"},
    {"copies", &copies, false, "of each MAC with random digits; absent: 1"},
    {"suffix", &name, false, "behind the ROMs' names, to tell builds of the same ROMs apart"},
    {"files", &files, false, "added to the COREBOOT area of each image"},
};
constexpr Schema build{.shape = Shape::object, .fields = build_fields};
constexpr Schema builds{.shape = Shape::list, .item = &build};

constexpr Field plan_fields[] = {
    {"batch", &name, true, "the name of the plan"},
    {"output", &text, true, "the folder of images and results; from the plan's folder"},
    {"format", &format, false, "absent: folder; tarballs: one .tar.xz a release"},
    {"seed", &text, false, "what random digits of MACs are made from; the same always"},
    {"manifests", &texts, false, "further folders with layouts/ and vendorfiles/"},
    {"vendor_directories", &texts, false, "vendor files, found by their SHA-512"},
    {"builds", &builds, true, "what is built"},
};
constexpr Schema plan{.shape = Shape::object, .fields = plan_fields};

}  // namespace

const Schema& batch_schema() { return plan; }

}  // namespace romwright::manifests
