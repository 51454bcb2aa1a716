// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/yaml_reader.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "flash/base/bytes.h"
#include "flash/base/read_file.h"

namespace romwright::manifests {

namespace {

/// Control characters would act on a terminal.
std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) c = '?';
  return result;
}

/// A line of `text`; nothing where it is too long to be shown.
std::string_view line_at(std::string_view text, int line) {
  constexpr std::size_t longest = 200;
  for (int skipped = 1; skipped < line; ++skipped) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text.size() > longest ? std::string_view() : text;
}

/// Whether the text at `place` is a quote without an end.
bool is_open_quote(std::string_view text, Place place) {
  for (int skipped = 1; skipped < place.line; ++skipped)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  text.remove_prefix(
      std::min(text.size(), static_cast<std::size_t>(std::max(place.column, 1) - 1)));
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return false;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      // In single quotes, two stand for one.
      if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) return false;
      ++i;
    }
  }
  return true;
}

Place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}

/// Builds the tree from the parser's events, and notes what manifests do not allow.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(YamlDocument& document) : document_(document) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) stop(mark, "a second document", "a manifest is one document");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add({}, mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "an alias", "write the value out");
    add({}, mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark);
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.text = value;
    node.quoted = tag == "!";
    last_scalar_ = place_of(mark);
    add(std::move(node), mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(YamlNode::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

  /// Ends the parsing; why is in `errors`.
  struct Stop {};
  std::vector<ManifestError>& errors() { return errors_; }
  /// The parser takes a quote that the end of the file closes; only the last scalar can be one.
  void refuse_open_quote() {
    if (is_open_quote(document_.text, last_scalar_))
      errors_.push_back(document_.error(last_scalar_, "a quote that is not closed"));
  }

 private:
  /// A list or map under way.
  struct Level {
    YamlNode node;
    bool has_key = false;
    std::string key;
    Place key_place;
    std::map<std::string, int, std::less<>> lines;  ///< of a map's keys
  };

  void refuse(Place place, std::string what, std::string hint) {
    errors_.push_back(document_.error(place, std::move(what), std::move(hint)));
    if (errors_.size() == most_problems) throw Stop();
  }
  void refuse(const YAML::Mark& mark, std::string what, std::string hint) {
    refuse(place_of(mark), std::move(what), std::move(hint));
  }
  [[noreturn]] void stop(const YAML::Mark& mark, std::string what, std::string hint) {
    refuse(mark, std::move(what), std::move(hint));
    throw Stop();
  }
  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "an anchor", "write the value out where it is needed");
  }
  void refuse_tag(const YAML::Mark& mark) { refuse(mark, "a tag", "values need none"); }

  void begin(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
             YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    if (tag != "?" && !tag.empty()) refuse_tag(mark);
    if (levels_.size() == deepest_nesting)
      stop(mark, "nested too deeply", fmt::format("at most {} levels", deepest_nesting));
    Level level;
    level.node.kind = kind;
    level.node.place = place_of(mark);
    levels_.push_back(std::move(level));
  }

  void end() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    put(std::move(level.node));
  }

  void add(YamlNode node, const YAML::Mark& mark) {
    node.place = place_of(mark);
    put(std::move(node));
  }

  /// A finished node goes into the level above: as a key, a value, or an item.
  void put(YamlNode node) {
    if (levels_.empty()) {
      document_.root = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == YamlNode::Kind::map) {
      if (!level.has_key) {
        take_key(level, node);
        return;
      }
      node.key = std::move(level.key);
      node.key_place = level.key_place;
      level.has_key = false;
      const auto [first, added] = level.lines.emplace(node.key, node.key_place.line);
      if (!added) {
        refuse(node.key_place, fmt::format("duplicate key '{}'", node.key),
               fmt::format("it is in line {} already", first->second));
        return;
      }
    }
    level.node.items.push_back(std::move(node));
  }

  void take_key(Level& level, const YamlNode& node) {
    level.has_key = true;
    level.key = node.text;
    level.key_place = node.place;
    if (node.kind == YamlNode::Kind::scalar) return;
    refuse(node.place, "a key must be a word", {});
    throw Stop();
  }

  YamlDocument& document_;
  std::vector<Level> levels_;
  std::vector<ManifestError> errors_;
  int documents_ = 0;
  Place last_scalar_;
};

YamlDocument parse_yaml_events(std::string file, std::string text) {
  YamlDocument document{std::move(file), std::move(text), {}};
  TreeBuilder builder(document);
  try {
    std::istringstream stream(document.text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    builder.refuse_open_quote();
  } catch (const TreeBuilder::Stop&) {
  } catch (const YAML::Exception& error) {
    builder.errors().push_back(document.error(place_of(error.mark), error.msg));
  }
  throw_all(builder.errors());
  return document;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view name) const {
  if (kind != Kind::map) return nullptr;
  const auto at =
      std::find_if(items.begin(), items.end(), [&](const YamlNode& n) { return n.key == name; });
  return at == items.end() ? nullptr : &*at;
}

std::string YamlDocument::line(int number) const { return printable(line_at(text, number)); }

ManifestError YamlDocument::error(Place place, std::string what, std::string hint) const {
  return {mark(place), line(place.line), printable(what), std::move(hint)};
}

YamlDocument parse_yaml(std::string file, std::string text) {
  if (text.size() > largest_manifest)
    throw ManifestError({std::move(file), 0, 0}, {},
                        fmt::format("larger than {}", human_size(largest_manifest)));
  return parse_yaml_events(std::move(file), std::move(text));
}

YamlDocument read_yaml(const std::filesystem::path& path, const std::stop_token& stop) {
  Buffer bytes;
  try {
    bytes = read_file(path, largest_manifest, stop);
  } catch (const ImageError& error) {
    // Its text is "PATH: REASON".
    const std::string_view what = error.what();
    throw ManifestError({path.string(), 0, 0}, {},
                        std::string(what.substr(std::min(path.string().size() + 2, what.size()))));
  }
  return parse_yaml(path.string(), {bytes.begin(), bytes.end()});
}

}  // namespace romwright::manifests
