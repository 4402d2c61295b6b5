/** How a delimited text is written, found from its bytes. */
export { describeDelimiter, describeForm } from './describe.ts';
export { type DetectedForm, detectForm } from './detect.ts';
export { ENCODING_NAMES } from './encoding.ts';
export { isIndexColumn } from './index-column.ts';
