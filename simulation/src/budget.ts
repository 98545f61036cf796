/**
 * How long a part of a run may take, and the processor time it took.
 */
export class Budget {
  private readonly startedMs: number;
  private readonly endMs: number;
  private readonly cpuStart: NodeJS.CpuUsage;

  constructor(minutes: number) {
    this.startedMs = performance.now();
    this.endMs = this.startedMs + minutes * 60_000;
    this.cpuStart = process.cpuUsage();
  }

  get isSpent(): boolean {
    return performance.now() >= this.endMs;
  }

  /** Seconds of processor time since the start. */
  get cpuSeconds(): number {
    const { user, system } = process.cpuUsage(this.cpuStart);
    return Math.round((user + system) / 100_000) / 10;
  }
}
