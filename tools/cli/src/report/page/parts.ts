// What a page of another kind looks like the report with.
export { type Html, html } from './html.ts';
export { style } from './style.ts';
