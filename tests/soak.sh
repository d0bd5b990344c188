#!/bin/sh
# soak.sh TEST... - the long figures: each test program with its counts for a
# soak (cuts, kills, every failing call), the simulator with SEEDS histories,
# and T seconds of every fuzz target. Prints rows for docs/RELIABILITY.md;
# what a program said in full stays in build/soak. ONLY=name takes the parts
# that say that name. Fails when one part does.
set -u
seeds=${SEEDS:-50000}
seconds=${T:-60}
mkdir -p build/soak
commit=$(git rev-parse --short HEAD 2>/dev/null || echo -)
bad=0

row() { # name, figures, status, seconds
	say="$2"
	[ "$3" -eq 0 ] || { say="FAILED, see build/soak/$1.log; $say"; bad=1; }
	echo "| $(date +%F) | $commit | $1, $4 s | $say |"
}

part() { # name, command...
	name=$1
	shift
	case "$name" in *"${ONLY:-}"*) ;; *) return ;; esac
	from=$(date +%s)
	"$@" > "build/soak/$name.log" 2>&1
	status=$?
	# What a program says of itself is all that is not the test's frame.
	row "$name" "$(grep -v '^\[' "build/soak/$name.log" | tr '\n|' ';/' |
		sed 's/;$//; s/;/; /g' | cut -c1-600)" $status \
		$(($(date +%s) - from))
}

fuzz() {
	sh tests/fuzz/run.sh "$seconds" $(ls tests/fuzz/fuzz_*.c |
		sed 's,.*/,,; s/\.c$//') > build/soak/fuzz.all 2>&1
	status=$?
	grep -v '  OK ' build/soak/fuzz.all
	awk '/ runs in /{n++; for (i = 1; i < NF; i++)
		if ($(i + 1) == "runs") sum += $i}
		END {printf "%d targets, %d runs\n", n, sum}' build/soak/fuzz.all
	return $status
}

echo "| date | commit | what | result |"
echo "|---|---|---|---|"
for t in "$@"; do
	part "$(basename "$t")" env SOAK=1 "$t"
done
part "sim_test" env SEEDS="$seeds" BUG=99 "$(dirname "$1")/sim_test"
part "fuzz" fuzz
exit $bad
