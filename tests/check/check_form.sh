#!/bin/sh
# check_form.sh ROOT - what a reader's eye would trip over: lines beyond 80
# columns (tabs of 8), spaces for indentation, trailing blanks, marks of
# unfinished work, typedef'd structs.
set -u
cd "${1:-.}" || exit 2
export LC_ALL=C
files=$(find core keys sync tui tests -name '*.[ch]' 2>/dev/null)
[ -n "$files" ] || { echo "no sources below $PWD"; exit 2; }

# shellcheck disable=SC2086
awk '
function bad(why) {
	print FILENAME ":" FNR ": " why
	failed = 1
}
{
	s = $0
	width = 0
	while ((i = index(s, "\t")) > 0) {
		width += i - 1
		width += 8 - width % 8
		s = substr(s, i + 1)
	}
	gsub(/[\200-\277]/, "", s)
	width += length(s)
}
width > 80 { bad(width " columns, at most 80") }
/[ \t]$/ { bad("blank at the end") }
/^        / { bad("spaces where a tab belongs") }
/(^|[^A-Za-z_])(TO[D]O|FIX[M]E|XX[X])([^A-Za-z_]|$)/ { bad("unfinished") }
/^typedef struct/ { bad("struct behind a typedef") }
END { exit failed }
' $files
