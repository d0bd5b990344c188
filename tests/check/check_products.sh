#!/bin/sh
# check_products.sh ROOT - the programs people install carry nothing of the
# tests: no test randomness, no fault injection, no simulator, and no weak
# generator of the C library. Reads build/plain/bin with nm.
set -u
cd "${1:-.}" || exit 2
export LC_ALL=C
failed=0
mains=$(find core keys sync tui -name '*_main.c' -o -path tui/main.c)
found=
for f in build/plain/bin/*; do
	[ -f "$f" ] || continue
	found=1
	nm "$f" 2>/dev/null | awk -v f="$f" '
	{ name = $NF; sub(/@.*/, "", name) }
	name ~ /^(test|fault|sim)_/ || name ~ /_for_test$/ ||
	name ~ /^(rand|srand|random|srandom|rand_r|[dlm]rand48|srand48)$/ {
		print f ": " name " must not be in a program"
		bad = 1
	}
	END { exit bad }' || failed=1
done
[ -n "$found" ] || [ -z "$mains" ] || {
	echo "build/plain/bin is empty: build first (make)"
	exit 1
}
exit $failed
