/**
 * Completion for bash 3.2 and later: one function, no other package.
 */
import { type CommandOffer, MODEL_NAME, type Offer, type Offers } from './offers.ts';

/** The script; `eval "$(revops completion bash)"` takes it. */
export function bashCompletion({ options, commands, models }: Offers): string {
  const flags = options.map(({ flag }) => flag).join(' ');
  const all = [{ name: '*', options }, ...commands];
  const valued = all.flatMap(({ name, options: own }) =>
    own.flatMap(({ flag, value }) => (value === null ? [] : [{ place: `${name} ${flag}`, value }])),
  );
  return `# revops completion for bash. In ~/.bashrc: eval "$(revops completion bash)"
# Nothing that is offered is expanded again: names of files are anybody's text.
_revops_offer() {
  local word
  for word; do if [[ $word == "$cur"* ]]; then COMPREPLY+=("$word"); fi; done
}
_revops_models() {
  local LC_ALL=C file
  _revops_offer ${models.join(' ')}
  for file in models/*/*.sql models/*/*/*.sql; do
    file=\${file##*/} file=\${file%.sql}
    if [[ $file =~ ${MODEL_NAME.source} ]]; then _revops_offer "$file"; fi
  done
}
_revops_files() {
  local file
  compopt -o filenames 2> /dev/null
  local is_quoted=$?
  while IFS= read -r file; do
    if ((is_quoted != 0)); then printf -v file %q "$file"; fi
    COMPREPLY+=("$file")
  done < <(compgen "$1" -- "$cur")
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
    _revops_offer ${commands.map(({ name }) => name).join(' ')} ${flags}
  elif [[ $cur == -* ]]; then
    case $command in
${commands.map((command) => `      ${command.name}) _revops_offer ${[...command.options.map(({ flag }) => flag), flags].join(' ')} ;;`).join('\n')}
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
      return `_revops_offer ${offer.choices.join(' ')}`;
    case 'models':
      return '_revops_models';
    case 'file':
      return '_revops_files -f';
    case 'folder':
      return '_revops_files -d';
    default:
      return ':';
  }
}

function wordCases({ name, words }: CommandOffer): string[] {
  return words
    .filter(({ offer }) => offer.kind !== 'nothing')
    .map(({ offer, isRepeated }, at) => `      '${name} '${isRepeated ? '*' : at}) ${reply(offer)} ;;`);
}
