// SPDX-License-Identifier: GPL-2.0-or-later
// me_clean: firmware of the Management Engine without what a machine starts without.
#include "toolkit/images/formats/me_clean/me_clean.h"

#include "toolkit/vendor/each_file.h"

namespace romwright::vendor {

namespace {

/// More than any flash chip with a Management Engine holds.
constexpr std::uint64_t largest_image = 64ULL << 20;

std::vector<std::string> names(const nlohmann::json& parameters, const char* key) {
  return parameters.value(key, std::vector<std::string>{});
}

images::MeCleanOptions options_of(const nlohmann::json& parameters) {
  const auto is_set = [&](const char* key) { return parameters.value(key, false); };
  images::MeCleanOptions options;
  options.relocate = is_set("relocate");
  options.truncate = is_set("truncate");
  options.keep_modules = is_set("keep_modules");
  options.whitelist = names(parameters, "whitelist");
  options.blacklist = names(parameters, "blacklist");
  options.drop_access = is_set("descriptor");
  if (is_set("soft_disable")) options.soft_disable = images::MeSoftDisable::too;
  if (is_set("soft_disable_only")) options.soft_disable = images::MeSoftDisable::only;
  return options;
}

/// Cleans `bytes`. Of a full image its region comes out, unless the step changes the descriptor
/// too.
Buffer clean(ConstBytes bytes, images::MeCleanOptions options) {
  if (bytes.size() > largest_image) throw ImageError("too large for firmware of a flash chip");
  const bool whole = options.drop_access || options.soft_disable != images::MeSoftDisable::no;
  options.extract_me = !whole && images::is_full_image(bytes);
  images::MeCleaning cleaning = images::clean_me(Buffer(bytes.begin(), bytes.end()), options);
  if (cleaning.failure) throw *cleaning.failure;
  return std::move(cleaning.me ? *cleaning.me : cleaning.image);
}

ExtractedFiles me_clean(const ExtractedFiles& files, const nlohmann::json& parameters,
                        Workshop& workshop) {
  const images::MeCleanOptions options = options_of(parameters);
  within("me_clean", [&] { options.check(); });
  return from_each_file(
      files, workshop, "me_clean: there is no file",
      [&](const ExtractedFile& file, ExtractedFiles& found) {
        found.push_back({file.path, Content(clean(file.content.bytes(), options))});
      });
}

}  // namespace

extern const ExtractorEntry extractor_me_clean{"me_clean", me_clean};

}  // namespace romwright::vendor
