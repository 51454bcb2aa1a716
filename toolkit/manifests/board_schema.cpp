// SPDX-License-Identifier: GPL-2.0-or-later
// The keys of a board manifest.
#include "toolkit/manifests/common_schemas.h"
#include "toolkit/manifests/schema.h"

namespace romwright::manifests {

namespace {

using namespace schemas;

constexpr Field dmi_fields[] = {
    {"vendor", &pattern, false, "system manufacturer"},
    {"product", &pattern, false, "system product name"},
    {"version", &pattern, false, "system version; ThinkPads hold their model here"},
    {"board", &pattern, false, "baseboard product name"},
};
constexpr Schema dmi{.shape = Shape::object, .fields = dmi_fields};
constexpr Schema dmis{.shape = Shape::list, .item = &dmi};

constexpr Field running_fields[] = {
    {"vendor", &pattern, false, "mainboard vendor in the coreboot table"},
    {"part", &pattern, true, "mainboard part number in the coreboot table"},
};
constexpr Schema running{.shape = Shape::object, .fields = running_fields};
constexpr Schema runnings{.shape = Shape::list, .item = &running};

constexpr Field machine_fields[] = {
    {"dmi", &dmis, false, "what the vendor's firmware says; one entry must match in all its keys"},
    {"coreboot", &runnings, false, "what coreboot says; one entry must match in all its keys"},
};
constexpr Schema machine{.shape = Shape::object, .fields = machine_fields};

constexpr Field coreboot_fields[] = {
    {"tree", &name, false, "the source tree that the release builds it from"},
    {"mainboard", &text, true, "the folder below src/mainboard"},
    {"variant", &text, false, "the variant in that folder"},
};
constexpr Schema coreboot{.shape = Shape::object, .fields = coreboot_fields};

/// As `ifdtool -p` spells them, and the older generations, which it guesses.
constexpr std::string_view platform_names[] = {
    "ich8",      "ich9",     "ich10", "ibexpeak", "sandybridge", "ivybridge", "haswell",
    "broadwell", "baytrail", "wbg",   "sklkbl",   "aplk",        "glk",       "lbg",
    "dnv",       "cnl",      "icl",   "ehl",      "jsl",         "tgl",       "adl",
    "ifd2",      "mtl",      "ptl",   "nvl"};
constexpr Schema platform{.shape = Shape::choice, .choices = platform_names};

constexpr std::string_view region_names[] = {"fd",      "bios",    "me", "gbe",     "pd",
                                             "devexp",  "bios2",   "ec", "devexp2", "ie",
                                             "10gbe_0", "10gbe_1", "ptt"};
constexpr Schema region{.shape = Shape::choice, .choices = region_names};

constexpr Field expect_fields[] = {
    {"fd", &range, false, "the descriptor itself"},
    {"bios", &range, false, "the region that the processor starts from"},
    {"me", &range, false, "Management Engine, TXE or SPS"},
    {"gbe", &range, false, "settings of the network controller"},
    {"pd", &range, false, "platform data"},
    {"devexp", &range, false, "device expansion"},
    {"bios2", &range, false, "second BIOS"},
    {"ec", &range, false, "embedded controller"},
    {"devexp2", &range, false, "second device expansion"},
    {"ie", &range, false, "innovation engine"},
    {"10gbe_0", &range, false, "settings of the first 10 Gbit controller"},
    {"10gbe_1", &range, false, "settings of the second 10 Gbit controller"},
    {"ptt", &range, false, "platform trust technology"},
};
constexpr Schema expect{.shape = Shape::object, .fields = expect_fields};

constexpr Field descriptor_fields[] = {
    {"platform", &platform, false, "decides how the descriptor is read; guessed where absent"},
    {"expect", &expect, false, "the regions that the image's descriptor must name, OFFSET+SIZE"},
};
constexpr Schema descriptor{.shape = Shape::object, .fields = descriptor_fields};

constexpr Field image_fields[] = {
    {"size", &flash_size, true, "of a ROM of this board, without its padding byte"},
    {"part_of_chip", &boolean, false, "true: the chips are larger than the image"},
    {"descriptor", &descriptor, false, "the Intel flash descriptor, where the image has one"},
};
constexpr Schema image{.shape = Shape::object, .fields = image_fields};

constexpr Field chip_fields[] = {
    {"name", &name, true, "where it is, or what it says on it"},
    {"size", &flash_size, true, "of this chip"},
};
constexpr Schema chip{.shape = Shape::object, .fields = chip_fields};
constexpr Schema chips{.shape = Shape::list, .item = &chip};

constexpr Schema option_value{.shape = Shape::integer};
constexpr Schema option_values{.shape = Shape::map, .item = &option_value};
constexpr Field cbfs_fields[] = {
    {"size", &flash_size, false, "of the CBFS that vendor files go into"},
    {"options", &option_values, false, "integers that the release stores as files option/NAME"},
};
constexpr Schema cbfs{.shape = Shape::object, .fields = cbfs_fields};

constexpr Field insert_fields[] = {
    {"file", &name, true, "the vendor file: vendorfiles/<file>.yaml"},
    {"result", &name, false, "which of its results; needed where it has several"},
    {"region", &region, false, "put it at the start of this region of the descriptor"},
    {"cbfs", &text, false, "put it into CBFS under this name"},
    {"type", &cbfs_type, false, "the type of the CBFS file, by name or number"},
    {"address", &cbfs_address, false, "where it lies in memory, the image ending at 4 GiB"},
    {"offset", &cbfs_offset, false, "where it lies in CBFS; negative: before its end"},
    {"xip", &boolean, false, "true: an FSP that is relocated to where it lies"},
};
constexpr std::string_view region_or_cbfs[] = {"region", "cbfs"};
constexpr std::string_view cbfs_needs_type[] = {"cbfs", "type"};
constexpr std::string_view type_needs_cbfs[] = {"type", "cbfs"};
constexpr std::string_view address_needs_cbfs[] = {"address", "cbfs"};
constexpr std::string_view offset_needs_cbfs[] = {"offset", "cbfs"};
constexpr std::string_view xip_needs_cbfs[] = {"xip", "cbfs"};
constexpr std::string_view address_or_offset[] = {"address", "offset"};
constexpr Rule insert_rules[] = {
    {Rule::Kind::exactly_one, region_or_cbfs},   {Rule::Kind::needs, cbfs_needs_type},
    {Rule::Kind::needs, type_needs_cbfs},        {Rule::Kind::needs, address_needs_cbfs},
    {Rule::Kind::needs, offset_needs_cbfs},      {Rule::Kind::needs, xip_needs_cbfs},
    {Rule::Kind::at_most_one, address_or_offset}};
constexpr Schema insert{.shape = Shape::object, .fields = insert_fields, .rules = insert_rules};
constexpr Schema inserts{.shape = Shape::list, .item = &insert};

constexpr Field separate_fields[] = {
    {"name", &name, true, "of the chip: thunderbolt"},
    {"size", &flash_size, true, "of the chip, which the file fills"},
    {"file", &name, true, "the vendor file: vendorfiles/<file>.yaml"},
    {"result", &name, false, "which of its results; needed where it has several"},
};
constexpr Schema separate{.shape = Shape::object, .fields = separate_fields};
constexpr Schema separates{.shape = Shape::one_or_list, .item = &separate};

constexpr Schema mac{.shape = Shape::mac};
constexpr Field gbe_fields[] = {
    {"default_mac", &mac, false, "what the release's own GbE region holds"},
};
constexpr Schema gbe{.shape = Shape::object, .fields = gbe_fields};

constexpr std::string_view vendor_firmware_names[] = {"never", "always", "with_notes"};
constexpr Schema vendor_firmware{.shape = Shape::choice, .choices = vendor_firmware_names};
constexpr Schema texts{.shape = Shape::map, .item = &text};
constexpr Field internal_fields[] = {
    {"options", &texts, false, "parameters of the programmer 'internal' that this machine needs"},
    {"from_vendor_firmware", &vendor_firmware, false,
     "whether the vendor's firmware lets the machine write its own chip"},
    {"boot_block_swap", &flash_size, false,
     "what the vendor's firmware locks at the top of the chip, and top swap goes round"},
};
constexpr Schema internal{.shape = Shape::object, .fields = internal_fields};

constexpr std::string_view before_names[] = {"prepare", "internal", "external", "boot"};
constexpr Schema before{.shape = Shape::choice, .choices = before_names};
constexpr Field note_fields[] = {
    {"before", &before, false, "when it matters; absent: always"},
    {"text", &text, true, "what the user must know"},
};
constexpr Schema note{.shape = Shape::object, .fields = note_fields};
constexpr Schema notes{.shape = Shape::list, .item = &note};

constexpr Field board_fields[] = {
    {"board", &name, true, "the name of the board, as releases spell it; also that of the file"},
    {"title", &text, true, "maker, model, and size of the flash"},
    {"aliases", &names, false, "other names of the same board"},
    {"machine", &machine, false, "what the running machine must be before an internal write"},
    {"coreboot", &coreboot, false, "what coreboot calls it"},
    {"image", &image, true, "the ROM image"},
    {"chips", &chips, false, "ascending; the image lies across them"},
    {"cbfs", &cbfs, false, "the CBFS of the image"},
    {"insert", &inserts, false, "vendor files, in the order in which they go in"},
    {"separate_chip", &separates, false, "vendor files for other chips of the machine"},
    {"gbe", &gbe, false, "the network controller's region"},
    {"internal", &internal, false, "writing the machine's own chip"},
    {"notes", &notes, false, "what is special about the machine"},
};
constexpr Schema board{.shape = Shape::object, .fields = board_fields};

}  // namespace

const Schema& board_schema() { return board; }

}  // namespace romwright::manifests
