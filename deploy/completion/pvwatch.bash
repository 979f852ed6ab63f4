# Completion of pvwatch for bash: commands, options and verbs as "pvwatch help"
# tells them, so that nothing is to be kept equal here.

_pvwatch()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} help words

	COMPREPLY=()
	if ((COMP_CWORD == 1)) || [[ $command == help ]]; then
		words=$(pvwatch help 2>/dev/null |
			sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')
	elif [[ $prev == --format ]]; then
		words="text json msgid mbox line html dot"
	elif [[ $prev == --kind ]]; then
		words="entry skipped replaced member hook callee macro yield
			guest-state native-state privileged"
	elif [[ $prev == --color ]]; then
		words="auto always never"
	elif [[ $prev == get && $command == config ]]; then
		words=$(pvwatch config keys 2>/dev/null)
	elif [[ $cur == -* ]]; then
		help=$(pvwatch help "$command" 2>/dev/null)
		words=$(grep -oE -- '--[a-z][a-z-]+' <<<"$help")
	elif [[ $prev == install || $prev == remove ]]; then
		words="sendemail-validate cc-cmd b4"
	elif ((COMP_CWORD == 2)); then
		# The lower-case words of the synopsis are its verbs.
		help=$(pvwatch help "$command" 2>/dev/null | head -n 1)
		help=${help#*" $command "}
		words=$(grep -oE '[[| ][a-z]+' <<<"$help" | tr -d '[| ')
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -o default -F _pvwatch pvwatch
