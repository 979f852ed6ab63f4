# lib.sh - what the end-to-end tests share; sourced by t*.sh
#
# Each test has a scratch HOME that goes away, a fixed time zone and locale, no
# network and a configuration of its own. B is the build directory.
# shellcheck shell=sh

set -u
TOP=$(cd "$(dirname "$0")/.." && pwd)
B=${B:-$TOP/build}
SHARED=${PVWATCH_SHARED:-$TOP/../shared}
T=$(mktemp -d "${TMPDIR:-/tmp}/pvwatch-test.XXXXXX")
trap 'rm -rf "$T"' EXIT
trap 'exit 1' HUP INT TERM
HOME=$T/home TZ=UTC LC_ALL=C NO_COLOR=1
XDG_STATE_HOME=$T/state XDG_CONFIG_HOME=$T/config
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org
GIT_COMMITTER_NAME=C GIT_COMMITTER_EMAIL=c@example.org
GIT_AUTHOR_DATE='1740992400 +0000' GIT_COMMITTER_DATE='1740992400 +0000'
export HOME TZ LC_ALL NO_COLOR XDG_STATE_HOME XDG_CONFIG_HOME
export GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL
export GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
unset PVWATCH_RULES GIT_DIR
# SAN=1: no fault may look like an exit status that a test expects.
ASAN_OPTIONS=exitcode=99
LSAN_OPTIONS=suppressions=$TOP/tests/lsan.supp:print_suppressions=0
export ASAN_OPTIONS LSAN_OPTIONS
mkdir -p "$HOME" "$T/state" "$T/config"
PATH=$B:$PATH
cd "$T" || exit 1

n=0 failed=0

# expect "what" 'shell condition': its output is shown when it is false
expect()
{
	n=$((n + 1))
	if (eval "$2") >"$T/expect.out" 2>&1; then
		echo "ok $n - $1"
	else
		failed=$((failed + 1))
		echo "not ok $n - $1"
		echo "#   $2" | tr '\n' ' '
		echo
		sed 's/^/#   /' "$T/expect.out"
	fi
}

# status N command...: the command exits with N; stdout in out, stderr in err
status()
{
	want=$1
	shift
	"$@" >"$T/out" 2>"$T/err" </dev/null
	got=$?
	[ $got = "$want" ] && return
	echo "exit status $got, want $want: $*"
	cat "$T/out" "$T/err"
	return 1
}

# same FILE <<EOF: the file is what stands here
same()
{
	diff -u - "$1"
}

skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

done_testing()
{
	echo "1..$n"
	[ $failed = 0 ]
	exit
}

# make_tree DIR: the demonstration's kernel as a git repository
make_tree()
{
	mkdir -p "$1"
	cp -R "$TOP/tests/demo/tree/." "$1"
	git -C "$1" init -q -b master
	git -C "$1" add -A
	git -C "$1" commit -q -m 'the tree of the demonstration'
}

# make_epoch DIR FILE...: a bare public-inbox v2 epoch, one commit a mail
make_epoch()
{
	epoch=$1
	shift
	[ -d "$epoch" ] || git init -q --bare -b master "$epoch"
	for mail; do
		add_to_epoch "$epoch" m "$mail"
	done
}

# add_to_epoch DIR m|d FILE
add_to_epoch()
{
	blob=$(git -C "$1" hash-object -w --stdin <"$3")
	tree=$(printf '100644 blob %s\t%s\n' "$blob" "$2" | git -C "$1" mktree)
	parent=$(git -C "$1" rev-parse -q --verify master)
	commit=$(git -C "$1" commit-tree ${parent:+-p "$parent"} -m x "$tree")
	git -C "$1" update-ref refs/heads/master "$commit"
}

# sql 'SELECT ...': of the usual database
sql()
{
	sqlite3 "$XDG_STATE_HOME/pvwatch/pvwatch.db" "$1"
}
