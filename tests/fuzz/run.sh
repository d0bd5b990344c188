#!/bin/sh
# run.sh SECONDS TARGET... - libFuzzer on each target for so many seconds, two
# at a time, starting from the seeds; new inputs stay below build/fuzz. Prints
# one line a target and fails when one found something.
set -u
seconds=$1
shift
if ! echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n)
	{ return d && n > 1u << 30; }' | clang -fsanitize=fuzzer -x c - \
	-o /dev/null 2>/dev/null; then
	echo "[  SKIP    ] fuzz: clang with libFuzzer is not installed"
	exit 0
fi
san=fuzzer-no-link,address,undefined
mkdir -p build/fuzz
if ! make -s -j"$(nproc)" CC=clang SAN=$san fuzzers > build/fuzz/make.log 2>&1
then
	tail -20 build/fuzz/make.log
	exit 1
fi
bin=build/san-fuzzer-no-link-address-undefined/fuzz
export UBSAN_OPTIONS=halt_on_error=1

one() { # target
	name=${1#fuzz_}
	work=build/fuzz/$name
	mkdir -p "$work"
	"$bin/$1" -max_total_time="$seconds" -timeout=10 -max_len=8192 \
		-rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="build/fuzz/crash-$name-" \
		"$work" "tests/fuzz/corpus/$name" > "build/fuzz/$name.log" 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
		"build/fuzz/$name.log")
	cover=$(grep -o 'cov: [0-9]*' "build/fuzz/$name.log" | tail -1)
	if [ $status -eq 0 ]; then
		echo "[       OK ] $1: ${runs:-0} runs in $seconds s, $cover"
	else
		echo "[  FAILED  ] $1: see build/fuzz/$name.log"
		tail -20 "build/fuzz/$name.log"
	fi
	return $status
}

rm -f build/fuzz/failed
while [ $# -gt 0 ]; do
	first=$1
	shift
	(one "$first" || touch build/fuzz/failed) &
	if [ $# -gt 0 ]; then
		second=$1
		shift
		(one "$second" || touch build/fuzz/failed) &
	fi
	wait
done
[ ! -e build/fuzz/failed ]
