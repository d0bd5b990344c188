#!/bin/sh
# run.sh FOLDER OUT ONLY - runs every bench program of FOLDER, gathers their
# JSON lines in OUT and prints a table. With ONLY, a name such as `fold` or
# `vault.2mb`, only lines of that name are kept, and only the programs that
# speak of it are run. Exits 1 when a goal is missed.
set -u
folder=$1 out=$2 only=${3:-}
[ -n "$(ls "$folder" 2>/dev/null)" ] || { echo "no benches in $folder"; exit 2; }
: > "$out.new"
status=0
for b in "$folder"/*_bench; do
	[ -z "$only" ] || grep -qa -- "${only%%.*}" "$b" || continue
	echo "== $(basename "$b")" >&2
	BENCH_ONLY=$only "$b" > "$out.one" || { echo "$b failed" >&2; status=1; }
	grep '^{' "$out.one" | { if [ -n "$only" ]; then
		grep -F "\"name\":\"$only"; else cat; fi; } >> "$out.new"
done
rm -f "$out.one"
mv "$out.new" "$out"
awk '
function field(name,   s) {
	if (!match($0, "\"" name "\"[ ]*:[ ]*(\"[^\"]*\"|[^,}]*)"))
		return ""
	s = substr($0, RSTART, RLENGTH)
	sub(/^"[^"]*"[ ]*:[ ]*/, "", s)
	gsub(/"/, "", s)
	return s
}
{
	printf "%-22s %12s %-10s ratio %-8s goal %-10s %s\n", field("name"),
	    field("value"), field("unit"), field("ratio"), field("goal"),
	    field("ok") == "false" ? "MISSED" : ""
	missed += field("ok") == "false"
}
END { exit missed > 0 }
' "$out" || status=1
exit $status
