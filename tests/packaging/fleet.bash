# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of a plan in 8 parts: the plan, and that the parts together give what it gives.

# Makes plan.yaml, all that it needs, and what it gives without parts: whole/. $1: the program.
make_fleet() {
  "$(dirname "$1")/romwright-sample-release" .
  "$1" strip sample/complete --board sample_12mb --manifests sample/manifests -o sample_12mb.tar.xz --quiet
  cat >plan.yaml <<'M'
batch: fleet
output: whole
seed: spring 2026
manifests: sample/manifests
vendor_directories: sample/vendor
builds:
  - {board: sample_12mb, releases: sample_12mb.tar.xz, mac: "00:1f:16:xx:xx:xx", copies: 12}
M
  "$1" batch plan.yaml --quiet >/dev/null
}

# What is left of a result: how long it took, and which run built it, are a run's own.
fleet_results() { grep -v '"seconds"\|"state"\|"built"\|"reused"' "$1/results.json"; }
# Names and bytes of all but lists and notes.
fleet_files() { (cd "$1" && find . -type f ! -path './results*' ! -path './.batch/*' | sort | xargs sha512sum); }
# Names of all files but the lists of the parts, and notes about releases, which hold for one place of theirs.
fleet_names() { (cd "$1" && find . ! -name 'results-*-of-8.json' ! -path './.batch/releases/*' | sort); }

# The folder $1, which 8 parts wrote, holds what whole/ holds.
expect_whole() {
  diff <(fleet_results whole) <(fleet_results "$1")
  diff <(fleet_files whole) <(fleet_files "$1")
  diff <(fleet_names whole) <(fleet_names "$1")
  [ "$(fleet_files "$1" | grep -c '\.rom$')" = 24 ]
}
