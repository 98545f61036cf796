/** `decentdb completion`: a completion script for bash, zsh or fish, made from the commands themselves. */
import type { Command, Option } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { UsageError } from '../exit-code.ts';

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly choices: string[];
  }[];
}

function entriesOf(program: Command): Entry[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map((option: Option) => ({
      flag: option.long ?? option.short ?? '',
      description: option.description,
      choices: option.argChoices ?? [],
    })),
  }));
}

function bashScript(entries: readonly Entry[]): string {
  const cases = entries
    .map((entry) => `    ${entry.name}) words="${entry.options.map((option) => option.flag).join(' ')}" ;;`)
    .join('\n');
  return `# decentdb completion for bash: eval "$(decentdb completion bash)"
_decentdb() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${entries.map((entry) => entry.name).join(' ')} help"
  elif [[ "$word" == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${cases}
    esac
  fi
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _decentdb decentdb
`;
}

const zshText = (text: string): string => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');

function zshScript(entries: readonly Entry[]): string {
  const names = entries.map((entry) => `    '${entry.name}:${zshText(entry.description)}'`).join('\n');
  const cases = entries
    .map((entry) => {
      const options = entry.options.map((option) => `'${option.flag}[${zshText(option.description)}]'`);
      return `    ${entry.name}) _arguments ${[...options, "'*:file:_files'"].join(' ')} ;;`;
    })
    .join('\n');
  return `#compdef decentdb
# decentdb completion for zsh: eval "$(decentdb completion zsh)"
_decentdb() {
  local -a commands
  commands=(
${names}
  )
  if (( CURRENT == 2 )); then _describe 'command' commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${cases}
  esac
}
compdef _decentdb decentdb
`;
}

const fishText = (text: string): string => text.replaceAll("'", "\\'");

function fishScript(entries: readonly Entry[]): string {
  const lines = ['# decentdb completion for fish: decentdb completion fish | source'];
  for (const entry of entries) {
    lines.push(
      `complete -c decentdb -n __fish_use_subcommand -f -a ${entry.name} -d '${fishText(entry.description)}'`,
    );
    for (const { flag, description, choices } of entry.options) {
      const values = choices.length === 0 ? '' : ` -x -a '${choices.join(' ')}'`;
      lines.push(
        `complete -c decentdb -n '__fish_seen_subcommand_from ${entry.name}' -l ${flag.replace(/^-+/, '')} -d '${fishText(description)}'${values}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const SCRIPTS: Readonly<Record<string, (entries: readonly Entry[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export const completionCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('completion')
      .description('print a completion script for your shell')
      .argument('<shell>', 'bash, zsh or fish')
      .addHelpText('after', '\nExample:\n  eval "$(decentdb completion bash)"\n')
      .action((shell: string) => {
        const script = SCRIPTS[shell];
        if (script === undefined) throw new UsageError(`"${shell}" is not bash, zsh or fish`);
        context.terminal.out(script(entriesOf(program)));
      });
  },
};
