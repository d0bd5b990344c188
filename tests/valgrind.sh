#!/bin/sh
# valgrind.sh TEST... - each test program under memcheck, with every process
# it starts. Fails when one of them does anything that memcheck complains of,
# or a process that ended by itself lost memory. Reports stay in
# build/valgrind. KILLS: how often the shift's terminal is killed.
set -u
export KILLS="${KILLS:-20}"
bad=0
command -v valgrind > /dev/null || { echo "valgrind is not installed"; exit 2; }
for t in "$@"; do
	name=$(basename "$t")
	to=build/valgrind/$name
	rm -rf "$to"
	mkdir -p "$to"
	# A terminal inherits the test's own world, whose SQLite and jansson
	# point into the middle of blocks: "possibly lost" says nothing here.
	valgrind -q --leak-check=full --show-leak-kinds=definite \
		--errors-for-leak-kinds=definite --error-exitcode=99 \
		--suppressions=tests/valgrind.supp \
		--sim-hints=lax-ioctls --num-callers=30 \
		--log-file="$to/%p.log" "$t" > "$to/out" 2>&1
	status=$?
	# Quiet: a log has bytes only when there is something to say.
	found=$(find "$to" -name '*.log' -size +0 | wc -l)
	echo "$name: status $status," \
		"$(find "$to" -name '*.log' | wc -l) processes, $found with errors"
	[ "$status" -eq 0 ] && [ "$found" -eq 0 ] || {
		bad=1
		tail -n 20 "$to/out"
		find "$to" -name '*.log' -size +0 -exec head -n 60 {} +
	}
done
exit $bad
