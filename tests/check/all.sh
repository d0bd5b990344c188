#!/bin/sh
# all.sh - what `make check` runs: structure checks, every test plain, every
# test under sanitizers at a tenth of the repetitions, one total at the end.
# As many tests at once as there are processors, the longest first.
# REQUIRE=shared,npm,netns turns the skips of that kind into failures.
set -u
log=build/check.log
longest="sim_test vault_crash_test"
mkdir -p build
: > "$log"
jobs=$(nproc)

make -s -j"$jobs" WERROR=1 tests || exit 1
make -s -j"$jobs" WERROR=1 SAN=address,undefined tests || exit 1

for c in tests/check/check_*.sh; do
	[ -e "$c" ] || continue
	if sh "$c" . >> "$log" 2>&1; then
		echo "[       OK ] $c" | tee -a "$log"
	else
		echo "[  FAILED  ] $c" | tee -a "$log"
		sh "$c" . 2>&1 | head -20
	fi
done

names() {
	for t in $longest; do echo "$t"; done
	for t in tests/*_test.c; do
		n=$(basename "$t" .c)
		case " $longest " in *" $n "*) ;; *) echo "$n" ;; esac
	done
}

pass() { # variant
	names | xargs -n 1 -P "$jobs" sh tests/check/one.sh "$1"
	for n in $(names); do cat "build/$1/$n.out" >> "$log"; done
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
