#!/bin/sh
# check_sql.sh ROOT - SQL text lives below schemas/ and nowhere else. The
# vault alone may speak PRAGMA: it opens files and knows no table.
set -u
cd "${1:-.}" || exit 2
export LC_ALL=C
files=$(find core keys sync tui -name '*.[ch]' -o -name '*.def' 2>/dev/null)
[ -n "$files" ] || { echo "no sources below $PWD"; exit 2; }

# shellcheck disable=SC2086
awk '
BEGIN {
	upper = "(SELECT|INSERT INTO|INSERT OR|REPLACE INTO|DELETE FROM|" \
	    "CREATE (TABLE|INDEX|UNIQUE|VIEW|TRIGGER|TEMP|VIRTUAL)|" \
	    "DROP (TABLE|INDEX|VIEW|TRIGGER)|ALTER TABLE|ATTACH|VACUUM|" \
	    "UPDATE [a-z_]+|ORDER BY|GROUP BY|WHERE [a-z_.]+)( |\"|$)"
	lower = "(select .* from |insert into |delete from [a-z_]+|" \
	    "create (table|index|view|trigger) |drop table |" \
	    "update [a-z_]+ set )"
	whole = "^\"(BEGIN( IMMEDIATE| EXCLUSIVE)?|COMMIT|ROLLBACK|" \
	    "(SAVEPOINT|RELEASE|ROLLBACK TO) [^\"]*);?\"$"
}
/^[ \t]*#[ \t]*include/ || /^[ \t]*(\/?\*)/ { next }
{
	rest = $0
	while (match(rest, /"([^"\\]|\\.)*"/)) {
		s = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		if (s ~ upper || s ~ lower || s ~ whole ||
		    (s ~ /PRAGMA /&& FILENAME !~ /^core\/vault/)) {
			print FILENAME ":" FNR ": SQL outside schemas/: " s
			failed = 1
		}
	}
}
END { exit failed }
' $files
