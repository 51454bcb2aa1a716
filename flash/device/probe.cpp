// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/probe.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "flash/base/nearest.h"
#include "flash/chips/table.h"
#include "flash/device/chip_choice.h"
#include "flash/device/chip_id.h"

namespace romwright::flash {
namespace {

constexpr std::uint8_t read_sfdp = 0x5a;

[[noreturn]] void nobody(const ChipId& id) {
  throw NoDeviceError(
      fmt::format("no chip answers: every byte reads {}", id.low ? "00" : "ff"),
      id.low ? "is the chip powered, and is MISO (pin 2) connected?"
             : "is the clip on straight, pin 1 to pin 1, and is the machine without power?");
}

std::vector<std::string_view> all_parts(std::span<const Chip* const> rows) {
  std::vector<std::string_view> parts;
  for (const Chip* row : rows)
    for (std::string_view name = row->name; !name.empty();) {
      const std::size_t end = std::min(name.find('/'), name.size());
      parts.push_back(name.substr(0, end));
      name.remove_prefix(std::min(end + 1, name.size()));
    }
  return parts;
}

/// The rows that the user's name means. Throws UsageError where there is none.
std::vector<const Chip*> named_rows(std::span<const Chip* const> rows, std::string_view name) {
  std::vector<const Chip*> found;
  for (const Chip* row : rows)
    if (names_part(row->name, name)) found.push_back(row);
  if (!found.empty()) return found;
  const std::vector<std::string_view> parts = all_parts(rows);
  const std::string near = nearest(name, parts);
  throw UsageError(
      fmt::format("--chip {}: no such chip is known", name),
      near.empty() ? "`romwright chips` lists all" : fmt::format("did you mean {}?", near));
}

std::vector<const Chip*> of_size(const std::vector<const Chip*>& rows,
                                 std::optional<std::uint64_t> size) {
  std::vector<const Chip*> found;
  for (const Chip* row : rows)
    if (!size || row->size == *size) found.push_back(row);
  return found.empty() ? rows : found;
}

std::vector<std::string> names_of(const std::vector<const Chip*>& rows) {
  std::vector<std::string> names;
  for (const Chip* row : rows) names.emplace_back(row->name);
  return names;
}

}  // namespace

ChipKnowledge known_chips() {
  return {all_chips(), [](const SfdpReader& read) -> std::optional<OwnedChip> {
            const std::optional<Sfdp> sfdp = parse_sfdp(read);
            if (!sfdp) return std::nullopt;
            return OwnedChip(chip_from_sfdp(*sfdp).chip);
          }};
}

ProbeResult probe(SpiBus& bus, const ProbeOptions& options, const ChipKnowledge& knowledge) {
  std::vector<const Chip*> named;
  if (!options.chip.empty()) named = named_rows(knowledge.rows, options.chip);
  const ChipId id = read_chip_id(bus);
  if (id.silent()) nobody(id);
  std::vector<const Chip*> matching;
  for (const Chip* row : knowledge.rows)
    if (matches(*row, id)) matching.push_back(row);
  const std::vector<std::string> candidates = names_of(matching);

  std::vector<std::string> notes;
  if (!named.empty()) {
    std::vector<const Chip*> both;
    for (const Chip* row : named)
      if (matches(*row, id)) both.push_back(row);
    if (both.empty() && !id.rdid.empty())
      throw UsageError(
          fmt::format("--chip {}: the chip that answers has the id {}", options.chip,
                      to_hex(id.bytes())),
          matching.empty() ? "" : fmt::format("that is {}", fmt::join(candidates, ", ")));
    if (both.empty()) {
      both = named;
      notes.emplace_back("the chip does not tell its id: it is taken for what --chip says");
    }
    matching = both;
  }

  const bool has_sfdp = knowledge.sfdp && bus.limits().allows(read_sfdp);
  std::optional<OwnedChip> sfdp;
  if (has_sfdp && matching.size() != 1)
    sfdp = knowledge.sfdp([&](std::uint32_t offset, std::size_t size) {
      Buffer answer(size, 0xff);
      for (std::size_t at = 0; at < size;) {
        const std::size_t part = std::min(size - at, bus.limits().max_in);
        const SpiOp op = SpiCommand{.opcode = read_sfdp,
                                    .address_bytes = 3,
                                    .dummy_bytes = 1,
                                    .address = offset + static_cast<std::uint32_t>(at),
                                    .in = Bytes(answer).subspan(at, part)};
        bus.run({&op, 1}, {});
        at += part;
      }
      return answer;
    });
  if (matching.empty()) {
    if (!sfdp)
      throw NoDeviceError(
          fmt::format("a chip with the unknown id {} answers, without SFDP", to_hex(id.bytes())),
          "name a chip that behaves like it with --chip, or check the wiring");
    notes.push_back(
        fmt::format("the id {} is in no table: SFDP describes the chip", to_hex(id.bytes())));
    return {*sfdp, id.bytes(), true, candidates, std::move(notes)};
  }
  ChipChoice choice = choose_chip(of_size(matching, options.size), sfdp ? &**sfdp : nullptr);
  notes.insert(notes.end(), choice.notes.begin(), choice.notes.end());
  return {std::move(choice.chip), id.bytes(), false, candidates, std::move(notes)};
}

}  // namespace romwright::flash
