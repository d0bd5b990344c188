#!/bin/sh
# check_gettext.sh ROOT - what people read goes through gettext: in tui/ and
# in the programs' mains a literal that is prose (two words, or Chinese), or
# any word handed to a printing function, must stand inside _() or N_().
# Machine-readable output is excepted by name in tests/check/gettext.list.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-.}" || exit 2
export LC_ALL=C
list=tests/check/gettext.list
[ -e "$list" ] || list=/dev/null
files=$(find tui sync keys core -path 'tui/*.[ch]' -o -path 'tui/*.def' \
	-o -name '*_main.c' 2>/dev/null)
[ -n "$files" ] || exit 0
# shellcheck disable=SC2086
awk -f "$here/gettext.awk" "$list" $files
