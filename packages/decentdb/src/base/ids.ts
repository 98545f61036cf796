/**
 * Branded numbers: page numbers, log sequence numbers, row ids cannot be mixed up.
 *
 * I1  PageNo is an integer in [0, 2^32 - 2]; page 0 is the header, so 0 doubles as "no page" in links.
 * I2  Lsn counts committed transactions: the transaction that publishes n is the n-th ever committed in this file.
 *     Every page a transaction changes carries its Lsn. 0 is "before the first commit".
 */
export type PageNo = number & { readonly __brand: 'PageNo' };
export type Lsn = number & { readonly __brand: 'Lsn' };

/** No page: page 0 is the header and nothing links to it. */
export const NO_PAGE: PageNo = 0 as PageNo;
/** Largest page number a file may reach. */
export const PAGE_NO_MAX: number = 2 ** 32 - 2;

export function pageNo(value: number): PageNo {
  return value as PageNo;
}

export function lsn(value: number): Lsn {
  return value as Lsn;
}
