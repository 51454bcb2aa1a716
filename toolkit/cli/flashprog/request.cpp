// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/flashprog/request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <getopt.h>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::cli::flashprog {

namespace {

enum LongOnly : int {
  option_ifd = 256,
  option_fmap,
  option_fmap_file,
  option_flash_name,
  option_flash_size,
  option_progress,
  option_wp_status,
  option_wp_list,
  option_wp_enable,
  option_wp_disable,
  option_wp_range,
  option_wp_region,
};

// A '-' in front would return operands as options; ':' tells a missing argument from an unknown
// option. The file of -r, -w and -v may be left out where every region has its own.
constexpr const char* short_options = ":r::w::v::nNVEfc:l:i:p:Lho:R";
const std::array<option, 31> long_options{{
    {"read", optional_argument, nullptr, 'r'},
    {"write", optional_argument, nullptr, 'w'},
    {"verify", optional_argument, nullptr, 'v'},
    {"erase", no_argument, nullptr, 'E'},
    {"noverify", no_argument, nullptr, 'n'},
    {"noverify-all", no_argument, nullptr, 'N'},
    {"chip", required_argument, nullptr, 'c'},
    {"verbose", no_argument, nullptr, 'V'},
    {"force", no_argument, nullptr, 'f'},
    {"layout", required_argument, nullptr, 'l'},
    {"ifd", no_argument, nullptr, option_ifd},
    {"fmap", no_argument, nullptr, option_fmap},
    {"fmap-file", required_argument, nullptr, option_fmap_file},
    {"include", required_argument, nullptr, 'i'},
    {"image", required_argument, nullptr, 'i'},
    {"flash-name", no_argument, nullptr, option_flash_name},
    {"flash-size", no_argument, nullptr, option_flash_size},
    {"get-size", no_argument, nullptr, option_flash_size},
    {"list-supported", no_argument, nullptr, 'L'},
    {"programmer", required_argument, nullptr, 'p'},
    {"help", no_argument, nullptr, 'h'},
    {"version", no_argument, nullptr, 'R'},
    {"output", required_argument, nullptr, 'o'},
    {"progress", no_argument, nullptr, option_progress},
    {"wp-status", no_argument, nullptr, option_wp_status},
    {"wp-list", no_argument, nullptr, option_wp_list},
    {"wp-enable", optional_argument, nullptr, option_wp_enable},
    {"wp-disable", no_argument, nullptr, option_wp_disable},
    {"wp-range", required_argument, nullptr, option_wp_range},
    {"wp-region", required_argument, nullptr, option_wp_region},
    {nullptr, 0, nullptr, 0},
}};

void once(std::string& into, const char* value, std::string_view option) {
  if (!into.empty()) throw UsageError(fmt::format("{} specified more than once", option));
  if (value == nullptr || *value == '\0') throw UsageError(fmt::format("{}: no value", option));
  into = value;
}

/// START,LENGTH as strtoull reads them.
Range parse_wp_range(std::string_view text) {
  const auto number = [&](std::string_view part) {
    const int base = part.starts_with("0x") || part.starts_with("0X") ? 16 : 10;
    const std::string_view digits = base == 16 ? part.substr(2) : part;
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
      throw UsageError(fmt::format("wp-range: '{}' is no START,LENGTH", text));
    return value;
  };
  const std::size_t comma = std::min(text.find(','), text.size());
  return {number(text.substr(0, comma)),
          comma == text.size() ? number("") : number(text.substr(comma + 1))};
}

Include parse_include(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

void check(const Request& request) {
  const int layouts = int{!request.layout_file.empty()} + int{request.ifd} + int{request.fmap} +
                      int{!request.fmap_file.empty()};
  if (layouts > 1) throw UsageError("the layout comes from more than one place");
  if (layouts == 0 && (!request.includes.empty() || !request.wp_region.empty()))
    throw UsageError("a region is named, but no layout", "-l FILE, --ifd, --fmap or --fmap-file");
  const bool files =
      !request.includes.empty() &&
      std::ranges::none_of(request.includes, [](const Include& one) { return one.file.empty(); });
  if (request.operation != Operation::none && request.operation != Operation::erase &&
      request.file.empty() && !files)
    throw UsageError("no filename specified");
  if (request.wp_enable && request.wp_disable)
    throw UsageError("--wp-enable and --wp-disable exclude each other");
  if (request.wp_range && !request.wp_region.empty())
    throw UsageError("--wp-range and --wp-region exclude each other");
}

}  // namespace

Request parse_request(const std::vector<std::string>& arguments) {
  Request request;
  std::vector<std::string> words{"flashprog"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(words.size());
  const auto operate = [&](Operation operation) {
    if (request.operation != Operation::none) throw UsageError("more than one operation specified");
    request.operation = operation;
    if (operation == Operation::erase) return;
    if (optarg != nullptr) {
      request.file = optarg;
    } else if (optind < argc && (argv[optind][0] != '-' || argv[optind][1] == '\0')) {
      request.file = argv[optind++];
    }
  };
  optind = 0;
  opterr = 0;
  for (int given = 0; (given = getopt_long(argc, argv.data(), short_options, long_options.data(),
                                           nullptr)) != -1;) {
    switch (given) {
      case 'r':
        operate(Operation::read);
        break;
      case 'w':
        operate(Operation::write);
        break;
      case 'v':
        operate(Operation::verify);
        break;
      case 'E':
        operate(Operation::erase);
        break;
      case 'n':
        request.no_verify = true;
        break;
      case 'N':
        request.no_verify_all = true;
        break;
      case 'c':
        once(request.chip, optarg, "--chip");
        break;
      case 'V':
        ++request.verbosity;
        break;
      case 'f':
        break;
      case 'l':
        once(request.layout_file, optarg, "--layout");
        break;
      case option_ifd:
        request.ifd = true;
        break;
      case option_fmap:
        request.fmap = true;
        break;
      case option_fmap_file:
        once(request.fmap_file, optarg, "--fmap-file");
        break;
      case 'i':
        request.includes.push_back(parse_include(optarg));
        break;
      case option_flash_name:
        request.flash_name = true;
        break;
      case option_flash_size:
        request.flash_size = true;
        break;
      case 'L':
        request.list = true;
        break;
      case 'p':
        once(request.programmer, optarg, "--programmer");
        break;
      case 'h':
        request.help = true;
        break;
      case 'R':
        request.version = true;
        break;
      case 'o':
        once(request.log_file, optarg, "--output");
        break;
      case option_progress:
        request.progress = true;
        break;
      case option_wp_status:
        request.wp_status = true;
        break;
      case option_wp_list:
        request.wp_list = true;
        break;
      case option_wp_enable:
        request.wp_enable = true;
        break;
      case option_wp_disable:
        request.wp_disable = true;
        break;
      case option_wp_range:
        request.wp_range = parse_wp_range(optarg);
        break;
      case option_wp_region:
        once(request.wp_region, optarg, "--wp-region");
        break;
      case ':':
        throw UsageError(fmt::format("option '{}' requires an argument", argv[optind - 1]));
      default:
        throw UsageError(fmt::format("unknown option '{}'", argv[optind - 1]));
    }
  }
  if (optind < argc) throw UsageError(fmt::format("extra parameter '{}'", argv[optind]));
  check(request);
  return request;
}

std::string_view help_text() {
  return R"(Usage: romwright flashprog [OPTIONS]
flashprog's and flashrom's own options, for scripts and documents that exist.

 -p, --programmer PROGRAMMER         the programmer
 -c, --chip CHIP                     the chip, where several match
 -r, --read FILE                     reads the chip into FILE
 -w, --write FILE                    writes FILE to the chip, and verifies
 -v, --verify FILE                   compares the chip with FILE
 -E, --erase                         erases the chip
 -l, --layout FILE                   regions from a layout file
     --ifd, --fmap, --fmap-file FILE regions from the descriptor or the FMAP
 -i, --include REGION[:FILE]         only this region (from or to FILE)
 -n, --noverify                      does not verify: the result is NOT VERIFIED
 -N, --noverify-all                  verifies included regions only
 -f, --force                         taken; no check of romwright's can be turned off
 -o, --output FILE                   also logs to FILE
 -V, --verbose                       says more
 -L, --list-supported                lists chips and programmers
     --flash-name, --flash-size      prints the chip's name, its size
     --progress                      shows progress
     --wp-status, --wp-list, --wp-enable, --wp-disable,
     --wp-range START,LENGTH, --wp-region REGION
                                     the chip's write protection
 -h, --help   -R, --version
)";
}

}  // namespace romwright::cli::flashprog
