// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/html_head.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "flash/base/digest.h"
#include "flash/base/version.h"
#include "toolkit/pipeline/map/page_text.h"

namespace romwright::pipeline {

namespace {

/// 'sha256-...', as a content security policy names what it admits.
std::string policy_hash(std::string_view text) {
  if (text.empty()) return "'none'";
  const Buffer hash = digest(Hash::sha256, as_bytes(text));
  std::array<unsigned char, 64> base64{};
  const int size = EVP_EncodeBlock(base64.data(), hash.data(), static_cast<int>(hash.size()));
  return fmt::format("'sha256-{}'", std::string(base64.begin(), base64.begin() + size));
}

}  // namespace

std::string html_head(std::string_view title, std::string_view style, std::string_view script) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
      "script-src {}; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"generator\" content=\"romwright {}\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n",
      policy_hash(style), policy_hash(script), escaped(version), title, style);
}

}  // namespace romwright::pipeline
