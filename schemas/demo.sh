#!/bin/sh
# demo.sh make|run|clean|export [DIR] - the demo world in build/demo, made by
# the same commands a hospital would use: an organisation root, a centre, a
# roster, published content, imported patients, and a terminal for each
# member. Settings by environment: AS (member whose terminal `run` opens),
# UI (zh or en), BIN (programs), DEMO (folder).
set -eu
BIN=${BIN:-build/plain/bin}
DEMO=${DEMO:-build/demo}
FORMAT=2
MEMBERS="A017 A012 A019 A023 A031 S002 D001 Q001"
PASS=suifang-demo
WRITTEN=20779 # day the sample was written as of: 2026-11-22

case ${UI:-${LC_ALL:-${LANG:-}}} in
en* | C* | POSIX) lang=en ;;
*) lang=zh ;;
esac

say() { # zh, en
	if [ $lang = zh ]; then printf '%s\n' "$1"; else printf '%s\n' "$2"; fi
}
step() {
	n=$((n + 1))
	say "[$n/9] $1" "[$n/9] $2"
}
quiet() { # runs a command; shows its words only when it fails
	"$@" > "$DEMO/last.out" 2>&1 || {
		status=$?
		cat "$DEMO/last.out"
		say "演示环境没有建成：$1 返回 $status" \
			"The demo could not be made: $1 returned $status"
		return $status
	}
}
key() { printf '%s\n%s\n' "$PASS" "$PASS" |
	"$BIN/suifang-key" "$@" --lang $lang --passphrase-fd 0; }
node() { "$BIN/suifang-node" "$@" --home "$DEMO/node" --lang $lang; }
free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
		Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

is_serving() { # asking a centre that is not up would open its folder
	[ -S "$DEMO/node/ctl.sock" ] || return 1
	"$BIN/suifang-node" status --home "$DEMO/node" --lang en 2> /dev/null |
		grep -q '^serving'
}
serve() { # until it answers, or what it said
	setsid "$BIN/suifang-node" serve --home "$DEMO/node" --lang $lang \
		--until-idle 7200 >> "$DEMO/node.log" 2>&1 < /dev/null &
	pid=$!
	for _ in $(seq 400); do # a loaded machine may take its time
		is_serving && return 0
		kill -0 $pid 2> /dev/null || break
		sleep 0.25
	done
	tail -3 "$DEMO/node.log"
	return 8
}

stop() { # and waits until the folder is free again
	node stop > /dev/null 2>&1 || true
	for _ in $(seq 400); do
		"$BIN/suifang-node" status --home "$DEMO/node" --lang en \
			2> /dev/null | grep -q '^not serving' && return 0
		sleep 0.25
	done
}

