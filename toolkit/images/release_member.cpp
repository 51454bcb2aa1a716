// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/release_member.h"

namespace romwright::images {

namespace {

using Kind = ReleaseMember::Kind;

/// Takes the last part off `path`.
std::string_view take_last(std::string_view& path) {
  const auto slash = path.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  return last;
}

Kind kind_of(std::string_view file) {
  if (file == "vendorhashes" || file == "blobhashes") return Kind::hashes;
  if (file == ".version") return Kind::version;
  if (file == ".versiondate") return Kind::date;
  return parse_rom_name(file) ? Kind::rom : Kind::other;
}

/// The board that a folder's path tells: the part behind bin/.
std::string board_of(std::string_view folder) {
  const std::string_view board = take_last(folder);
  return take_last(folder) == "bin" ? std::string(board) : std::string();
}

ReleaseMember read(std::string_view path) {
  ReleaseMember member{.path = std::string(path)};
  const std::string_view file = take_last(path);
  member.folder = path;
  member.kind = kind_of(file);
  member.name = parse_rom_name(file).value_or(RomName{std::string(file)});
  return member;
}

void set_board(ReleaseMember& member, std::string board) {
  member.board = std::move(board);
  if (member.board.starts_with("serprog_")) member.kind = Kind::serprog;
}

}  // namespace

ReleaseMember tarball_member(std::string_view path) {
  ReleaseMember member = read(path);
  set_board(member, board_of(member.folder));
  if (member.board.empty() && member.kind == Kind::rom) member.kind = Kind::other;
  return member;
}

ReleaseMember folder_member(std::string_view path, std::string_view outer) {
  ReleaseMember member = read(path);
  std::string whole(outer);
  if (!member.folder.empty()) whole += "/" + member.folder;
  set_board(member, board_of(whole));
  return member;
}

}  // namespace romwright::images
