// SPDX-License-Identifier: GPL-2.0-or-later
// The forms of single values: whether a text has one, and how it is described.
#pragma once

#include <string>
#include <string_view>

#include "toolkit/manifests/schema.h"

namespace romwright::manifests {

/// Nothing where `text` is as `schema` says; else why not, "is no size". `quoted` text is never a
/// number or a truth value.
std::string refuse_scalar(const Schema& schema, std::string_view text, bool quoted);

/// How a value of this form is written: "12MiB, 64KiB, 0x1000 or a number of bytes".
std::string describe_shape(const Schema& schema);

/// The regular expression (ECMA-262, anchored) of a value that is written as text; empty where any
/// text will do.
std::string_view pattern_of(Shape shape);

}  // namespace romwright::manifests
