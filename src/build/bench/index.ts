export { findChromium, vulkanEnvironment } from '../browser.ts';
export { buildPage, type PageServer, servePage } from './page.ts';
