// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/receipt.h"

#include "flash/base/output_file.h"
#include "flash/base/version.h"
#include "toolkit/pipeline/date.h"

namespace romwright::pipeline {

std::filesystem::path write_receipt(const flash::Backup& backup, const ReceiptFacts& facts,
                                    const nlohmann::ordered_json& result) {
  nlohmann::ordered_json receipt = {
      {"romwright", version},
      {"date", date_now()},
      {"command", facts.command},
      {"image", facts.image},
      {"chip", backup.facts.chip},
      {"programmer", backup.facts.programmer},
      {"board", backup.facts.board},
      {"sha512_before", backup.sha512},
      {"sha512_after", facts.target_sha512},
      {"result", result},
  };
  std::filesystem::path path = backup.content;
  path.replace_extension(".receipt.json");
  const std::string text =
      receipt.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  write_whole(path, as_bytes(text), true);
  return path;
}

}  // namespace romwright::pipeline
