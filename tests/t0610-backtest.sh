#!/bin/sh
# backtest: recall, rates, rules and misses on an archive with labels.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir pack
cat >pack/a.rules <<'END'
Pack: demo
Version: 3
Notify: nobody@example.org

Rule: fan
F: drivers/fan/
Added: \bspin_up\(
Why: spins.

Rule: small
Points: 1
F: drivers/fan/
Added: \bspin_
Why: half.

Rule: half
Points: 1.5
F: drivers/fan/
Added: \bwait\(
Why: noted.

Rule: silent
F: drivers/pump/
Added: nothing
Why: never.
END
export PVWATCH_RULES="$T/pack"

# mail NAME DATE SUBJECT LINE [HEADER]: a patch that adds LINE
mail()
{
	{
		printf 'From: Fay Fan <fay@example.org>\nDate: %s\n' "$2"
		printf 'Subject: %s\nMessage-ID: <%s@x>\n' "$3" "$1"
		[ $# -lt 5 ] || printf '%s\n' "$5"
		printf '\nText.\n\nSigned-off-by: Fay Fan <fay@example.org>\n---\n'
		printf 'diff --git a/drivers/fan/fan.c b/drivers/fan/fan.c\n'
		printf -- '--- a/drivers/fan/fan.c\n+++ b/drivers/fan/fan.c\n'
		printf '@@ -10,2 +10,3 @@ int fan_start(struct fan *fan)\n'
		printf ' \tint speed;\n \n+\t%s\n' "$4"
	} >"$1.eml"
}

w1='Mon, 2 Mar 2020 10:00:00 +0000' w2='Wed, 11 Mar 2020 10:00:00 +0000'
mail a "$w1" '[PATCH 1/2] fan: one' 'spin_up(fan);' 'References: <cover@x>'
mail b "$w1" '[PATCH 2/2] fan: two' 'spin_up(fan);' 'References: <cover@x>'
mail c "$w1" '[PATCH] fan: <b>wait</b> & see' 'wait(fan);'
mail d "$w2" '[PATCH] fan: nothing of note' 'look(fan);'
mail e "$w2" '[PATCH] fan: three' 'spin_up(fan);'
printf 'From: f@example.org\nDate: %s\nSubject: Re: [PATCH] fan: three\nMessage-ID: <f@x>\nIn-Reply-To: <e@x>\n\nNo.\n' \
	"$w2" >f.eml
make_epoch list/0.git ./?.eml

cat >labels.tsv <<'END'
# msgid	label	whatever
a@x	break	seen
<c@x>	break
c@x	relevant
f@x	relevant	a reply: not judged
gone@x	break
END
printf 'a@x\tx86\nd@x\ngone@x\n' >core.txt

expect "a backtest" \
	'status 0 pvwatch backtest --labels labels.tsv --core core.txt list/0.git &&
	grep -q "^6 mails, 5 judged, 2020-03-02 to 2020-03-11, 2 weeks" out'
expect "recall of each label, of what is in the archive" \
	'grep -q "^break  *3  *2  *1  *1  *0.500" out &&
	grep -q "^relevant  *2  *2  *0  *1  *0.000" out'
expect "what is not in the archive is said" \
	'grep -q "^1 labelled mails are not in the archive" out && grep -q "<gone@x>" out &&
	grep -q "^1 of the core list are not" out'
expect "rates" \
	'grep -q "^of all judged  *3 of 5, 60.00 %" out &&
	grep -q "^of the core list  *1 of 2, 50.00 %" out'
expect "by week, before and after grouping by series" \
	'grep -q "^a week  *1.50 patches, 1.00 series; 2 patches in the busiest week" out'
expect "each rule: fires, alone, labels" \
	'grep -q "^fan  *2.0  *3  *3  *1/1  *- *$" out &&
	grep -q "^small  *1.0  *3  *0  *1/0  *- *$" out &&
	grep -q "^half  *1.5  *1  *0  *1/0  *1/0 *$" out && ! grep -q "^silent" out &&
	grep -q "^1 rules never held" out'
expect "misses, with the score and what is near" \
	'sed -n "/^missed of break/,/^missed of rel/p" out >misses &&
	grep -q "^  2020-03-02   1.5  .*see" misses && grep -q "held: half" misses &&
	! grep -q "<a@x>" misses && sed -n "/^missed of rel/,\$p" out | grep -q "skipped: a reply"'
expect "the threshold counts" \
	'status 0 pvwatch backtest --threshold 1.5 --labels labels.tsv list/0.git &&
	grep -q "^break  *3  *2  *2 " out && ! grep -q "core list" out'
expect "a rule can be left out" \
	'status 0 pvwatch backtest --disable fan --labels labels.tsv list/0.git &&
	grep -q "^break  *3  *2  *0 " out && grep -q "fan: disabled; it would hold" out'
expect "a mail of several sources counts once" \
	'status 0 pvwatch backtest --labels labels.tsv list/0.git a.eml list/0.git &&
	grep -q "^6 mails, 5 judged" out'

expect "as JSON Lines: the labelled mails, then the summary" \
	'status 0 pvwatch backtest --format json --core core.txt --labels labels.tsv list/0.git &&
	[ $(wc -l <out) = 4 ] && tail -n1 out >sum &&
	grep -q "^{\"schema\":1,\"summary\":true,\"mails\":6,\"judged\":5,\"recall\":{\"break\":0.5,\"relevant\":0.0},\"rate\":{\"all\":0.6,\"core\":0.5},\"weekly\":1.0,\"rules\":\[" sum'
expect "keys of a labelled mail and of a rule" \
	'grep -q "^{\"schema\":1,\"msgid\":\"c@x\",\"labels\":\[\"break\",\"relevant\"\],.*\"decision\":\"noted\".*\"score\":1.5,\"found\":false,\"rules\":\[\"half\"\]" out &&
	grep -qF "{\"pack\":\"demo\",\"rule\":\"fan\",\"points\":2,\"fires\":3,\"alone\":3,\"labels\":{\"break\":1,\"relevant\":0},\"labels_alone\":{\"break\":1,\"relevant\":0}}" sum &&
	grep -qF "\"missing\":[\"gone@x\"]" sum && grep -qF "\"weekly_patches\":1.5" sum'
expect "nothing known is null, not 0" \
	'printf "gone@x\tlost\n" >lost.tsv &&
	status 0 pvwatch backtest --format json --labels lost.tsv list/0.git &&
	grep -qF "\"recall\":{\"lost\":null},\"rate\":{\"all\":0.6,\"core\":null}" out'

expect "as a page, nothing of a stranger in it as markup" \
	'status 0 pvwatch backtest --format html --core core.txt --labels labels.tsv list/0.git &&
	head -n1 out | grep -q "<!DOCTYPE html>" && grep -q "<td>50.0 %" out &&
	grep -qF "fan: &lt;b&gt;wait&lt;/b&gt; &amp; see" out && ! grep -q "<b>" out &&
	! grep -q "src=\|href=\|http:\|https:" out && cp out page.html'
expect "or into a file beside the text" \
	'status 0 pvwatch backtest --html other.html --core core.txt --labels labels.tsv list/0.git &&
	grep -q "^break " out && cmp page.html other.html &&
	status 66 pvwatch backtest --html no/such/dir.html --labels labels.tsv list/0.git'

expect "goals that are met" \
	'status 0 pvwatch backtest --core core.txt --labels labels.tsv \
	--at-least recall.break=0.5,rate.all=0.6,rate.core=0.5 list/0.git'
expect "each that is not is named, and the exit status says so" \
	'status 1 pvwatch backtest --core core.txt --labels labels.tsv \
	--at-least recall.break=0.6,rate.core=0.4,rate.all=0.7 list/0.git &&
	grep -q "recall.break is 0.5000 (1 of 2), want at least 0.6" err &&
	grep -q "rate.core is 0.5000 (1 of 2), want at most 0.4" err &&
	[ $(wc -l <err) = 2 ] && grep -q "^break" out'
expect "goals that are none" \
	'status 64 pvwatch backtest --labels labels.tsv --at-least recall.brake=1 list/0.git &&
	grep -q "brake" err &&
	status 64 pvwatch backtest --labels labels.tsv --at-least rate.core=1 list/0.git &&
	status 64 pvwatch backtest --labels labels.tsv --at-least recall.break=90 list/0.git'

expect "what is wrong is said with file and line" \
	'printf "a@x\tbreak\nno label here\n" >bad.tsv &&
	status 65 pvwatch backtest --labels bad.tsv list/0.git && grep -q "bad.tsv:2: " err &&
	status 66 pvwatch backtest --labels none.tsv list/0.git &&
	status 65 pvwatch backtest --labels labels.tsv --core /dev/null list/0.git &&
	status 64 pvwatch backtest --labels labels.tsv && status 64 pvwatch backtest list/0.git &&
	status 64 pvwatch backtest --format mbox --labels labels.tsv list/0.git'
expect "a source that is not there does not hide the others" \
	'status 66 pvwatch backtest --labels labels.tsv no/such list/0.git &&
	grep -q "^6 mails, 5 judged" out'

# Several batches of several sources: the same whatever the threads are.
make_tree linux
i=0
while [ $i -lt 600 ]; do
	i=$((i + 1))
	printf 'From z Thu Jan  1 00:00:00 1970\n'
	sed "s/^Message-ID: .*/Message-ID: <many$i@x>/" a.eml
	printf '\n'
	echo "many$i@x	many" >>many.tsv
done >many.mbox
echo "$(git -C linux rev-parse HEAD)	commit" >>many.tsv
for jobs in 1 2 5; do
	pvwatch backtest --format json --jobs $jobs --tree linux --labels many.tsv \
		list/0.git many.mbox git:linux:HEAD mails.none >jobs.$jobs 2>err.$jobs
	echo $? >>statuses
done
expect "threads do not change the result" \
	'cmp jobs.1 jobs.2 && cmp jobs.1 jobs.5 && cmp err.1 err.5 &&
	[ "$(tr "\n" " " <statuses)" = "66 66 66 " ]'
expect "everything was judged, commits too" \
	'tail -n1 jobs.5 | grep -q "\"recall\":{\"many\":1.0,\"commit\":0.0}" &&
	tail -n1 jobs.5 | grep -q "\"mails\":607,\"judged\":606"'
expect "no database was made" '[ -z "$(ls -A "$T/state")" ]'
done_testing
