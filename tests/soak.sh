#!/bin/sh
# soak.sh DIR - the long figures, in four parts that PART= takes one of:
#   seeds  SEEDS histories of the simulator, CHUNK at a time
#   cuts   power cuts, kills and damage under the vault
#   kills  real processes: every failing call and allocation, kill -9, packets
#   fuzz   T seconds of every libFuzzer target where clang is, and the plain
#          driver
# DIR has the test programs. What is done stays in build/soak/COMMIT: run it
# again and it goes on where it was ended, by whatever. Prints one table for
# docs/RELIABILITY.md at the end; fails when anything in it did.
set -u
bin=$1
part=${PART:-}
seeds=${SEEDS:-50000}
chunk=${CHUNK:-250}
seconds=${T:-60}
commit=$(git rev-parse --short HEAD 2>/dev/null || echo none)
to=build/soak/$commit
mkdir -p "$to"

case "$part" in ''|seeds|cuts|kills|fuzz) ;; *)
	echo "PART is seeds, cuts, kills or fuzz" >&2
	exit 2 ;;
esac

is_asked() { [ -z "$part" ] || [ "$part" = "$1" ]; }
say() { echo "$(date +%T) $*" >&2; }

row() { # name, count and result, status, seconds
	result="$2"
	[ "$3" -eq 0 ] || result="FAILED, see $to/$1.log; $2"
	echo "| $(date +%F) | $commit | $1, $4 s | $result |" > "$to/$1.row"
	[ "$3" -eq 0 ] || : > "$to/$1.failed"
}

# What a program says of itself is all that is not the test's frame.
figures() {
	grep -av '^\[' "$1" | grep -av ': ERR_' | tr '\n|' ';/' |
		sed 's/;$//; s/;/; /g' | cut -c1-600
}

once() { # name, command...
	name=$1
	shift
	[ -e "$to/$name.row" ] && [ ! -e "$to/$name.failed" ] && return
	rm -f "$to/$name.failed"
	say "$name begins"
	from=$(date +%s)
	"$@" > "$to/$name.log" 2>&1
	status=$?
	row "$name" "$(figures "$to/$name.log")" $status $(($(date +%s) - from))
	say "$name ended, status $status"
}

# Adds up what the chunks said: "250 seeds: 41594 saves, 7915 sessions, ...".
sum_up() {
	awk '{ gsub(/:/, ","); n = split($0, said, /, */)
		for (i = 1; i <= n; i++) {
			count = said[i] + 0
			sub(/^ *[0-9]+ */, "", said[i])
			if (!(said[i] in sum)) order[++names] = said[i]
			sum[said[i]] += count } }
	END { for (i = 1; i <= names; i++)
		printf "%s%d %s", (i > 1 ? ", " : ""), sum[order[i]],
			order[i] }' \
		"$to/seeds.said"
}

run_seeds() {
	: >> "$to/seeds.said"
	: >> "$to/seeds.log"
	from=$(cat "$to/seeds.next" 2>/dev/null || echo 1)
	while [ "$from" -le "$seeds" ]; do
		n=$((seeds - from + 1))
		[ "$n" -gt "$chunk" ] && n=$chunk
		began=$(date +%s)
		SEED=$from SEEDS=$n BUG=99 "$bin/sim_test" \
			> "$to/seeds.out" 2>&1
		grep -a 'seeds: ' "$to/seeds.out" >> "$to/seeds.said" ||
			echo "$n seeds" >> "$to/seeds.said"
		grep -a 'VIOLATION' "$to/seeds.out" >> "$to/seeds.log"
		from=$((from + n))
		echo "$from" > "$to/seeds.next"
		took=$(cat "$to/seeds.took" 2>/dev/null || echo 0)
		echo $((took + $(date +%s) - began)) > "$to/seeds.took"
		say "seeds: $((from - 1)) of $seeds," \
			"$(wc -l < "$to/seeds.log") violations"
	done
	bad=$(wc -l < "$to/seeds.log")
	rm -f "$to/seeds.failed"
	row seeds "$(sum_up); $bad violations" "$bad" "$(cat "$to/seeds.took")"
}

run_fuzz() {
	command -v clang > /dev/null || { echo "no clang"; return 0; }
	sh tests/fuzz/run.sh "$seconds" $(ls tests/fuzz/fuzz_*.c |
		sed 's,.*/,,; s/\.c$//') > "$to/fuzz.all" 2>&1
	status=$?
	grep -v '  OK ' "$to/fuzz.all"
	awk '/ runs in /{n++; for (i = 1; i < NF; i++)
		if ($(i + 1) == "runs") sum += $i}
		END {printf "%d targets, %d runs\n", n, sum}' "$to/fuzz.all"
	return $status
}

is_asked seeds && run_seeds
is_asked cuts && for t in vault_crash vault_damage; do
	once $t env SOAK=1 "$bin/${t}_test"
done
is_asked kills && for t in fault_seat fault_alloc fault_node fault_net; do
	once $t env SOAK=1 "$bin/${t}_test"
done
is_asked fuzz && {
	once fuzz_plain env SOAK=1 "$bin/fuzz_test"
	once fuzz run_fuzz
}

echo "| date | commit | what | count and result |"
echo "|---|---|---|---|"
cat "$to"/*.row 2>/dev/null
[ -z "$(ls "$to" | grep '\.failed$')" ]
