#!/bin/sh
# cover.sh [GOAL] - branch coverage of the pure clinical modules by their own
# tests (gcov): the share of branches taken at least once, a file a line.
# Fails when all of them together stay below GOAL percent (95).
set -u
cd "$(dirname "$0")/.." || exit 2
export LC_ALL=C
goal=${1:-95}
tests="clinic_edge agenda advice replay content_replay content_moves replay_live
	profile facts cond triage pathway pathway_file cadence score strata trend reader
	notetag content $(cd tests && ls script*_test.c | sed "s/_test.c//")"
files="agenda advice decimal facts unit cond cond_compile content triage interval pathway
	pathway_due pathway_set hours hours_read cadence score tag strata
	target trend notetag schema schema_line content_check content_cross
	content_world content_case content_diff content_diff_script replay moves profile
	draft_profile
	$(cd core && ls script*.c 2>/dev/null | sed 's/\.c$//')"
command -v gcov > /dev/null || { echo "[  SKIP    ] gcov is not here"; exit 0; }

mkdir -p build
bins=
for t in $tests; do
	[ -e "tests/${t}_test.c" ] && bins="$bins build/cov/tests/${t}_test"
done
# shellcheck disable=SC2086
make -s -j"$(nproc)" COV=1 $bins > build/cover.log 2>&1 || {
	tail -20 build/cover.log
	exit 1
}
find build/cov -name '*.gcda' -delete
for b in $bins; do
	"$b" > build/cover.log 2>&1 || { tail -20 build/cover.log; exit 1; }
done

# Branches inside jansson's macros (a loop whose element is never NULL, a type
# test of a NULL) cannot be taken and are not counted.
for f in $files; do
	[ -e "build/cov/core/$f.gcda" ] || continue
	gcov -t -b -c -o build/cov/core "core/$f.c" 2>/dev/null |
		awk -v f="core/$f.c" '
		/^ *-: *0:Source:/ { mine = $0 ~ f "$" }
		!mine { next }
		/^ *[-#=0-9]+[*]?: *[0-9]+:/ {
			skip = /json_(is_|array_foreach|object_foreach)/
			lines += !/^ *-:/
			seen += /^ *[0-9]/
		}
		/^branch/ && !skip { n++; taken += / taken [1-9]/ }
		END {
			printf "%s %.2f %d %.2f\n", f,
				n ? 100 * taken / n : 100, n,
				lines ? 100 * seen / lines : 100
		}'
done | awk -v goal="$goal" '
	{
		printf "%-28s branches %6.2f %% of %4d, lines %6.2f %%\n", \
			$1, $2, $3, $4
		taken += $2 * $3 / 100
		all += $3
	}
	END {
		if (!all)
			exit 1
		printf "%-28s branches %6.2f %% of %d\n", "all", \
			100 * taken / all, all
		exit 100 * taken / all < goal
	}'