move_days() { # the sample, as if it had been written today
	days=$((($(date +%s) + 28800) / 86400 - WRITTEN))
	mkdir -p "$DEMO/sample/bulk"
	for f in schemas/sample/*.json schemas/sample/bulk/*.ndjson; do
		awk -v days=$days -f schemas/sample/shift.awk "$f" \
			> "$DEMO/sample/${f#schemas/sample/}"
	done
}

make_organisation() {
	step "组织根密钥与中心" "the organisation's root and the centre"
	quiet key root init --key "$DEMO/org/root.key" \
		--org "$DEMO/org/org.json" --name 示例医院 \
		--name-en "Example Hospital" --kdf floor
	quiet node init --org "$DEMO/org/org.json" \
		--request "$DEMO/org/node.request"
	quiet key node cert --key "$DEMO/org/root.key" \
		--org "$DEMO/org/org.json" --request "$DEMO/org/node.request" \
		--host 127.0.0.1 --port "$(free_port)" --site "$DEMO/site.json"
	quiet node init --site "$DEMO/site.json"
	step "第一名管理员 O001" "the first operator, O001"
	quiet key enrol --site "$DEMO/site.json" --member O001 --name 周文 \
		--terminal T-00 --request "$DEMO/org/O001.request" \
		--home "$DEMO/seats/O001" --kdf floor
	quiet key root sign --key "$DEMO/org/root.key" \
		--org "$DEMO/org/org.json" --request "$DEMO/org/O001.request" \
		--out "$DEMO/org/O001.grant"
	quiet node admit "$DEMO/org/O001.grant"
}

make_content() {
	step "发布话术、路径与规则" "publishing scripts, pathways and rules"
	quiet node publish
	step "人员名册" "the roster"
	quiet node import roster schemas/sample/roster.csv
	step "导入患者" "importing patients"
	move_days
	quiet node import fhir "$DEMO/sample"
	sed 's/^/      /' "$DEMO/last.out" | tail -5
}

make_terminals() {
	step "启动中心" "starting the centre"
	serve
	step "各终端申请入网" "terminals ask to be let in"
	t=0
	for m in $MEMBERS; do
		t=$((t + 1))
		key code issue --member "$m" --terminal "T-0$t" \
			--home "$DEMO/seats/O001" > "$DEMO/last.out" 2>&1 ||
			{ cat "$DEMO/last.out"; return 1; }
		quiet key enrol --site "$DEMO/site.json" --member "$m" \
			--terminal "T-0$t" --code "$(tail -1 "$DEMO/last.out")" \
			--home "$DEMO/seats/$m" --kdf floor
	done
	step "管理员核准各终端" "the operator lets them in"
	quiet key seat grant --yes --home "$DEMO/seats/O001"
	step "首次同步" "first sync"
	for m in $MEMBERS; do
		quiet key sync --home "$DEMO/seats/$m"
	done
	stop
}

is_made() { [ "$(cat "$DEMO/FORMAT" 2> /dev/null)" = $FORMAT ]; }

make_world() {
	is_made && return 0
	[ ! -e "$DEMO" ] || say "旧的演示环境格式不同，重新建立。" \
		"The demo world has another format and is made again."
	clean
	n=0
	mkdir -p "$DEMO/org" "$DEMO/seats"
	umask 077
	make_organisation
	make_content
	make_terminals
	for m in root O001 $MEMBERS; do
		printf '%s %s\n' "$m" "$PASS"
	done > "$DEMO/PASSPHRASES"
	rm -f "$DEMO/last.out"
	echo $FORMAT > "$DEMO/FORMAT"
	say "演示环境已建立：$DEMO" "The demo world is made: $DEMO"
}

others_open() { # terminals of this demo that still run
	for f in "$DEMO"/run/*; do
		[ -e "$f" ] || continue
		kill -0 "$(basename "$f")" 2> /dev/null && return 0
		rm -f "$f"
	done
	return 1
}

run() {
	as=${AS:-A017}
	make_world
	[ -d "$DEMO/seats/$as" ] || {
		say "没有 $as 的终端。可用：$MEMBERS O001" \
			"There is no terminal of $as. Try: $MEMBERS O001"
		return 2
	}
	say "演示口令：$PASS    （各终端相同）" \
		"The demo's passphrase: $PASS    (of every terminal)"
	if [ ! -t 0 ]; then
		say "请在终端中输入：make run AS=$as" \
			"Type this in a terminal: make run AS=$as"
		return 0
	fi
	started=
	is_serving || { serve && started=1; }
	mkdir -p "$DEMO/run"
	[ -z "$started" ] || touch "$DEMO/started"
	: > "$DEMO/run/$$"
	status=0
	"$BIN/suifang" --home "$DEMO/seats/$as" --lang $lang || status=$?
	rm -f "$DEMO/run/$$"
	if [ -e "$DEMO/started" ] && ! others_open; then
		stop
		rm -f "$DEMO/started"
	fi
	return $status
}

clean() {
	[ -e "$DEMO" ] || return 0
	[ ! -e "$DEMO/node/ctl.sock" ] || stop
	rm -rf "$DEMO"
}

export_log() {
	make_world
	"$BIN/suifang-log" export "$1" --home "$DEMO/node" --lang $lang
}

case ${1:-} in
make) make_world ;;
run) run ;;
clean) clean ;;
export) export_log "${2:?a folder for the export}" ;;
*) sed -n '2,6s/^# //p' "$0"; exit 2 ;;
esac
