#!/bin/sh
# check_docs.sh ROOT - documents do not promise what is not there: links
# between them, and every file or folder that docs/HACKING.md names, exist.
set -u
cd "${1:-.}" || exit 2
export LC_ALL=C
failed=0
for doc in README.md docs/*.md schemas/sample/README.md; do
	[ -e "$doc" ] || continue
	dir=$(dirname "$doc")
	for link in $(grep -o '](\([^)]*\))' "$doc" |
		sed 's/^](//; s/)$//; s/#.*//' | grep -v '^[a-z]*:'); do
		[ -e "$dir/$link" ] || {
			echo "$doc: no such file: $link"
			failed=1
		}
	done
done
doc=docs/HACKING.md
[ ! -e "$doc" ] || for path in $(grep -oE \
	'`(core|keys|sync|tui|schemas|tests|docs)/[A-Za-z0-9_./]*`' "$doc" |
	tr -d '`' | sort -u); do
	[ -e "$path" ] || {
		echo "$doc: no such file: $path"
		failed=1
	}
done
exit $failed
