// SPDX-License-Identifier: GPL-2.0-or-later
// JSON Schemas (draft 2020-12) of the manifests, for editors.
#pragma once

#include <string>

#include "toolkit/manifests/schema.h"

namespace romwright::manifests {

/// The schema of one kind as JSON text, indented, with a newline at the end: the content of
/// docs/schema/<kind>.schema.json. An editor sees a manifest as YAML 1.2 core values, where 0x1000
/// is a number and 12MiB a text.
std::string json_schema(ManifestKind kind);

}  // namespace romwright::manifests
