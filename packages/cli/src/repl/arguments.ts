/** Arguments of the shell's commands. */
import { UsageError } from '../exit-code.ts';

export function switched(word: string | undefined, now: boolean): boolean {
  return word === undefined ? !now : /^(on|true|1)$/i.test(word);
}

export function needed(value: string | undefined, usage: string): string {
  if (value === undefined) throw new UsageError(`usage: ${usage}`);
  return unquoted(value);
}

export function unquoted(text: string): string {
  const quote = text[0];
  return (quote === "'" || quote === '"') && text.endsWith(quote) && text.length > 1
    ? text.slice(1, -1).replaceAll(quote + quote, quote)
    : text;
}
