/** Range checks for page numbers read from disk: every link is checked before it is followed. */
import { dataCorrupted } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import type { PageFile } from '../pager/page-file.ts';

/** Fails unless `page` is a data page of a state with `pageCount` pages. */
export function checkPageNo(pageFile: PageFile, page: PageNo, pageCount: number): void {
  if (page >= pageFile.firstDataPage && page < pageCount && Number.isInteger(page)) return;
  throw dataCorrupted(`a link leads to page ${page} of ${pageCount}`, pageFile.path, page);
}
