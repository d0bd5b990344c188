#!/bin/sh
# embed.sh OUTDIR - turns every file below schemas/ into bytes of the program.
# Writes OUTDIR/assets.S (one .incbin a file, sorted by path for a binary
# search) and OUTDIR/queries.h (one enum value a schemas/query/*.sql file).
set -eu
export LC_ALL=C
out=$1
mkdir -p "$out"
files=$(cd schemas && find . -type f \( -name '*.sql' -o -name '*.json' \) \
	! -path './sample/*' ! -path '*/cases/*' | sed 's|^\./||' | sort)

{
	echo '/* made by schemas/embed.sh */'
	echo '	.section .rodata'
	i=0
	for f in $files; do
		printf '.Ln%d:	.asciz "%s"\n' $i "$f"
		printf '.Ld%d:	.incbin "schemas/%s"\n.Le%d:	.byte 0\n' $i "$f" $i
		i=$((i + 1))
	done
	echo '	.section .data.rel.ro,"aw"'
	echo '	.balign 8'
	echo '	.globl asset_table'
	echo 'asset_table:'
	i=0
	for f in $files; do
		printf '	.quad .Ln%d, .Ld%d, .Le%d - .Ld%d\n' $i $i $i $i
		i=$((i + 1))
	done
	echo '	.globl asset_count'
	echo 'asset_count:'
	printf '	.quad %d\n' $i
	echo '	.section .note.GNU-stack,"",@progbits'
} > "$out/assets.S.new"

{
	echo '/* made by schemas/embed.sh: one value a schemas/query file */'
	echo '#ifndef SUIFANG_GEN_QUERIES_H'
	echo '#define SUIFANG_GEN_QUERIES_H'
	echo 'enum query_id {'
	for f in $files; do
		case $f in query/*.sql)
			n=${f#query/}
			printf '\tQ_%s,\n' "$(echo "${n%.sql}" | tr 'a-z.-' 'A-Z__')"
		esac
	done
	echo '	Q_COUNT'
	echo '};'
	echo '#define QUERY_PATHS \'
	for f in $files; do
		case $f in query/*.sql) printf '\t"%s", \\\n' "$f" ;; esac
	done
	echo '	0'
	echo '#endif'
} > "$out/queries.h.new"

for f in assets.S queries.h; do
	if cmp -s "$out/$f.new" "$out/$f"; then
		rm "$out/$f.new"
	else
		mv "$out/$f.new" "$out/$f"
	fi
done
touch "$out/stamp"
