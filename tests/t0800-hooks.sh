#!/bin/sh
# hook: what git send-email and b4 do with pvwatch, the real ones.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

[ -x "$(git --exec-path)/git-send-email" ] ||
	skip_all "there is no git send-email (Debian: git-email)"

hooks=$TOP/deploy/hooks
PVWATCH=$B/pvwatch
export PVWATCH
make_tree linux
cd linux || exit 1
git config user.name A
git config user.email a@example.org
git checkout -q -b work

# A cover letter and two patches: the first adds a call to the native entry.
sed 's/^.*init_top_pgt.511. = .*/&\n\tshadow_early_init();/' \
	arch/x86/kernel/head64.c >../new
cat ../new >arch/x86/kernel/head64.c
git commit -q -am 'x86/mm: Set up the shadow early' -m 'Before all checks.'
echo '/* counted */' >>lib/wordcount.c
git commit -q -am 'lib: Say what is counted'
git format-patch -q --cover-letter -o ../patches master
sed -i 's/\*\*\* SUBJECT HERE \*\*\*/x86: Two things/
	s/\*\*\* BLURB HERE \*\*\*/Two./' ../patches/0000-cover-letter.patch
cd ..

# send OPTION...: a dry run of git send-email on all three, output in "sent"
send()
{
	(cd linux && git send-email --dry-run --from=a@example.org \
		--to=linux-kernel@vger.kernel.org --smtp-server=/bin/false \
		--confirm=never --suppress-cc=sob "$@" ../patches/*.patch) \
		>sent 2>&1 </dev/null
}

expect "the patch is one that needs eyes" \
	'(cd linux && status 1 pvwatch check master..work) && grep -q map-entry out'
expect "without a hook git sends to whom it was told" \
	'send && ! grep -q xen-devel sent'
expect "--cc-cmd adds those who are missing, to that patch alone" \
	'send --cc-cmd="pvwatch cc" &&
	[ $(grep -c "^(cc-cmd) Adding cc: xen-devel" sent) = 1 ] &&
	[ $(grep -c "^Cc:.*\|^	.*xen-devel@lists" sent) -ge 1 ] &&
	[ $(grep -c "^Result: OK" sent) = 3 ]'

expect "nothing is installed until somebody asks" \
	'cd linux && status 0 pvwatch hook && [ $(grep -c "not installed" "$T/out") = 4 ]'
expect "hook install puts the hook in place" \
	'cd linux && status 0 pvwatch hook install && [ -x .git/hooks/sendemail-validate ] &&
	pvwatch hook list | grep -q "^sendemail-validate *installed"'
expect "and again, without change" 'cd linux && status 0 pvwatch hook install'
expect "the hook warns, and git sends" \
	'send && grep -q "map-entry (2)" sent && grep -q "^Cc: .*xen-devel" sent &&
	[ $(grep -c "^Result: OK" sent) = 3 ]'
expect "it says nothing of the cover letter and of a clear patch" \
	'[ $(grep -c "^flagged for" sent) = 1 ] && ! grep -q "could not be judged" sent'
expect "it refuses when it was told to, before anything is sent" \
	'git -C linux config pvwatch.hook.refuse true && ! send &&
	grep -q "rejected by sendemail-validate hook" sent && ! grep -q "^Result: OK" sent'
expect "--no-validate sends all the same" \
	'send --no-validate && [ $(grep -c "^Result: OK" sent) = 3 ]'
expect "who is in the patch itself is asked" \
	'cp -R patches kept && sed -i "s/^Subject:/Cc: xen-devel@lists.xenproject.org\n&/" patches/0001-*.patch &&
	send && ! grep -q map-entry sent; rc=$?; rm -r patches; mv kept patches; [ $rc = 0 ]'
expect "who is in sendemail.cc is asked" \
	'git -C linux config sendemail.cc xen-devel@lists.xenproject.org && send;
	rc=$?; git -C linux config --unset sendemail.cc; [ $rc = 0 ]'
expect "git 2.41 passes the header that will be sent: who is there is asked" \
	'printf "From: a@example.org\nTo: x@example.org,\n\tjgross@suse.com\nCc: Xen <xen-devel@lists.xenproject.org>\nSubject: s\n" >header &&
	cd linux && ! git hook run sendemail-validate -- "$T"/patches/0001-*.patch &&
	git hook run sendemail-validate -- "$T"/patches/0001-*.patch "$T/header"'
expect "a header without them does not help" \
	'printf "From: a@example.org\nTo: \n" >header2 &&
	cd linux && ! git hook run sendemail-validate -- "$T"/patches/0001-*.patch "$T/header2"'
expect "with the configured cc-cmd nothing is missing" \
	'(cd linux && status 0 pvwatch hook install cc-cmd) && send &&
	grep -q "^(cc-cmd) Adding cc: xen-devel" sent && [ $(grep -c "^Result: OK" sent) = 3 ]'
expect "hook remove takes away what is ours" \
	'cd linux && status 0 pvwatch hook remove sendemail-validate cc-cmd &&
	[ ! -e .git/hooks/sendemail-validate ] && ! git config sendemail.ccCmd'
expect "a foreign hook is left alone, with the line to add" \
	'cd linux && printf "#!/bin/sh\nexit 0\n" >.git/hooks/sendemail-validate &&
	status 78 pvwatch hook install && grep -qF "\"\$@\" || exit 1" "$T/err" &&
	[ $(wc -l <.git/hooks/sendemail-validate) = 2 ] &&
	status 0 pvwatch hook remove sendemail-validate && grep -q "left alone" "$T/out" &&
	[ $(wc -l <.git/hooks/sendemail-validate) = 2 ]'
expect "so is a foreign cc-cmd" \
	'cd linux && git config sendemail.ccCmd ./scripts/get_maintainer.pl &&
	status 78 pvwatch hook install cc-cmd && grep -q auto-cc "$T/err" &&
	[ "$(git config sendemail.ccCmd)" = ./scripts/get_maintainer.pl ];
	rc=$?; git config --unset sendemail.ccCmd; [ $rc = 0 ]'
expect "core.hooksPath is followed" \
	'cd linux && git config core.hooksPath "$T/my hooks" && status 0 pvwatch hook install &&
	[ -x "$T/my hooks/sendemail-validate" ] && cd .. && ! send && grep -q map-entry sent'
expect "an unknown hook, and no repository, are errors" \
	'(cd linux && status 64 pvwatch hook install nonsense) && mkdir none && cd none &&
	status 66 pvwatch hook install'
expect "a pvwatch that is broken holds no mail up" \
	'git -C linux config pvwatch.nonsense.key 1 && send && grep -q "could not be judged" sent;
	rc=$?; git -C linux config --unset pvwatch.nonsense.key; [ $rc = 0 ]'

# What senders may pass to cc: no address, no failure, whatever it is.
printf 'Subject: [PATCH] x\nFrom: a@x\nContent-Type: text/plain; charset="x-klingon"\n\n\344\377 text\n' >charset
printf 'no mail at all' >text
for what in patches/0000-cover-letter.patch /dev/null charset text linux/.git/index; do
	expect "cc: ${what##*/}: nobody to add, exit 0" \
		'status 0 pvwatch cc $what && [ ! -s out ]'
done
expect "cc: a file that is not there is an error" 'status 66 pvwatch cc gone.patch'
expect "cc: a header counts as asked there too" \
	'status 0 pvwatch cc --header header patches/0001-*.patch && [ ! -s out ]'

# b4: by hand as b4 calls the scripts, and b4 itself where there is one.
cp patches/0001-*.patch one
cp patches/0002-*.patch two
expect "b4-check: one line a finding, on standard output alone" \
	'cd linux && git config pvwatch.hook.refuse no &&
	status 0 sh -c "\"$hooks/b4-check\" xen-1 <../one" &&
	grep -q "map-entry (2): .* in x86_64_start_kernel(); Cc: .*xen-devel" "$T/out" &&
	! grep -q ERROR: "$T/out" && [ ! -s "$T/err" ]'
expect "b4-check: a failure when it is to be refused" \
	'cd linux && git config pvwatch.hook.refuse true &&
	status 0 sh -c "\"$hooks/b4-check\" <../one" && grep -q "^ERROR: .*map-entry" "$T/out"'
expect "b4-check: nothing for a patch that is clear" \
	'cd linux && status 0 sh -c "\"$hooks/b4-check\" <../two" &&
	[ ! -s "$T/out" ] && [ ! -s "$T/err" ]'
expect "b4-check: what the cover letter has in Cc is asked" \
	'cd linux && git config branch.work.description "Two things

Cc: xen-devel@lists.xenproject.org" && status 0 sh -c "\"$hooks/b4-check\" <../one" &&
	[ ! -s "$T/out" ]; rc=$?; git config --unset branch.work.description; [ $rc = 0 ]'
expect "auto-cc: get_maintainer.pl and pvwatch, and never a failure" \
	'cd linux && mkdir -p scripts &&
	printf "#!/bin/sh\necho gm@example.org\nexit 3\n" >scripts/get_maintainer.pl &&
	chmod +x scripts/get_maintainer.pl &&
	status 0 sh -c "\"$hooks/auto-cc\" <../one" && grep -q gm@example.org "$T/out" &&
	grep -q xen-devel "$T/out" && status 0 "$hooks/auto-cc" ../one && grep -q xen-devel "$T/out" &&
	status 0 sh -c "PVWATCH=/bin/false \"$hooks/auto-cc\" <../one" && same "$T/out" <<EOF
gm@example.org
EOF'
expect "hook install b4 keeps checkpatch.pl, which b4 would no longer run" \
	'cd linux && cp scripts/get_maintainer.pl scripts/checkpatch.pl &&
	status 0 pvwatch hook install b4 && git config --get-all b4.prep-perpatch-check-cmd >"$T/cmds" &&
	grep -q checkpatch.pl "$T/cmds" && grep -qE "hooks/b4-check. xen-[0-9a-f]{8}$" "$T/cmds" &&
	git config b4.send-auto-cc-cmd | grep -q hooks/auto-cc'
expect "a changed pack makes the check outdated; install renews it alone" \
	'cp -R "$TOP/rules/xen" xen && echo "# more" >>xen/msi.rules && cd linux &&
	pvwatch hook --rules ../xen | grep -q "^b4 *outdated" &&
	status 0 pvwatch hook --rules ../xen install b4 &&
	[ $(git config --get-all b4.prep-perpatch-check-cmd | wc -l) = 2 ] &&
	status 0 pvwatch hook --rules ../xen remove b4 &&
	[ $(git config --get-all b4.prep-perpatch-check-cmd | wc -l) = 1 ] &&
	! git config b4.send-auto-cc-cmd'

if command -v b4 >/dev/null; then
	# It looks for its cover letter among the commits of the last year.
	unset GIT_AUTHOR_DATE GIT_COMMITTER_DATE
	expect "b4 prep --auto-to-cc asks the script" \
		'cd linux && git checkout -q -f -B prep master && git clean -qfd &&
		status 0 pvwatch hook install b4 && b4 -n --offline-mode prep -n two-things -f master &&
		git cherry-pick work~1 && b4 -n --offline-mode prep --auto-to-cc &&
		git log --format=%B master.. | grep -q "^Cc:.*xen-devel"'
else
	echo "# there is no b4: its own part is left out"
fi
done_testing
