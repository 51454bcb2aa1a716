// SPDX-License-Identifier: GPL-2.0-or-later
// The keys of the user's config.yaml.
#include "toolkit/manifests/common_schemas.h"
#include "toolkit/manifests/schema.h"

namespace romwright::manifests {

namespace {

using namespace schemas;

constexpr Schema texts{.shape = Shape::one_or_list, .item = &text};

constexpr Field configuration_fields[] = {
    {"programmer", &texts, false, "as -p; a list for several chips, in ascending order"},
    {"chip", &texts, false, "as --chip, for that programmer"},
    {"manifests", &texts, false, "as --manifests: directories with layouts/ and vendorfiles/"},
    {"vendor_dirs", &texts, false, "as --vendor-dir: directories with vendor files"},
    {"backups", &text, false, "the directory that backups and receipts go to"},
    {"log", &text, false, "as --log: the file that everything is written to"},
};
constexpr Schema configuration{.shape = Shape::object, .fields = configuration_fields};

}  // namespace

const Schema& configuration_schema() { return configuration; }

}  // namespace romwright::manifests
