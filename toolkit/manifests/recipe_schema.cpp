// SPDX-License-Identifier: GPL-2.0-or-later
// The keys of a vendor file, and the parameters of each extractor.
#include "toolkit/manifests/common_schemas.h"
#include "toolkit/manifests/schema.h"

namespace romwright::manifests {

namespace {

using namespace schemas;

constexpr std::string_view kind_names[] = {"intel-me",   "mrc", "refcode",     "ec",
                                           "option-rom", "fsp", "thunderbolt", "other"};
constexpr Schema kind{.shape = Shape::choice, .choices = kind_names};

constexpr Schema url{.shape = Shape::url};
constexpr Schema urls{.shape = Shape::list, .item = &url};
constexpr Field download_fields[] = {
    {"sha512", &sha512, true, "of the package as it is downloaded"},
    {"size", &download_size, false, "of the package"},
    {"urls", &urls, true, "tried in order; each is verified"},
    {"source", &text, false, "whose it is, where the address does not tell"},
};
constexpr Schema download{.shape = Shape::object, .fields = download_fields};

constexpr Schema none{.shape = Shape::object};
constexpr Schema patterns{.shape = Shape::one_or_list, .item = &pattern};
constexpr std::string_view me_names[] = {"any", "region", "update"};
constexpr Schema me{.shape = Shape::choice, .choices = me_names};
constexpr Schema guid{.shape = Shape::guid};
constexpr Field find_fields[] = {
    {"name", &patterns, false, "files by name or path, the first pattern that matches one"},
    {"guid", &guid, false, "a UEFI file by its GUID"},
    {"sha512", &sha512, false, "the file with this hash"},
    {"intel-me", &me, false, "the Management Engine image in whatever there is"},
};
constexpr std::string_view find_names[] = {"name", "guid", "sha512", "intel-me"};
constexpr Rule find_rules[] = {{Rule::Kind::exactly_one, find_names}};
constexpr Schema find{.shape = Shape::object, .fields = find_fields, .rules = find_rules};

constexpr Field me_clean_fields[] = {
    {"relocate", &boolean, false, "move the FTPR partition to the start (-r)"},
    {"truncate", &boolean, false, "cut what is empty at the end (-t)"},
    {"keep_modules", &boolean, false, "leave the modules of FTPR as they are (-k)"},
    {"whitelist", &names, false, "partitions to keep besides FTPR (-w)"},
    {"blacklist", &names, false, "partitions to remove, all others kept (-b)"},
    {"soft_disable", &boolean, false, "set the HAP or AltMeDisable bit too (-S)"},
    {"soft_disable_only", &boolean, false, "set that bit and nothing else (-s)"},
    {"descriptor", &boolean, false, "clear the ME's write access in the descriptor (-d)"},
};
constexpr std::string_view white_or_black[] = {"whitelist", "blacklist"};
constexpr Rule me_clean_rules[] = {{Rule::Kind::at_most_one, white_or_black}};
constexpr Schema me_clean{
    .shape = Shape::object, .fields = me_clean_fields, .rules = me_clean_rules};

constexpr std::string_view section_names[] = {"firmware", "utilities"};
constexpr Schema section{.shape = Shape::choice, .choices = section_names};
constexpr Field dell_pfs_fields[] = {
    {"section", &section, false, "which part of the package; absent: firmware"},
    {"component", &pattern, false, "only the component of this name, such as \"System BIOS*\""},
};
constexpr Schema dell_pfs{.shape = Shape::object, .fields = dell_pfs_fields};

constexpr Schema index{.shape = Shape::integer, .most = 0xffff};
constexpr std::string_view uefi_section_names[] = {"raw",   "pe32",     "te",    "ui",
                                                   "depex", "freeform", "volume"};
constexpr Schema uefi_section{.shape = Shape::choice, .choices = uefi_section_names};
constexpr Field uefi_step_fields[] = {
    {"guid", &guid, false, "a volume or file with this GUID"},
    {"section", &uefi_section, false, "a section of this type"},
    {"index", &index, false, "its place among its neighbours, from 0"},
};
constexpr std::string_view guid_or_section[] = {"guid", "section"};
constexpr Rule uefi_step_rules[] = {{Rule::Kind::exactly_one, guid_or_section}};
constexpr Schema uefi_step{
    .shape = Shape::object, .fields = uefi_step_fields, .rules = uefi_step_rules};
constexpr Schema uefi_path{.shape = Shape::list, .item = &uefi_step};
constexpr Field uefi_fields[] = {
    {"path", &uefi_path, true, "from the outside to the inside"},
};
constexpr Schema uefi{.shape = Shape::object, .fields = uefi_fields};
constexpr Field sch5545_fields[] = {
    {"path", &uefi_path, false, "where it lies in the UEFI image, where not in the usual place"},
};
constexpr Schema sch5545{.shape = Shape::object, .fields = sch5545_fields};

constexpr Field chromeos_fields[] = {
    {"partition", &name, false, "of the recovery image; absent: ROOT-A"},
    {"updater", &text, false, "in that partition; absent: /usr/sbin/chromeos-firmwareupdate"},
    {"image", &pattern, false, "in the updater; absent: bios.bin"},
};
constexpr Schema chromeos_recovery{.shape = Shape::object, .fields = chromeos_fields};

constexpr std::string_view stage_names[] = {"raw", "elf"};
constexpr Schema stage{.shape = Shape::choice, .choices = stage_names};
constexpr Field cbfs_file_fields[] = {
    {"name", &text, true, "of the file in CBFS"},
    {"area", &name, false, "the FMAP area that holds the CBFS; absent: COREBOOT"},
    {"stage", &stage, false, "elf: a stage is turned into an ELF file for x86"},
};
constexpr Schema cbfs_file{.shape = Shape::object, .fields = cbfs_file_fields};

constexpr Schema hex{.shape = Shape::hex};
constexpr Field patch_fields[] = {
    {"offset", &offset, true, "in the file"},
    {"bytes", &hex, true, "what is written there, in hexadecimal"},
};
constexpr Schema patch{.shape = Shape::object, .fields = patch_fields};

constexpr Field e6400_vga_fields[] = {
    {"offset", &offset, false, "where the compressed part of the package begins"},
    {"module", &pattern, false, "which BIOS module holds the option ROM"},
};
constexpr Schema e6400_vga{.shape = Shape::object, .fields = e6400_vga_fields};

constexpr Field carve_fields[] = {
    {"offset", &offset, true, "in the file"},
    {"size", &flash_size, false, "absent: to the end"},
};
constexpr Schema carve{.shape = Shape::object, .fields = carve_fields};

constexpr Field pad_fields[] = {
    {"size", &flash_size, true, "that the file is filled up to"},
    {"byte", &byte, false, "with this; absent: 0xff"},
};
constexpr Schema pad{.shape = Shape::object, .fields = pad_fields};
constexpr Field thunderbolt_fields[] = {
    {"size", &flash_size, true, "of the controller's chip; the rest is filled with 0x00"},
};
constexpr Schema thunderbolt{.shape = Shape::object, .fields = thunderbolt_fields};

constexpr Schema arguments{.shape = Shape::list, .item = &text};
constexpr Field external_fields[] = {
    {"program", &name, true, "looked for on PATH; run without a shell"},
    {"arguments", &arguments, true, "{input} and {output} stand for files"},
    {"homepage", &url, false, "where the program is had"},
};
constexpr Schema external{.shape = Shape::object, .fields = external_fields};

constexpr Field extractors[] = {
    {"unpack", &none, false, "whatever container it is, recursively, within limits"},
    {"find", &find, false, "choose among the files that there are"},
    {"carve", &carve, false, "a part of a file"},
    {"patch", &patch, false, "other bytes at one place"},
    {"pad", &pad, false, "fill up to a size"},
    {"me_clean", &me_clean, false, "remove what the Management Engine can do without"},
    {"me7_update", &none, false, "the cleaned region that an ME 7 update image stands for"},
    {"dell_pfs", &dell_pfs, false, "the components of a Dell update package"},
    {"uefi", &uefi, false, "one thing in a UEFI firmware image"},
    {"sch5545", &sch5545, false, "the firmware of the SCH5545 in a Dell UEFI image"},
    {"fsp_split", &none, false, "the T, M and S components of an FSP"},
    {"chromeos_recovery", &chromeos_recovery, false, "the firmware in a ChromeOS recovery image"},
    {"cbfs_file", &cbfs_file, false, "one file of a CBFS"},
    {"kbc1126", &none, false, "the two parts of the EC firmware of HP laptops"},
    {"e6400_vga", &e6400_vga, false, "the graphics option ROM in a Dell Latitude E6400 package"},
    {"thunderbolt", &thunderbolt, false,
     "firmware of a Thunderbolt controller, as its chip holds it"},
    {"external", &external, false, "a program that this project does not contain"},
};
constexpr Schema extractor{.shape = Shape::step, .fields = extractors};
constexpr Schema extract{.shape = Shape::list, .item = &extractor};

constexpr Field result_fields[] = {
    {"name", &name, true, "of the file"},
    {"sha512", &sha512, true, "what is inserted has this hash, or is not inserted"},
    {"size", &flash_size, false, "of the file"},
};
constexpr Schema result{.shape = Shape::object, .fields = result_fields};
constexpr Schema results{.shape = Shape::list, .item = &result};

constexpr Field recipe_fields[] = {
    {"file", &name, true, "the name that boards refer to; also that of the file"},
    {"title", &text, false, "what it is"},
    {"kind", &kind, true, "what it is for"},
    {"download", &download, false, "the vendor's package; absent: only the user can supply it"},
    {"extract", &extract, false, "the steps from the package to the results"},
    {"results", &results, true, "the files that come out"},
    {"missing", &text, false, "what to tell the user where it cannot be had"},
};
constexpr Schema recipe{.shape = Shape::object, .fields = recipe_fields};

}  // namespace

const Schema& recipe_schema() { return recipe; }

}  // namespace romwright::manifests
