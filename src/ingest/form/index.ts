/** How a delimited text is written, found from its bytes. */
export { type DetectedForm, detectForm } from './detect.ts';
export { wideEncoding } from './encoding.ts';
export { isIndexColumn } from './index-column.ts';
