#!/bin/sh
# ctags.sh - function boundaries of bot/csource.c against universal-ctags
#
#   ctags.sh GITDIR[:REV]...     kernels; REV defaults to HEAD
#
# Over the .c and .h files of arch/x86, kernel, mm and init. A function is
# equal when both give it the same name and the same last line, and ctags' line
# is one that csource gives it. What differs is counted by cause:
#   argument   named by what the macro makes (SYSCALL_DEFINE3(kill): kill);
#              ctags says the macro
#   macro      ctags takes a macro's call without ";" in front of a function,
#              or one of several heads under #if, for its head: same end
#   ours       a function that ctags misses
#   ctags      one that csource misses
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build}
work=$(mktemp -d "${TMPDIR:-/tmp}/pvwatch-ctags.XXXXXX")
trap 'rm -rf "$work"' EXIT

[ $# -gt 0 ] || { echo "usage: ctags.sh GITDIR[:REV]..." >&2; exit 2; }
ctags --version 2>/dev/null | grep -q Universal || {
	echo "ctags: needs universal-ctags" >&2
	exit 0
}

compare() { # "path name line end" of ctags, "path kind name first last" of ours
	awk -F '\t' -v tree="$1" -v list="$work/differ" '
	FILENAME == ARGV[1] {
		if ($2 != "function")
			next
		name[$1, $5] = $3; first[$1, $5] = $4; ours++
		next
	}
	{
		n++
		key = $1 SUBSEP $4
		if (!(key in name)) {
			count["ctags"]++
			print tree, $1 ":" $3, $2, "ctags" >list
			next
		}
		if (name[key] == $2 && first[key] <= $3)
			equal++
		else if (first[key] <= $3 && $2 ~ /^[A-Z0-9_]+$/)
			count["argument"]++
		else {
			count["macro"]++
			print tree, $1 ":" $3, $2, name[key], "macro" >list
		}
		delete name[key]
	}
	END {
		for (key in name) {
			count["ours"]++
			split(key, part, SUBSEP)
			print tree, part[1] ":" part[2], name[key], "ours" >list
		}
		good = equal + count["argument"]
		all = n + count["ours"]
		printf "%-8s %7d %7d %7d %8d %6d %5d %6d %9.3f %% %9.3f %%\n",
			tree, n, ours, equal, count["argument"],
			count["macro"], count["ours"], count["ctags"],
			100 * good / all, 100 * (n - count["ctags"]) / all
	}' "$work/ours" "$work/theirs"
}

printf '%-8s %7s %7s %7s %8s %6s %5s %6s %11s %11s\n' tree ctags csource \
	equal argument macro ours ctags 'name, end' 'end'

for spec; do
	dir=${spec%%:*} rev=HEAD
	case $spec in *:*) rev=${spec#*:} ;; esac
	rm -rf "$work/tree"
	mkdir "$work/tree"
	git -C "$dir" archive "$rev" arch/x86 kernel mm init |
		tar -x -C "$work/tree"
	cd "$work/tree"
	version=$(git -C "$dir" show "$rev:Makefile" |
		sed -n 's/^\(VERSION\|PATCHLEVEL\) = //p' | head -n 2 |
		paste -s -d .)
	find . -name '*.[ch]' | LC_ALL=C sort >../files
	ctags -f - -L ../files --fields=+ne --c-kinds=f --languages=C \
		--langmap=C:.c.h --sort=no 2>/dev/null |
		awk -F '\t' -v OFS='\t' '{
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^line:/) line = substr($i, 6)
				if ($i ~ /^end:/) end = substr($i, 5)
			}
			print $2, $1, line, end
		}' >../theirs
	xargs "$B/bench/csource" defs <../files >../ours
	compare "v$version"
	xargs "$B/bench/csource" time <../files >>../times
	cat ../differ >>../all 2>/dev/null || :
	cd "$work"
done
echo
cat "$work/times"
[ "${VERBOSE:-0}" = 0 ] || { echo; sort "$work/all"; }
