#!/bin/sh
# one.sh VARIANT TEST - runs one test of a pass of all.sh: its words go to
# build/VARIANT/TEST.out, and a line with its status and time is said at its
# end, with what failed. A test that hangs is ended and counts as failed.
set -u
out=build/$1/$2.out
start=$(date +%s)
timeout 10800 "build/$1/tests/$2" > "$out" 2>&1
status=$?
said="$1 $2: exit $status, $(($(date +%s) - start)) s"
if [ $status -ne 0 ]; then
	grep -q '\[  FAILED  \]' "$out" || echo "[  FAILED  ] $2" >> "$out"
	said="$said
$(grep -E '^\[|Error|ERROR|error:|SUMMARY' "$out" | grep -vE 'OK|RUN' |
		head -40)"
fi
echo "$said"
