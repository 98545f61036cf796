/**
 * What a run prints: one line of counts for each part, and every failure with the command that replays it.
 */
export interface PartReport {
  readonly part: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: readonly PartFailure[];
}

export interface PartFailure {
  readonly message: string;
  /** Arguments of the command that shows it again. */
  readonly replay: string;
}

export function printReport({ part, counts, failures }: PartReport): void {
  const numbers = Object.entries(counts).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  process.stdout.write(
    `${part}: ${numbers.join(', ')}${failures.length === 0 ? '' : `, ${failures.length} FAILED`}\n`,
  );
  for (const { message, replay } of failures) {
    process.stdout.write(
      `  ${message.split('\n').join('\n  ')}\n  replay: node simulation/dist/main.js ${replay}\n`,
    );
  }
}
