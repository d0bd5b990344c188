#!/bin/sh
# check_sizes.sh ROOT - .c at most 600 lines, .h 150; functions at most 60
# lines from signature to closing brace, nine in ten within 40, at most five
# parameters. Pure tables are excepted by name in tests/check/sizes.list.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-.}" || exit 2
export LC_ALL=C
list=tests/check/sizes.list
[ -e "$list" ] || list=/dev/null
files=$(find core keys sync tui tests -name '*.[ch]' 2>/dev/null)
[ -n "$files" ] || { echo "no sources below $PWD"; exit 2; }

# shellcheck disable=SC2086
awk -f "$here/code.awk" -f "$here/sizes.awk" "$list" $files
