/**
 * Completion for bash 3.2 and later: one function, no other package.
 */
import type { CommandOffer, Offer, Offers } from './offers.ts';

/** The script; `eval "$(revops completion bash)"` takes it. */
export function bashCompletion({ options, commands, models }: Offers): string {
  const flags = options.map(({ flag }) => flag).join(' ');
  const all = [{ name: '*', options }, ...commands];
  const valued = all.flatMap(({ name, options: own }) =>
    own.flatMap(({ flag, value }) => (value === null ? [] : [{ place: `${name} ${flag}`, value }])),
  );
  return `# revops completion for bash. In ~/.bashrc: eval "$(revops completion bash)"
_revops_models() {
  printf '%s\\n' ${models.join(' ')}
  local file
  for file in models/*/*.sql models/*/*/*.sql; do
    if [[ -e $file ]]; then file=\${file##*/}; printf '%s\\n' "\${file%.sql}"; fi
  done
}
_revops() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' word i at=0
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$command $word" in
      ${valued.map(({ place }) => pattern(place)).join(' | ')}) ((i++)) ;;
      *' -'*) ;;
      *) if [[ -z $command ]]; then command=$word; else ((at++)); fi ;;
    esac
  done
  case "$command $prev" in
${valued.map(({ place, value }) => `    ${pattern(place)}) ${reply(value)}; return ;;`).join('\n')}
  esac
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} ${flags}' -- "$cur"))
  elif [[ $cur == -* ]]; then
    case $command in
${commands.map((command) => `      ${command.name}) COMPREPLY=($(compgen -W '${[...command.options.map(({ flag }) => flag), flags].join(' ')}' -- "$cur")) ;;`).join('\n')}
    esac
  else
    case "$command $at" in
${commands.flatMap(wordCases).join('\n')}
    esac
  fi
}
complete -F _revops revops
`;
}

// --- internal ---

/** A pattern of `case` for `<command> <flag>`; `*` is any command. */
function pattern(place: string): string {
  return place.startsWith('* ') ? `*'${place.slice(1)}'` : `'${place}'`;
}

function reply(offer: Offer): string {
  switch (offer.kind) {
    case 'choices':
      return `COMPREPLY=($(compgen -W '${offer.choices.join(' ')}' -- "$cur"))`;
    case 'models':
      return 'COMPREPLY=($(compgen -W "$(_revops_models)" -- "$cur"))';
    case 'file':
      return 'COMPREPLY=($(compgen -f -- "$cur"))';
    case 'folder':
      return 'COMPREPLY=($(compgen -d -- "$cur"))';
    default:
      return ':';
  }
}

function wordCases({ name, words }: CommandOffer): string[] {
  return words
    .filter(({ offer }) => offer.kind !== 'nothing')
    .map(({ offer, isRepeated }, at) => `      '${name} '${isRepeated ? '*' : at}) ${reply(offer)} ;;`);
}
