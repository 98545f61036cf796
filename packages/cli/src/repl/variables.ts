/**
 * Variables of the shell (\set, \gset) and where they stand in statements: :name, :'name' as a literal, :"name" as a name.
 *
 * I1  Nothing is put in inside quotes and comments, nor for a name that is not set; `::` is a cast.
 */
export class Variables {
  readonly values: Map<string, string> = new Map();

  set(name: string, value: string): void {
    this.values.set(name, value);
  }

  unset(name: string): void {
    this.values.delete(name);
  }

  /** The text with its variables put in. */
  expand(text: string): string {
    if (this.values.size === 0 || !text.includes(':')) return text;
    return text.replace(
      /'(?:[^']|'')*'|(?<!:)"(?:[^"]|"")*"|--[^\n]*|::|:'(\w+)'|:"(\w+)"|:\{\?(\w+)\}|:(\w+)/g,
      (whole, literal?: string, name?: string, asked?: string, plain?: string) => {
        if (asked !== undefined) return this.values.has(asked) ? 'TRUE' : 'FALSE';
        const key = literal ?? name ?? plain;
        const value = key === undefined ? undefined : this.values.get(key);
        if (value === undefined) return whole;
        if (literal !== undefined) return `'${value.replaceAll("'", "''")}'`;
        return name === undefined ? value : `"${value.replaceAll('"', '""')}"`;
      },
    );
  }
}
