/**
 * How long a part of a run may take, and the processor time it took.
 *
 * I1  Parts that only compute are given processor time: on a machine with other things to do they do the same, later. Parts that wait
 *     for processes, threads or a clock are given real time.
 */
export class Budget {
  private readonly endMs: number;
  private readonly isReal: boolean;
  private readonly cpuStart: NodeJS.CpuUsage;

  constructor(minutes: number, options: { readonly isReal?: boolean } = {}) {
    this.isReal = options.isReal ?? false;
    this.cpuStart = process.cpuUsage();
    this.endMs = (this.isReal ? performance.now() : 0) + minutes * 60_000;
  }

  get isSpent(): boolean {
    return (this.isReal ? performance.now() : this.cpuMs) >= this.endMs;
  }

  /** Seconds of processor time since the start. */
  get cpuSeconds(): number {
    return Math.round(this.cpuMs / 100) / 10;
  }

  private get cpuMs(): number {
    const { user, system } = process.cpuUsage(this.cpuStart);
    return (user + system) / 1000;
  }
}
