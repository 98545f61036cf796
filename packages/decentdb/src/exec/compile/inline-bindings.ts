/** The helpers that inline templates of functions may name. */
export const inlineHelpers: Readonly<Record<string, unknown>> = {};
