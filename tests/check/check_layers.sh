#!/bin/sh
# check_layers.sh ROOT - a folder includes itself and folders to its left
# (core, keys, sync, tui), and the headers of libraries stay in the files
# that docs/HACKING.md names. Prints file:line and exits 1 on a violation.
set -u
cd "${1:-.}" || exit 2
export LC_ALL=C
files=$(find core keys sync tui -name '*.[ch]' -o -name '*.def' 2>/dev/null)
[ -n "$files" ] || { echo "no sources below $PWD"; exit 2; }

# shellcheck disable=SC2086
awk '
BEGIN {
	rank["core"] = 1; rank["keys"] = 2; rank["sync"] = 3; rank["tui"] = 4
	confine("sodium", "keys/[^/]*|core/vault[^/]*|sync/channel\\.c")
	confine("git2", "sync/(gitodb|commit|export)\\.c")
	confine("sqlite3", "core/((store|stmt|shelf|fold)\\.c|store_impl\\.h|vault[^/]*)")
	confine("(n?curses[a-z]*|ncursesw/.*|term)", \
	    "tui/(term|draw|input|dump)\\.c")
	confine("(sys/socket|sys/un|netinet/.*|arpa/inet|netdb|sys/epoll)", \
	    "sync/net[a-z_]*\\.c")
	confine("unicode/.*", "sync/import_pinyin\\.c")
}
function confine(header, where) {
	headers[++n] = "^" header "\\.h$"
	homes[n] = "^(" where ")$"
}
function bad(why) {
	print FILENAME ":" FNR ": " why
	failed = 1
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, part, "\"")
	if (split(part[2], path, "/") < 2)
		next
	split(FILENAME, own, "/")
	if (path[1] == "gen")
		next
	if (!(path[1] in rank))
		bad("a product file includes " part[2])
	else if (rank[path[1]] > rank[own[1]])
		bad(own[1] "/ may not include " part[2])
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, part, /[<>]/)
	for (i = 1; i <= n; i++)
		if (part[2] ~ headers[i] && FILENAME !~ homes[i])
			bad("<" part[2] "> does not belong here")
}
END { exit failed }
' $files
