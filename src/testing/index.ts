export { openNodeGpu, swiftShaderFolder } from './gpu.ts';
