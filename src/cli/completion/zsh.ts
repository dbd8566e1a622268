/**
 * Completion for zsh, in the terms of its `_arguments`.
 */
import { type CommandOffer, MODEL_NAME, type Offer, type Offers, type OptionOffer } from './offers.ts';

/** The script: a file `_revops` in a folder of `$fpath`, or taken by `eval` after `compinit`. */
export function zshCompletion({ options, commands, models }: Offers): string {
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`);
  return `#compdef revops
# revops completion for zsh. In ~/.zshrc, after compinit: eval "$(revops completion zsh)"
_revops_models() {
  local -a names
  local name
  names=(${models.join(' ')})
  for name in models/*/*.sql(N:t:r) models/*/*/*.sql(N:t:r); do
    if [[ $name =~ '${MODEL_NAME.source}' ]]; then names+=("$name"); fi
  done
  _describe 'model' names
}
_revops() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands shared
  commands=(
${described.join('\n')}
  )
  shared=(
${options.map((option) => `    ${optionSpec(option)}`).join('\n')}
  )
  _arguments -C $shared '1:command:->command' '*::word:->words'
  case $state in
    command) _describe 'command' commands ;;
    words)
      case $words[1] in
${commands.map((command) => `        ${command.name}) _arguments $shared ${specs(command)} ;;`).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _revops ]]; then _revops "$@"; else compdef _revops revops; fi
`;
}

// --- internal ---

function specs({ options, words }: CommandOffer): string {
  const places = words.map(({ name, offer, isRepeated }, at) =>
    quoted(`${isRepeated ? '*' : at + 1}:${name}:${action(offer)}`),
  );
  return [...options.map(optionSpec), ...places].join(' ');
}

function optionSpec({ flag, description, value }: OptionOffer): string {
  const told = description.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
  return quoted(`${flag}[${told}]${value === null ? '' : `:value:${action(value)}`}`);
}

function action(offer: Offer): string {
  switch (offer.kind) {
    case 'choices':
      return `(${offer.choices.join(' ')})`;
    case 'models':
      return '_revops_models';
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    default:
      return ' ';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
