#!/bin/sh
# check and cc: what the author of a patch sees.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

make_tree linux
mkdir pack
cat >pack/a.rules <<'EOF'
Pack: demo
Version: 7
Notify: XEN HYPERVISOR X86
Max-Files: 3
Alias: xen-devel@lists.xenproject.org = xen-devel@lists.xen.org

Rule: entry-call
Title: work added to the native entry
Area: boot
F: arch/x86/kernel/head64.c
Function: ^x86_64_start_kernel$
Added: \w\(
Why: Xen does not pass {function}.

Rule: half
Points: 1.5
Title: half of the way
Area: boot
F: arch/x86/kernel/setup.c
Added: early
Why: Looked at, not flagged.
EOF
cat >pack/MAINTAINERS <<'EOF'
# Date: 2001-01-01
XEN HYPERVISOR X86
M:	Old Hand <old@example.org>
L:	xen-devel@lists.xenproject.org
S:	Supported
EOF
export PVWATCH_RULES="$T/pack"

# patch_to FILE LINE: a git patch that adds LINE at the top of the function
# that FILE's line 1 of context names
cat >entry.patch <<'EOF'
From: Ann Author <ann@example.org>
Date: Mon, 5 Jan 2015 12:00:00 +0000
Subject: [PATCH v2 1/2] x86/mm: set up the shadow early
Message-ID: <one@example.org>
To: linux-kernel@vger.kernel.org

Needed before anything is checked.

Signed-off-by: Ann Author <ann@example.org>
---
 arch/x86/kernel/head64.c | 1 +
 1 file changed, 1 insertion(+)

diff --git a/arch/x86/kernel/head64.c b/arch/x86/kernel/head64.c
index 1111111..2222222 100644
--- a/arch/x86/kernel/head64.c
+++ b/arch/x86/kernel/head64.c
@@ -1000,3 +1000,4 @@ asmlinkage __visible void __init x86_64_start_kernel(char *data)
 	no_such_context();
 
+	shadow_early_init();
 	more_of_it();
-- 
2.39.5
EOF
sed 's/arch.x86.kernel.head64.c/arch\/x86\/kernel\/setup.c/g;
	s/<one@/<two@/; s/1\/2/2\/2/; s/x86_64_start_kernel(char/setup_arch(char/' \
	entry.patch >half.patch
sed 's/^To:.*/&\nCc: xen-devel@lists.xen.org/; s/<one@/<three@/' \
	entry.patch >covered.patch
sed 's/shadow_early_init()/x = 1/; s/<one@/<four@/' entry.patch >clear.patch

expect "a flagged patch exits with 1" 'status 1 pvwatch check entry.patch'
expect "as a compiler prints: path, line, rule, points, title" \
	'head -n1 out | same - <<EOF
arch/x86/kernel/head64.c:1002: entry-call (2): work added to the native entry
EOF'
expect "the line and the reason are shown" \
	'grep -qF "+	shadow_early_init();" out &&
	grep -qF "Xen does not pass x86_64_start_kernel()." out'
expect "the Cc lines are ready to paste" \
	'grep ^Cc out | same - <<EOF
Cc: Old Hand <old@example.org>
Cc: xen-devel@lists.xenproject.org
EOF'
expect "the sum goes to standard error" \
	'same err <<EOF
1 patch judged: 1 flagged, 0 covered, 0 noted, 0 clear
EOF'
expect "-q says nothing there" \
	'status 1 pvwatch check -q entry.patch && [ ! -s err ]'
expect "standard input is read" \
	'pvwatch check -q - <entry.patch >out; [ $? = 1 ]'
expect "a clear patch exits with 0 and prints nothing" \
	'status 0 pvwatch check -q clear.patch && [ ! -s out ]'
expect "a noted patch exits with 0 and is shown" \
	'status 0 pvwatch check -q half.patch && grep -q "noted for demo with 1.5" out'
expect "--threshold 1.5 flags it" \
	'status 1 pvwatch check -q --threshold 1.5 half.patch'
expect "an alias of the list on Cc covers it" \
	'status 0 pvwatch check covered.patch && grep -q "^covered for demo" out'
expect "--disable leaves a rule out" \
	'status 0 pvwatch check --disable entry-call entry.patch'
expect "--disable of no rule is a configuration fault" \
	'status 78 pvwatch check --disable enrty-call entry.patch &&
	grep -q entry-call err'
expect "all is judged before the status is decided" \
	'status 66 pvwatch check missing.patch entry.patch &&
	grep -q missing.patch err && grep -q entry-call out'
expect "bad data wins over flagged" \
	'printf "no header at all" >bad.eml;
	status 65 pvwatch check bad.eml entry.patch && grep -q bad.eml err'
expect "a directory is its patches in order" \
	'mkdir d && cp entry.patch d/2.patch && cp half.patch d/1.patch &&
	status 1 pvwatch check --format json d &&
	jq_subjects=$(grep -o "two@\|one@" out | tr "\n" " ") &&
	[ "$jq_subjects" = "two@ one@ " ]'
expect "the Cc of one patch of a thread counts for the other" \
	'mkdir thread && sed "s/^To:/In-Reply-To: <root@x>\nCc: old@example.org\nTo:/" half.patch >thread/2.patch &&
	sed "s/^To:/In-Reply-To: <root@x>\nTo:/" entry.patch >thread/1.patch &&
	status 0 pvwatch check thread && grep -q ^covered out'
expect "JSON: one object a mail, also clear ones" \
	'status 1 pvwatch check --format json entry.patch clear.patch &&
	[ $(wc -l <out) = 2 ] && grep -q "\"decision\":\"clear\"" out &&
	grep -q "\"needed\":\[\"Old Hand <old@example.org>\",\"xen-devel@lists.xenproject.org\"\]" out'
expect "JSON says what the contract says" \
	'status 1 pvwatch check --format json entry.patch &&
	for key in schema id kind msgid commit subject author date source series \
		decision skipped score packs cc base map hunks findings errors; do
		grep -q "\"$key\":" out || { echo "no $key"; exit 1; }
	done && grep -q "\"date\":\"2015-01-05T12:00:00Z\"" out'
expect "a skipped mail has its reason" \
	'sed "/^diff/,\$d; s/1\/2/0\/2/" entry.patch >cover.eml &&
	status 0 pvwatch check --format json cover.eml &&
	grep -q "\"kind\":\"cover\"" out && grep -q "\"skipped\":\"" out'
expect "a patch of more than Max-Files files is noted at most" \
	'cp entry.patch wide.patch && for i in 1 2 3; do
	printf "diff --git a/f$i b/f$i\n--- a/f$i\n+++ b/f$i\n@@ -1 +1 @@\n-a\n+b\n" >>wide.patch
	done && status 0 pvwatch check wide.patch && grep -q ^noted out'

expect "--format line is one line a finding, and nothing for a clear patch" \
	'status 1 pvwatch check -q --format line entry.patch clear.patch covered.patch && same out <<EOF
arch/x86/kernel/head64.c:1002: entry-call (2): work added to the native entry in x86_64_start_kernel(); Cc: Old Hand <old@example.org>, xen-devel@lists.xenproject.org
EOF'
expect "who is in a header to be sent is asked" \
	'printf "To: x@example.org,\n\tOld Hand <OLD@example.org>\n" >header &&
	status 0 pvwatch check --header header entry.patch && grep -q ^covered out &&
	pvwatch check -q --header - entry.patch <header >out'
expect "a header that is not there is an error" \
	'status 66 pvwatch check --header nowhere clear.patch && grep -q nowhere err'
expect "check has no other formats" 'status 64 pvwatch check --format mbox clear.patch'

expect "cc prints addresses alone, and exits with 0" \
	'status 0 pvwatch cc entry.patch && same out <<EOF
Old Hand <old@example.org>
xen-devel@lists.xenproject.org
EOF'
expect "cc prints nothing for who was asked already" \
	'status 0 pvwatch cc covered.patch && [ ! -s out ]'
expect "cc of what is no mail says so, and does not fail" \
	'status 0 pvwatch cc bad.eml entry.patch && grep -q bad.eml err && [ $(wc -l <out) = 2 ]'

expect "a tree's MAINTAINERS, being newer, names the people" \
	'status 1 pvwatch check --tree linux entry.patch &&
	! grep -q old@example.org out && grep -q ^Cc: out'
expect "a hunk that is not in the tree is said to be missing, and judged" \
	'grep -q "1 of 1 hunks is not in" out'
expect "a tree that is not there is an error" \
	'status 66 pvwatch check --tree nowhere entry.patch && grep -q nowhere err'
expect "inside a kernel worktree no option is needed" \
	'cd linux && status 1 pvwatch check --format json ../entry.patch &&
	grep -q "\"missing\":1" "$T/out"'
expect "commits of the repository around are judged" \
	'cd "$T/linux" && echo "/* more */" >>arch/x86/kernel/setup.c &&
	git commit -qam "x86: more" && status 0 pvwatch check -v HEAD~1..HEAD &&
	grep -q "clear: x86: more" "$T/out"'
expect "a revision that is none is an error" \
	'cd "$T/linux" && status 66 pvwatch check nonsense..HEAD'

expect "any name that git knows is a revision" \
	'cd "$T/linux" && git branch -q topic/one HEAD && git tag v1.0-rc1 HEAD~1 &&
	for r in v1.0-rc1..topic/one @~1..@ topic/one HEAD; do
		status 0 pvwatch check -v "$r" && grep -q "clear: x86: more" "$T/out" || exit 1
	done'
expect "-- settles that it is a path" \
	'cd "$T/linux" && status 66 pvwatch check -- topic/one && ! grep -q revision "$T/err"'
expect "a full disk is no success" \
	'[ ! -w /dev/full ] || { pvwatch cc entry.patch >/dev/full; [ $? = 74 ]; }'
expect "no colour into a pipe, colour on demand" \
	'unset NO_COLOR; status 1 pvwatch check entry.patch && ! grep -q "$(printf "\033")" out &&
	status 1 pvwatch check --color=always entry.patch && grep -qF "$(printf "\033[1m")" out'
expect "control characters of a mail do not reach the terminal" \
	'sed "s/shadow_early/sha\x1b[31mdow/; s/x86.mm/x86\x1b[2Jmm/" entry.patch >esc.patch &&
	status 1 pvwatch check esc.patch && ! grep -q "$(printf "\033")" out'
expect "help and version" \
	'status 0 pvwatch help check && grep -q "^usage: pvwatch check" out &&
	status 0 pvwatch --version && grep -q "^pvwatch " out &&
	status 64 pvwatch chekc && status 64 pvwatch check --nonsense'
done_testing
