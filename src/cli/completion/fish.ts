/**
 * Completion for fish: one line per thing that can be offered.
 */
import { MODEL_NAME, type Offer, type Offers, type OptionOffer } from './offers.ts';

/** The script; `revops completion fish | source` takes it. */
export function fishCompletion({ options, commands, models }: Offers): string {
  const lines = commands.flatMap(({ name, summary, options: own, words }) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c revops -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...own.map((option) => optionLine(within, option)),
      ...words.flatMap(({ offer }) =>
        offer.kind === 'nothing' ? [] : [`complete -c revops ${within} ${offered(offer)}`],
      ),
    ];
  });
  return `# revops completion for fish. In ~/.config/fish/config.fish: revops completion fish | source
function __revops_models
    printf '%s\\n' ${models.join(' ')}
    for file in models/*/*.sql models/*/*/*.sql
        string replace -r '\\.sql$' '' (path basename -- $file) | string match -r -- '${MODEL_NAME.source}'
    end
end
complete -c revops -f
${options.map((option) => optionLine('', option)).join('\n')}
${lines.join('\n')}
`;
}

// --- internal ---

function optionLine(within: string, { flag, description, value }: OptionOffer): string {
  const parts = ['complete -c revops', within, `-l ${flag.slice(2)}`, value === null ? '' : `-r ${offered(value)}`];
  return `${parts
    .filter((part) => part !== '')
    .join(' ')
    .trimEnd()} -d ${quoted(description)}`;
}

function offered(offer: Offer): string {
  switch (offer.kind) {
    case 'choices':
      return `-a ${quoted(offer.choices.join(' '))}`;
    case 'models':
      return `-a '(__revops_models)'`;
    case 'file':
      return '-F';
    case 'folder':
      return `-a '(__fish_complete_directories)'`;
    default:
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}
