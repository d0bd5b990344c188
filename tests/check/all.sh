#!/bin/sh
# all.sh - what `make check` runs: structure checks, every test plain, every
# test under sanitizers at a tenth of the repetitions, one total at the end.
# A test that hangs is ended after five minutes and counts as failed.
# REQUIRE=shared,npm,netns turns the skips of that kind into failures.
set -u
log=build/check.log
mkdir -p build
: > "$log"
jobs=$(nproc)

make -s -j"$jobs" WERROR=1 tests || exit 1
make -s -j"$jobs" WERROR=1 SAN=address,undefined tests || exit 1

failed=0
for c in tests/check/check_*.sh; do
	[ -e "$c" ] || continue
	if sh "$c" . >> "$log" 2>&1; then
		echo "[       OK ] $c" | tee -a "$log"
	else
		echo "[  FAILED  ] $c" | tee -a "$log"
		sh "$c" . 2>&1 | head -20
	fi
done

pass() { # variant
	for t in tests/*_test.c; do
		n=$(basename "$t" .c)
		bin=build/$1/tests/$n
		start=$(date +%s)
		timeout 600 "$bin" > "build/$1/$n.out" 2>&1
		status=$?
		cat "build/$1/$n.out" >> "$log"
		echo "$1 $n: exit $status, $(($(date +%s) - start)) s"
		if [ $status -ne 0 ]; then
			grep -E '^\[|Error|ERROR|error:|SUMMARY' \
				"build/$1/$n.out" | grep -vE 'OK|RUN' | head -40
			grep -q '\[  FAILED  \]' "build/$1/$n.out" ||
				echo "[  FAILED  ] $n" >> "$log"
		fi
	done
}
pass plain
UBSAN_OPTIONS=halt_on_error=1 ASAN_OPTIONS=detect_leaks=1 \
	pass san-address-undefined

# cmocka names a failed test twice: where it ran, and in a list at the end.
passed=$(grep -c '^\[       OK \]' "$log")
failed=$(awk '/^\[==========\] Running/ { listed = 0 }
	/^\[  FAILED  \].*listed below/ { listed = 1 }
	/^\[  FAILED  \]/ && !listed { n++ }
	END { print n + 0 }' "$log")
skipped=$(grep -cE '^\[  SKIP(PED)?  ' "$log")
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
