#!/bin/sh
# apply.sh - our applier against git's, on real mail and real trees
#
# One: the patches of tip of October to December 2022 on Linux 6.1, beside
# `git apply --cached --check -v`: taken or refused, and each hunk's line.
# Two: patches of four years that apply to 6.1 or 6.12, tried on the other one
# in a repository that has both, beside `git apply -3 --cached`: what merges
# cleanly must come out byte for byte.
# Archives and trees: $PVWATCH_SHARED; what is not there is left out and said.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build}
shared=${PVWATCH_SHARED:-$top/../shared}
work=$(mktemp -d "${TMPDIR:-/tmp}/pvwatch-apply.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
LC_ALL=C TZ=UTC
export LC_ALL TZ B work

# Every mail of $work/check, as git sees it; from the top of the tree.
cat >"$work/check.sh" <<'EOF'
export GIT_INDEX_FILE=$work/index
for p in "$work"/check/*.patch; do
	if git apply --cached --check -v "$p" >/dev/null 2>"${p%.patch}.git"
	then echo taken; else echo refused; fi >"${p%.patch}.status"
done
EOF

# git's "Hunk #1 succeeded at 5 (offset 1 line)." as placings writes it
offsets()
{
	sed -n 's/^Hunk #\([0-9]*\) succeeded at \([0-9]*\) (offset \(-*[0-9]*\) lines*)\.$/hunk \1 at \2 offset \3/p' "$1"
}

compare_checked()
{
	for file in "$work"/check/*.ours; do
		read -r verdict <"$file"
		read -r status <"${file%.ours}.status"
		case $verdict in
		exact | offset) we=taken ;;
		*) we=refused ;;
		esac
		same=same
		[ "$we" = "$status" ] || same=DIFFERENT
		offsets "${file%.ours}.git" >"$work/git"
		grep '^hunk ' "$file" >"$work/ours" || :
		[ "$status" = refused ] || cmp -s "$work/git" "$work/ours" ||
			same=DIFFERENT
		echo "git $status, ours $verdict: $same"
	done | sort | uniq -c
}

bench_check()
{
	mkdir "$work/check"
	cd "$tree61"
	GIT_INDEX_FILE=$work/index git read-tree HEAD
	ours=$("$B/bench/placings" "$tip" "$work/check" \
		"$(date -d 2022-10-01 +%s)" "$(date -d 2023-01-01 +%s)" "$tree61")
	echo "tip, October to December 2022, on 6.1: ${ours% *} patches"
	git=$("$B/bench/timed" 1 sh "$work/check.sh" | cut -d' ' -f2)
	compare_checked
	awk -v ours="${ours#* }" -v git="$git" 'BEGIN {
		printf "CPU: git apply %.2f s, ours %.2f s: %.0f times as fast\n",
			git / 1e3, ours, git / 1e3 / ours }'
}

# merge_one REV N: git's and our blobs of $work/on-REV/N
merge_one()
{
	n=$work/on-$1/$2
	cp "$work/index-$1" "$work/index"
	clean=clean way=straight
	GIT_INDEX_FILE=$work/index git apply -3 --cached "$n.patch" \
		>"$work/said" 2>&1 || clean=refused
	grep -q '^Applied patch to' "$work/said" && way=three-way
	sed '1d; /^hunk /d' "$n.ours" >"$work/ours"
	while read -r oid path; do
		git=$(GIT_INDEX_FILE=$work/index git ls-files -s -- "$path" |
			cut -d' ' -f2)
		echo "${git:-gone}"
		[ $clean = clean ] &&
			grep -qF "Applied patch to '$path' cleanly." "$work/said" &&
			echo "${git:-gone} $oid" >>"$work/files"
	done <"$work/ours" >"$work/git"
	same=-
	if [ $clean = clean ]; then
		same=DIFFERENT
		cut -d' ' -f1 "$work/ours" | cmp -s - "$work/git" && same=same
	fi
	read -r verdict <"$n.ours"
	echo "git $clean $way, ours $verdict: $same"
}

# merge_all FROM ONTO
merge_all()
{
	for ours in "$work/on-$1"/*.ours; do
		read -r verdict <"$ours"
		case $verdict in
		exact | offset) merge_one "$2" "$(basename "$ours" .ours)" ;;
		esac
	done
}

bench_merge()
{
	git init -q "$work/both"
	cd "$work/both"
	for tree in "$tree61" "$tree612"; do
		echo "$tree/.git/objects"
	done >.git/objects/info/alternates
	git update-ref refs/tags/6.1 "$(git -C "$tree61" rev-parse HEAD)"
	git update-ref refs/tags/6.12 "$(git -C "$tree612" rev-parse HEAD)"
	for rev in 6.1 6.12; do
		GIT_INDEX_FILE=$work/index-$rev git read-tree $rev
	done
	for archive in "$tip" "$efi"; do
		for rev in 6.1 6.12; do
			rm -rf "$work/on-$rev"
			mkdir "$work/on-$rev"
			"$B/bench/placings" "$archive" "$work/on-$rev" \
				0 "$(date -d 2023-01-01 +%s)" \
				"$work/both:$rev" >/dev/null
		done
		merge_all 6.1 6.12
		merge_all 6.12 6.1
	done >"$work/table"
	echo "three-way, patches that apply to 6.1 or 6.12 on the other one"
	sort "$work/table" | uniq -c
	awk '/^git clean/ { n++ } /^git clean three/ { three++ } /: same$/ { same++ }
		END { printf "clean by git: %d (%d three-way), byte for byte the same: %d\n",
			n, three, same }' "$work/table"
	awk '{ n++; same += $1 == $2 }
		END { printf "files of these merged three-way: %d, the same: %d\n",
			n, same }' "$work/files"
}

if ! tree61=$(sh "$shared/tools/kernel-tree" 6.1 2>/dev/null) ||
	! tip=$(sh "$shared/tools/archives" 2>/dev/null | grep /tip-); then
	echo "apply: no archive of tip, or no tree of 6.1: left out"
	exit 0
fi
bench_check
if tree612=$(sh "$shared/tools/kernel-tree" 6.12 2>/dev/null) &&
	efi=$(sh "$shared/tools/archives" 2>/dev/null | grep /efi-); then
	bench_merge
else
	echo "three-way: no archive of efi, or no tree of 6.12: left out"
fi
